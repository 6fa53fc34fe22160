"""Agreement so far, by published worked examples."""

from collections.abc import Callable

import pytest

from annotate.annotation import Annotation
from annotate.quality.agreement.choices import ChoiceAgreement, choice_agreement
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, part A: two observers, ten binary units.
MEG, OWEN = "0100000010", "1110010000"


def answers(make: Make, annotator: str, codes: str) -> list[Annotation]:
    """Return somebody's answers: 1 says that the sentence is a prediction, 0 that it is none, . nothing."""
    claims = {"1": {"claims": ("Prediction",)}, "0": {"claims": ()}, ".": {}}
    return [make(f"Sentence {number}.", claims[code], annotator) for number, code in enumerate(codes)]


def agreement(annotations: list[Annotation], schema: LabelSchema) -> ChoiceAgreement:
    return next(each for each in choice_agreement(annotations, schema) if each.label == "Prediction")


def test_alpha_is_that_of_the_worked_example(annotation: Make, schema: LabelSchema) -> None:
    found = agreement([*answers(annotation, "user:1", MEG), *answers(annotation, "user:2", OWEN)], schema)
    assert found.n_sentences == len(MEG)
    assert found.observed == pytest.approx(0.6)
    assert found.alpha == pytest.approx(0.095, abs=5e-4)


def test_a_sentence_of_three_weighs_as_its_votes(annotation: Make, schema: LabelSchema) -> None:
    votes = [("user:1", "11"), ("user:2", "10"), ("user:3", "0.")]
    found = agreement([each for who, codes in votes for each in answers(annotation, who, codes)], schema)
    # By hand: coincidences of unit 1 are (1,1) 1, (1,0) 2, (0,0) 0 and the mirror; of unit 2 (1,0) 1 and (0,1) 1.
    assert found.n_sentences == 2
    assert found.observed == pytest.approx(1 / 5)
    assert found.alpha == pytest.approx(1 - (4 / 5) / (2 * 3 * 2 / (5 * 4)))


def test_what_one_person_answered_says_nothing(annotation: Make, schema: LabelSchema) -> None:
    found = agreement([*answers(annotation, "user:1", "101"), *answers(annotation, "user:2", "...")], schema)
    assert (found.n_sentences, found.observed, found.alpha) == (0, None, None)


def test_where_nothing_varies_alpha_is_not_defined(annotation: Make, schema: LabelSchema) -> None:
    found = agreement([*answers(annotation, "user:1", "000"), *answers(annotation, "user:2", "000")], schema)
    assert (found.n_sentences, found.observed, found.alpha) == (3, 1, None)


def test_every_label_that_is_a_choice_is_measured(schema: LabelSchema) -> None:
    assert [each.label for each in choice_agreement([], schema)] == ["Unsourced claim", "Prediction"]
