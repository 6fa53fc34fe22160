"""Which sentences go into the ledger, and which are the same."""

from collections.abc import Callable
from datetime import date

import pytest
from entries import TODAY, make_article, make_entry, make_sentence

from annotate.annotation import Annotation, Scores
from annotate.article import Article, Sentence
from annotate.errors import ConfigError
from annotate.ledger.entry import Entry, in_order
from annotate.ledger.making import Told, make_entries, told_by_label, told_by_model
from annotate.schema import LabelSchema

LONG = "The Syrian army and its allies will reach the border in the coming weeks, as everybody in Damascus says."
PERSON = Told(predicts=True, by="person", annotator="user:1")

Make = Callable[..., Annotation]


def entries_of(*pairs: tuple[Article, str], today: date = TODAY, language: str = "en") -> list[Entry]:
    articles = [(article, [make_sentence(text, article.id)]) for article, text in pairs]
    told: dict[str, Told] = {s.uid: PERSON for _, sentences in articles for s in sentences}
    return make_entries(articles, told, today, language)


def test_only_what_somebody_says_predicts_is_an_entry(schema: LabelSchema, annotation: Make) -> None:
    yes, no = annotation("It will fall.", {"claims": ("Prediction",)}), annotation("It fell.", {"claims": ()})
    told = told_by_label([yes, no], schema)
    articles = [(None, [yes.sentence, no.sentence, make_sentence("It has fallen.", start=50)])]
    (entry,) = make_entries(articles, told, TODAY)
    assert (entry.uid, entry.found_by, entry.annotator) == (yes.uid, "person", "user:1")


def test_a_draft_is_told_from_a_persons_label(schema: LabelSchema, annotation: Make) -> None:
    draft = annotation("It will fall.", {"claims": ("Prediction",)}, origin="draft")
    assert told_by_label([draft], schema)[draft.uid] == Told(predicts=True, by="draft", annotator="user:1")


def test_a_model_says_how_probable_it_is(schema: LabelSchema) -> None:
    sentences = [make_sentence("It will fall."), make_sentence("It fell.")]
    scores = [
        Scores(**dict(sentence), model="m", labels={"Prediction": p}, decided=("Prediction",) if p > 0.5 else ())
        for sentence, p in zip(sentences, (0.9, 0.1), strict=True)
    ]
    told = {score.uid: told_by_model(score, schema) for score in scores}
    assert [told[sentence.uid] for sentence in sentences] == [
        Told(predicts=True, by="model", annotator="m", probability=0.9),
        Told(predicts=False, by="model", annotator="m", probability=0.1),
    ]


def test_the_label_of_the_ledger_is_the_one_marked_in_the_configuration(schema: LabelSchema) -> None:
    assert schema.ledger_label == "Prediction"
    other = schema.xml.replace(' ledger="true"', "").replace('value="Loaded term"', 'value="Loaded term" ledger="true"')
    assert LabelSchema.parse(other).ledger_label == "Loaded term"
    with pytest.raises(ConfigError, match="no label is marked"):
        _ = LabelSchema.parse(schema.xml.replace(' ledger="true"', "")).ledger_label
    with pytest.raises(ConfigError, match="both marked"):
        LabelSchema.parse(schema.xml.replace('value="Loaded term"', 'value="Loaded term" ledger="true"'))


def test_the_same_words_elsewhere_are_joined_under_the_first(schema: LabelSchema) -> None:
    first, second = make_article("a", "2017-06-20"), make_article("b", "2017-06-11", outlet="Wire")
    (entry,) = entries_of((first, LONG), (second, f"“{LONG}”"))
    assert entry.outlet == "Wire"
    assert [repeat.outlet for repeat in entry.repeats] == ["Harbour Times"]
    assert entry.due == date(2017, 7, 11)


def test_short_sentences_are_joined_where_they_are_the_same() -> None:
    a, b = make_article("a"), make_article("b")
    assert len(entries_of((a, "It will fall."), (b, "It  will FALL."))) == 1
    assert len(entries_of((a, "It will fall."), (b, "It will rise."))) == 2


@pytest.mark.parametrize("other", [LONG.replace("will", "will not"), LONG.replace("the coming weeks", "20 weeks")])
def test_a_denial_or_another_number_is_another_prediction(other: str) -> None:
    assert len(entries_of((make_article("a"), LONG), (make_article("b"), other))) == 2


def test_what_is_said_again_much_later_is_said_anew() -> None:
    later = make_article("b", "2018-06-11")
    assert len(entries_of((make_article("a"), LONG), (later, LONG))) == 2


def test_a_publication_that_is_still_to_come_counts_as_unknown() -> None:
    (entry,) = entries_of((make_article(published="2031-01-01"), LONG))
    assert entry.horizon is not None
    assert entry.due is None


def test_in_an_unknown_language_nothing_is_read() -> None:
    (entry,) = entries_of((make_article(), LONG), language="de")
    assert (entry.horizon, entry.strength, entry.overdue) == (None, None, False)


def test_overdue_is_what_is_past_its_last_day_and_not_judged() -> None:
    text = "It will fall by 2017."
    assert make_entry(text).at(date(2018, 1, 1)).overdue
    assert not make_entry(text).at(date(2017, 12, 31)).overdue
    assert not make_entry(text, outcome="did not").at(TODAY).overdue
    assert make_entry(text, outcome="too early").at(TODAY).overdue


def test_the_longest_overdue_come_first_and_those_without_a_day_last() -> None:
    texts = ["It will fall.", "It will fall by 2030.", "It will fall by 2020.", "It will fall by 2018."]
    found = sorted(map(make_entry, texts), key=in_order)
    assert [entry.text for entry in found] == [texts[3], texts[2], texts[1], texts[0]]


def test_a_record_is_read_back_as_it_was_written() -> None:
    entry = make_entry("It will fall by 2017.", outcome="partly")
    assert Entry.model_validate_json(entry.model_dump_json(), strict=True) == entry
    assert isinstance(entry, Sentence)
