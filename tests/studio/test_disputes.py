"""Disputes as tasks, and decisions in what Label Studio exports."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from annotate.annotation import Annotation, LabelledSpan
from annotate.schema import LabelSchema
from annotate.studio.adjudication import Disputed, to_adjudication_config, to_adjudication_task, to_decisions

Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]
TEXT = "The brutal <i>regime</i> will fall."


def task(make: Make, span: Marks, *results: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return an exported task, with a submission of the results."""
    given = [
        make(TEXT, {"terms": (span(TEXT, "brutal"),), "claims": ("Prediction",)}, "user:1"),
        make(TEXT, {"terms": (), "claims": ()}, "user:2"),
    ]
    words = {each.annotator: "…" for each in given}
    disputed = Disputed(given[0].sentence, words, {each.annotator: each.answers for each in given})
    submitted = {"id": 1, "completed_by": 9, "created_at": "2026-01-05T00:00:00Z", "result": list(results)} | more
    stamp = "2026-01-05T00:00:00Z"
    return {"id": 1, "data": to_adjudication_task(disputed), "annotations": [submitted], "updated_at": stamp}


def chosen(name: str, *values: str) -> dict[str, Any]:
    return {"from_name": name, "to_name": "sentence", "type": "choices", "value": {"choices": list(values)}}


def test_the_panel_stands_after_the_sentence_and_nothing_is_required(schema: LabelSchema) -> None:
    root: Element = fromstring(to_adjudication_config(schema))
    names = [tag.get("name") for tag in root.iter() if tag.get("name")]
    assert names == ["before", "sentence", "annot_answers", "annot_whose", "after", "terms", "claims"]
    assert not [tag for tag in root.iter() if tag.get("required")]


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([chosen("annot_whose", "user:1")], (["brutal"], ("Prediction",))),
        ([chosen("annot_whose", "user:1"), chosen("claims", "None of these")], (["brutal"], ())),
        ([chosen("annot_whose", "user:2"), chosen("claims", "Unsourced claim")], ([], ("Unsourced claim",))),
        ([chosen("claims", "Prediction")], ([], ("Prediction",))),
    ],
)
def test_what_a_person_says_takes_the_place_of_that_part_of_the_answer_they_chose(
    annotation: Make,
    span: Marks,
    schema: LabelSchema,
    results: list[dict[str, Any]],
    expected: tuple[list[str], object],
) -> None:
    (decision,) = to_decisions([task(annotation, span, *results)], schema).decided
    terms, claims = expected
    assert decision.annotator == "user:9"
    assert decision.answers == {"terms": tuple(span(TEXT, term) for term in terms), "claims": claims}


def test_of_two_decisions_the_later_counts_and_a_skip_is_none(
    annotation: Make, span: Marks, schema: LabelSchema
) -> None:
    early = task(annotation, span, chosen("claims", "Prediction"))
    late = task(annotation, span, chosen("claims", "None of these"), created_at="2026-01-06T00:00:00Z")
    skipped = task(annotation, span, chosen("claims", "Prediction"), was_cancelled=True)
    for tasks in ([early, late, skipped], [late, skipped, early]):
        (decision,) = to_decisions(tasks, schema).decided
        assert decision.answers["claims"] == ()


def test_a_decision_at_odds_with_itself_is_told_and_left_out(
    annotation: Make, span: Marks, schema: LabelSchema
) -> None:
    found = to_decisions([task(annotation, span, chosen("claims", "Prediction", "None of these"))], schema)
    assert (found.decided, len(found.problems)) == ([], 1)
    assert "'None of these' is answered together with another label" in found.problems[0]
