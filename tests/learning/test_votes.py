"""Annotators who disagree teach their shares; what a person decided is taken as it is."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.learning.base import Base, load_base
from annotate.learning.encoding import to_examples, usual_of
from annotate.quality.adjudication import adjudicated
from annotate.quality.gold import Decision
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
TEXT = "The regime will fall."
TERM = LabelledSpan(start=4, end=10, label="Loaded term")


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


@pytest.fixture
def votes(annotation: Make) -> list[Annotation]:
    """Give four annotators: two mark the term, one says it is a prediction."""
    said = [((TERM,), ("Prediction",)), ((TERM,), ()), ((), ()), ((), ())]
    return [annotation(TEXT, {"terms": terms, "claims": claims}, f"user:{n}") for n, (terms, claims) in enumerate(said)]


def test_shares_are_the_targets_of_sentences_and_words(
    base: Base, votes: list[Annotation], schema: LabelSchema
) -> None:
    (example,) = to_examples(base.tokenizer, adjudicated(votes, schema), schema)
    assert example.sentence == pytest.approx([0, 0.25, 0.5])
    marked = {w: float(v) for w, v in zip(example.window.words, example.tokens[:, 0], strict=True) if w}
    assert marked == {(0, 3): 0, (4, 10): 0.5, (11, 15): 0, (16, 20): 0}


def test_what_a_person_decided_counts_whole(base: Base, votes: list[Annotation], schema: LabelSchema) -> None:
    (gold,) = adjudicated(votes, schema)
    answers: dict[str, Answer] = {"terms": (TERM,), "claims": ("Prediction",)}
    settled = gold.decided([Decision(gold.uid, "user:9", answers, None)])
    (example,) = to_examples(base.tokenizer, [settled], schema)
    assert example.sentence == pytest.approx([0, 1, 1])


def known_not(make: Make) -> list[Annotation]:
    """Give two annotators who know of the sentence that it is no prediction, and nothing else."""
    return [make(TEXT, {}).model_copy(update={"carries": {"Prediction": False}}) for _ in range(2)]


def test_split_votes_teach_their_shares_where_labels_exclude_each_other_too(
    base: Base, annotation: Make, schema: LabelSchema
) -> None:
    single = LabelSchema.parse(schema.xml.replace('choice="multiple"', 'choice="single"'))
    said: list[Answer] = [("Prediction",), ("Unsourced claim",), ("None of these",), ()]
    votes = [annotation(TEXT, {"claims": each}, f"user:{n}") for n, each in enumerate(said)]
    two, four = (to_examples(base.tokenizer, adjudicated(some, single), single)[0] for some in (votes[:2], votes))
    assert two.sentence[:3] == pytest.approx([0.5, 0.5, 0])
    assert four.sentence[:3] == pytest.approx([0.25, 0.25, 0.5])
    one = votes[0].model_copy(update={"annotator": "user:7"})
    against = [each.model_copy(update={"annotator": f"user:{n}"}) for n, each in enumerate(known_not(annotation), 8)]
    (example,) = to_examples(base.tokenizer, adjudicated([one, *against], single), single)
    assert np.isnan(example.sentence[:3]).all()  # one answer alone is no share, where others know that it is wrong
    (gold,) = adjudicated(votes[:2], single)
    settled = gold.decided([Decision(gold.uid, "user:9", {"claims": ("Prediction",)}, None)])
    (example,) = to_examples(base.tokenizer, [settled], single)
    assert example.sentence[:3] == pytest.approx([0, 1, 0])


def test_one_annotator_is_not_a_vote(base: Base, votes: list[Annotation], schema: LabelSchema) -> None:
    (example,) = to_examples(base.tokenizer, adjudicated(votes[:1], schema), schema)
    assert example.sentence == pytest.approx([0, 1, 1])


def test_what_few_sentences_know_weighs_as_much_as_what_all_know(
    base: Base, annotation: Make, schema: LabelSchema
) -> None:
    known = [annotation(f"{TEXT} {n}", {"claims": ()} if n else {"terms": ()}) for n in range(4)]
    usual = usual_of(to_examples(base.tokenizer, known, schema))
    assert usual.sentences.numpy() == pytest.approx([0.75, 0.75, 0.25])
    assert usual.tokens.numpy() == pytest.approx([5 / 4])  # four words and a number, in one of four sentences


def test_a_label_known_without_its_place_teaches_the_sentence_and_no_word(
    base: Base, annotation: Make, schema: LabelSchema
) -> None:
    biased = annotation(TEXT, {}).model_copy(update={"carries": {"Loaded term": True}})
    (example,) = to_examples(base.tokenizer, [biased], schema)
    assert example.sentence[2] == 1
    assert np.isnan(example.sentence[:2]).all()
    assert np.isnan(example.tokens).all()


def known(make: Make, *said: bool) -> list[Annotation]:
    """Give annotators who know whether the sentence has a loaded term, and not where."""
    return [
        make(TEXT, {}, f"user:{n}").model_copy(update={"carries": {"Loaded term": each}})
        for n, each in enumerate(said, start=4)
    ]


@pytest.mark.parametrize(
    ("said", "share"), [([True], 1), ([True, True, False, False], 0.5), ([True, False, False], 1 / 3)]
)
def test_labels_known_without_their_place_teach_shares(
    base: Base, annotation: Make, schema: LabelSchema, said: list[bool], share: float
) -> None:
    (example,) = to_examples(base.tokenizer, adjudicated(known(annotation, *said), schema), schema)
    assert example.sentence[2] == pytest.approx(share, abs=1e-6)
    assert np.isnan(example.sentence[:2]).all()
    assert np.isnan(example.tokens).all()


def test_the_share_of_a_sentence_is_of_all_and_those_of_words_are_of_those_who_answered(
    base: Base, annotation: Make, votes: list[Annotation], schema: LabelSchema
) -> None:
    given = [*votes[:3], *known(annotation, True)]
    (example,) = to_examples(base.tokenizer, adjudicated(given, schema), schema)
    assert example.sentence[2] == 0.75
    assert np.nanmax(example.tokens) == pytest.approx(2 / 3, abs=1e-6)


def test_words_are_unknown_where_most_say_that_there_is_a_term_and_nobody_where(
    base: Base, annotation: Make, votes: list[Annotation], schema: LabelSchema
) -> None:
    given = [*votes[2:], *known(annotation, True, True, True)]
    (example,) = to_examples(base.tokenizer, adjudicated(given, schema), schema)
    assert example.sentence[2] == pytest.approx(0.6)
    assert np.isnan(example.tokens).all()
