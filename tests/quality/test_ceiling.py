"""People are measured against each other on the sentences that several of them labelled."""

from collections.abc import Callable

import pytest

from annotate.annotation import Annotation
from annotate.quality.ceiling import ceiling
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Prediction"


def said(make: Make, annotator: str, yes: str, origin: str = "manual") -> list[Annotation]:
    """Answer for one sentence a character: "+" is given, "-" is not, " " is not labelled."""
    return [
        make(f"Sentence {number}.", {"claims": (LABEL,) * (mark == "+")}, f"user:{annotator}", origin)
        for number, mark in enumerate(yes)
        if mark != " "
    ]


def uids(annotations: list[Annotation]) -> set[str]:
    return {annotation.uid for annotation in annotations}


def test_of_three_each_is_set_against_the_majority_of_the_others(annotation: Make, schema: LabelSchema) -> None:
    marks = {"1": "++++------", "2": "++++------", "3": "++--++----"}
    annotations = [each for who, yes in marks.items() for each in said(annotation, who, yes)]
    found = ceiling(annotations, uids(annotations), schema)
    # The others of the third agree: 2 hits, 2 false alarms, 2 misses. Those of each of the first two agree on six
    # sentences, on two of them with "given"; what they are split on is left out.
    assert found.basis == "people: 3 annotators, each against the majority of the others, on 10 sentences"
    assert found.labels[LABEL]["f1"].low == 0.5
    assert found.labels[LABEL]["f1"].high == 1.0
    assert found.labels[LABEL]["f1"].mean == pytest.approx((1 + 1 + 0.5) / 3)


def test_of_two_each_is_set_against_the_other(annotation: Make, schema: LabelSchema) -> None:
    annotations = said(annotation, "1", "+++-------") + said(annotation, "2", "++--------")
    found = ceiling(annotations, uids(annotations), schema)
    assert "2 annotators, each against the other, on 10 sentences" in found.basis
    precision = found.labels[LABEL]["precision"]
    assert (precision.low, precision.high) == pytest.approx((2 / 3, 1.0))
    assert found.labels[LABEL]["f1"].mean == pytest.approx(4 / 5)


def test_without_two_people_there_is_none_and_that_is_said(annotation: Make, schema: LabelSchema) -> None:
    one = said(annotation, "1", "+" * 10)
    drafts = said(annotation, "2", "+" * 10, origin="draft")
    assert ceiling([*one, *drafts], uids(one), schema).basis == "no ceiling: one annotator"
    assert ceiling(drafts, uids(drafts), schema).basis == "no ceiling: no person labelled these sentences"
    few = said(annotation, "2", " " * 9 + "+")
    assert "share 10 sentences" in ceiling([*one, *few], uids(one), schema).basis
    assert ceiling([*one, *few], uids(one), schema).labels == {}


def test_only_the_sentences_that_are_asked_for_count(annotation: Make, schema: LabelSchema) -> None:
    annotations = said(annotation, "1", "+" * 20) + said(annotation, "2", "+" * 10 + "-" * 10)
    found = ceiling(annotations, uids(annotations[:10]), schema)
    assert "on 10 sentences" in found.basis
    assert found.labels[LABEL]["f1"].mean == 1.0
