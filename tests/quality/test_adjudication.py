"""One answer a sentence: what more than half of those who answered say."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from annotate.annotation import Annotation, Answer, LabelledSpan, Origin
from annotate.corpus.store import read_records, write_records
from annotate.quality.adjudication import adjudicated as adjudicate_all
from annotate.quality.adjudication import gold, origin_of
from annotate.quality.estimation import Method, adjudicate
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema

TEXT = "The brutal regime fell."
Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]


def term(part: str) -> LabelledSpan:
    return LabelledSpan(start=TEXT.index(part), end=TEXT.index(part) + len(part), label="Loaded term")


def voted(make: Make, schema: LabelSchema, *answers: Mapping[str, Answer]) -> Annotation:
    (found,) = gold([make(TEXT, given, annotator=f"user:{i}") for i, given in enumerate(answers)], schema)
    return found


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([("Prediction",), ("Prediction",), ()], ("Prediction",)),
        ([("Prediction",), (), ()], ()),
        ([("Prediction",), ("Unsourced claim",), ("Prediction", "Unsourced claim")], ("Unsourced claim", "Prediction")),
        ([("Prediction",)], ("Prediction",)),
    ],
)
def test_a_label_is_carried_by_more_than_half(
    annotation: Make, schema: LabelSchema, votes: list[tuple[str, ...]], expected: tuple[str, ...]
) -> None:
    found = voted(annotation, schema, *({"claims": vote} for vote in votes))
    assert found.answers == {"claims": expected}
    assert (found.annotator, found.origin) == ("gold", "manual")


def test_a_choice_on_which_the_votes_are_split_is_left_unanswered(annotation: Make, schema: LabelSchema) -> None:
    assert voted(annotation, schema, {"claims": ("Prediction",)}, {"claims": ()}).answers == {}


THREE = LabelSchema.parse(
    '<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t" choice="multiple">'
    + "".join(f'<Choice value="{name}"/>' for name in ("Angry", "Amused", "Afraid", "None"))
    + "</Choices></View>"
)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([("Angry",), ("Amused",), ("Afraid",)], None),
        ([("Angry",), ("Amused",), ()], None),
        ([("Angry",), (), ()], ()),
        ([("Angry", "Amused"), ("Angry", "Afraid"), ("Angry",)], ("Angry",)),
    ],
)
def test_none_of_several_labels_must_be_said_by_more_than_half(
    annotation: Make, votes: list[tuple[str, ...]], expected: tuple[str, ...] | None
) -> None:
    found = voted(annotation, THREE, *({"tone": vote} for vote in votes))
    assert found.answers.get("tone") == expected


def test_a_single_choice_goes_to_none_only_by_majority(annotation: Make) -> None:
    choices = "".join(f'<Choice value="{name}"/>' for name in ("Angry", "Amused", "None"))
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">{choices}</Choices></View>'
    schema = LabelSchema.parse(xml)
    assert voted(annotation, schema, {"tone": ("Angry",)}, {"tone": ("Amused",)}).answers == {}
    assert voted(annotation, schema, {"tone": ("Angry",)}, {"tone": ()}, {"tone": ()}).answers == {"tone": ()}


def test_each_word_of_a_span_is_voted_on(annotation: Make, schema: LabelSchema) -> None:
    votes = [(term("brutal"),), (term("The brutal"),), (term("regi"), term("fell"))]
    found = voted(annotation, schema, *({"terms": vote} for vote in votes))
    assert found.answers == {"terms": (term("brutal"),)}


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([("brutal regime",), ("brutal regime",), ("brutal", "regime")], ("brutal regime",)),
        ([("brutal regime",), ("brutal", "regime"), ("brutal", "regime")], ("brutal", "regime")),
        ([("brutal regime",), ("brutal",), ("regime",)], ("brutal regime",)),
        ([("brutal",), ("brutal",), ("regime",), ("regime",), ("brutal", "regime")], ("brutal", "regime")),
    ],
)
def test_neighbours_are_one_span_for_more_than_half_of_those_who_marked_both(
    annotation: Make, schema: LabelSchema, votes: list[tuple[str, ...]], expected: tuple[str, ...]
) -> None:
    found = voted(annotation, schema, *({"terms": tuple(map(term, vote))} for vote in votes))
    assert found.answers == {"terms": tuple(map(term, expected))}


def test_a_span_of_what_is_no_word_is_not_lost(annotation: Make, schema: LabelSchema, span: Marks) -> None:
    text = "They lost 😡 again."
    given = [annotation(text, {"terms": (span(text, "😡"),)}, f"user:{n}") for n in range(2)]
    assert gold(given, schema)[0].answers == {"terms": (span(text, "😡"),)}


def test_two_spans_of_one_annotator_over_one_place_are_one_vote(annotation: Make, schema: LabelSchema) -> None:
    found = voted(annotation, schema, {"terms": (term("regime"), term("brutal regime"))}, {"terms": ()})
    assert found.answers == {"terms": ()}


def test_whoever_did_not_answer_a_question_has_no_vote_on_it(annotation: Make, schema: LabelSchema) -> None:
    found = voted(annotation, schema, {"claims": ("Prediction",)}, {"terms": ()}, {"terms": ()})
    assert found.answers == {"terms": (), "claims": ("Prediction",)}


def test_a_question_that_nobody_answered_stays_unanswered(annotation: Make, schema: LabelSchema) -> None:
    assert voted(annotation, schema, {"claims": ()}, {}).answers == {"claims": ()}


def test_a_person_outvotes_all_drafts(annotation: Make, schema: LabelSchema) -> None:
    drafts = [annotation(TEXT, {"claims": ("Prediction",)}, f"model:{i}", "draft") for i in range(3)]
    (found,) = gold([*drafts, annotation(TEXT, {"claims": ()})], schema)
    assert (found.answers, found.origin) == ({"claims": ()}, "manual")
    (found,) = gold(drafts, schema)
    assert (found.answers, found.origin) == ({"claims": ("Prediction",)}, "draft")


def test_the_later_answer_of_one_annotator_counts(annotation: Make, schema: LabelSchema) -> None:
    earlier, later = annotation(TEXT, {"claims": ("Prediction",)}), annotation(TEXT, {"claims": ()})
    assert gold([earlier, later], schema)[0].answers == {"claims": ()}
    assert gold([later, earlier], schema)[0].answers == {"claims": ("Prediction",)}


def test_each_sentence_has_one_answer_in_the_order_of_first_sight(annotation: Make, schema: LabelSchema) -> None:
    texts = ["Two.", "One.", "Two."]
    found = gold([annotation(text, {}, f"user:{i}") for i, text in enumerate(texts)], schema)
    assert [each.text for each in found] == ["Two.", "One."]


def adjudicated(make: Make, schema: LabelSchema, *answers: Mapping[str, Answer], origin: Origin = "manual") -> Gold:
    given = [make(TEXT, answer, f"user:{n}", origin) for n, answer in enumerate(answers)]
    (found,) = adjudicate(given, schema)
    return found


def test_shares_votes_and_what_decided_are_kept(annotation: Make, schema: LabelSchema) -> None:
    answers: list[dict[str, Answer]] = [
        {"terms": (term("brutal regime"),), "claims": ("Prediction",)},
        {"terms": (term("regime"),), "claims": ("Prediction",)},
        {"terms": ()},
    ]
    found = adjudicated(annotation, schema, *answers)
    assert found.n_votes == {"terms": 3, "claims": 2}
    assert found.shares == {"Loaded term": 0.666667, "Unsourced claim": 0.0, "Prediction": 1.0}
    words = {TEXT[share.start : share.end]: share.score for share in found.word_shares}
    assert words == {"brutal": 0.333333, "regime": 0.666667}
    assert (found.decided_by, found.disputed) == ({"terms": "majority", "claims": "majority"}, ())


def test_ties_are_disputed(annotation: Make, schema: LabelSchema) -> None:
    answers: list[dict[str, Answer]] = [
        {"terms": (term("brutal"),), "claims": ("Prediction",)},
        {"terms": (), "claims": ()},
    ]
    found = adjudicated(annotation, schema, *answers)
    assert (found.answers, found.disputed) == ({"terms": ()}, ("terms", "claims"))
    assert found.decided_by == {"terms": "majority"}


def test_a_gold_record_is_read_as_it_was_written(annotation: Make, schema: LabelSchema, tmp_path: Path) -> None:
    found = adjudicated(annotation, schema, {"terms": (term("brutal"),), "claims": ()}, {"terms": ()})
    write_records(tmp_path / "gold.jsonl", [found])
    assert list(read_records(tmp_path / "gold.jsonl", Gold)) == [found]


def test_what_was_adjudicated_stands_against_votes(annotation: Make, schema: LabelSchema) -> None:
    decided = adjudicated(annotation, schema, {"claims": ("Prediction",)})
    votes = [annotation(TEXT, {"claims": ()}, f"user:{n}") for n in range(3)]
    for given in ([decided, *votes], [*votes, decided]):
        (found,) = gold(given, schema)
        assert (type(found), found.answers) == (Annotation, {"claims": ("Prediction",)})


def test_what_was_adjudicated_from_drafts_gives_way_to_a_person(annotation: Make, schema: LabelSchema) -> None:
    decided = adjudicated(annotation, schema, {"claims": ("Prediction",)}, origin="draft")
    draft, person = annotation(TEXT, {"claims": ()}, "model:a", "draft"), annotation(TEXT, {"claims": ()})
    assert gold([decided, draft], schema)[0].answers == {"claims": ("Prediction",)}
    assert gold([decided, draft, person], schema)[0].answers == {"claims": ()}


def test_what_was_adjudicated_from_two_files_stands_question_by_question(annotation: Make, schema: LabelSchema) -> None:
    terms = adjudicated(annotation, schema, {"terms": (term("brutal"),)}, {"terms": (term("brutal"),)})
    claims = adjudicated(annotation, schema, {"claims": ("Prediction",)}, {"claims": ()}, {"claims": ()})
    (found,) = adjudicate_all([terms, claims], schema)
    assert found.answers == {"terms": (term("brutal"),), "claims": ()}
    assert found.n_votes == {"terms": 2, "claims": 3}
    assert found.decided_by == dict.fromkeys(("terms", "claims"), "majority")
    assert found.shares == {**terms.shares, **claims.shares}
    assert found.word_shares == terms.word_shares


def test_of_two_adjudications_of_a_question_the_later_counts_with_its_votes(
    annotation: Make, schema: LabelSchema
) -> None:
    marked = adjudicated(annotation, schema, {"terms": (term("brutal"),)}, {"terms": (term("brutal"),)})
    disputed = adjudicated(annotation, schema, {"terms": (), "claims": ()}, {"terms": (), "claims": ("Prediction",)})
    assert adjudicate_all([marked, disputed], schema) == [disputed]
    (found,) = adjudicate_all([disputed, marked], schema)
    assert (found.answers, found.disputed) == ({"terms": (term("brutal"),)}, ("claims",))


def test_votes_on_other_questions_count_beside_what_was_adjudicated(annotation: Make, schema: LabelSchema) -> None:
    decided = adjudicated(annotation, schema, {"claims": ("Prediction",)})
    given = [annotation(TEXT, {"claims": (), "terms": (term("brutal"),)}, f"user:{n}") for n in range(2)]
    (found,) = adjudicate_all([decided, *given], schema)
    assert found.answers == {"terms": (term("brutal"),), "claims": ("Prediction",)}
    assert found.n_votes == {"terms": 2, "claims": 1}


def crowd(make: Make, skills: list[float], n_sentences: int = 400) -> tuple[list[bool], list[Annotation]]:
    """Return which sentences carry a label and a marked word, and what people say who are right as often as that."""
    random = np.random.default_rng(0)
    truth = (random.random(n_sentences) < 0.4).tolist()
    given = []
    for number, true in enumerate(truth):
        text = f"{number}: {TEXT}"
        start = text.index("brutal")
        mark = (LabelledSpan(start=start, end=start + len("brutal"), label="Loaded term"),)
        for person, skill in enumerate(skills):
            says = true == (random.random() < skill)
            answers = {"claims": ("Prediction",) * says, "terms": mark * says}
            given.append(make(text, answers, f"user:{person}", article=f"a{number % 20}"))
    return truth, given


@pytest.mark.parametrize("method", ["dawid-skene", "mace"])
def test_weighing_annotators_by_their_skill_beats_the_majority(
    annotation: Make, schema: LabelSchema, method: Method
) -> None:
    truth, given = crowd(annotation, [0.95, 0.92, 0.55, 0.55, 0.5])

    majority, weighed = adjudicate(given, schema), adjudicate(given, schema, method)

    def right(found: list[Gold], question: str) -> float:
        """Return how often they are right about the sentences that the annotators' skills decide."""
        decided = [
            (each.answers[question], true)
            for each, other, true in zip(found, weighed, truth, strict=True)
            if question in other.answers
        ]
        return float(np.mean([bool(answer) == true for answer, true in decided]))

    assert right(weighed, "claims") > right(majority, "claims") + 0.02
    assert right(weighed, "terms") > right(majority, "terms") + 0.04


@pytest.mark.parametrize("method", ["dawid-skene", "mace"])
def test_two_annotators_are_adjudicated_by_majority_whatever_the_method(
    annotation: Make, schema: LabelSchema, method: Method
) -> None:
    _, given = crowd(annotation, [0.9, 0.9])
    assert adjudicate(given, schema, method) == adjudicate(given, schema)


def test_what_an_estimate_is_not_sure_of_is_disputed(annotation: Make, schema: LabelSchema) -> None:
    _, given = crowd(annotation, [0.8, 0.8, 0.6, 0.6])
    found = adjudicate(given, schema, "dawid-skene")
    unsure = [each for each in found if "claims" in each.disputed]
    assert unsure
    assert all("claims" not in each.answers for each in unsure)
    assert {who for each in found for who in each.decided_by.values()} == {"dawid-skene"}


def test_who_knows_no_place_can_outvote_an_estimate(annotation: Make, schema: LabelSchema) -> None:
    truth, given = crowd(annotation, [0.95, 0.92, 0.9, 0.9])
    outvoted = given[4 * truth.index(False)]
    changes = {"answers": {}, "carries": {"Loaded term": True}}
    sure = [outvoted.model_copy(update={"annotator": f"user:{n}", **changes}) for n in range(4, 10)]
    found = {each.uid: each for each in adjudicate([*given, *sure], schema, "dawid-skene")}
    assert "terms" not in found[outvoted.uid].answers
    assert found[outvoted.uid].carries == {"Loaded term": True}
    assert all(each.decided_by["terms"] == "dawid-skene" for uid, each in found.items() if uid != outvoted.uid)


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        (["prediction"], "prediction"),
        (["prediction", "prediction-changed"], "prediction-changed"),
        (["prediction", "manual"], "manual"),
        (["draft", "prediction"], "prediction"),
        (["draft", "draft"], "draft"),
    ],
)
def test_what_stands_came_about_as_its_people_came_to_it(
    annotation: Make, schema: LabelSchema, origins: list[Origin], expected: Origin
) -> None:
    given = [annotation(TEXT, {"claims": ()}, f"user:{n}", origin) for n, origin in enumerate(origins)]
    assert origin_of(given) == expected
    (voted_on,) = adjudicate_all(given, schema)
    assert origin_of([*given, voted_on]) == expected
    decided = voted_on.model_copy(update={"decided_by": {"claims": "user:9"}, "origin": "manual"})
    assert origin_of([*given, decided]) == "manual"
