"""What annotators find and leave: recovered where they are enough, and not told where they are not."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import Annotation
from annotate.quality.agreement.panel import Panel
from annotate.quality.agreement.report import Competence
from annotate.quality.competence import NOT_ENOUGH, TOO_FEW, competence, week_of
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Prediction"


def estimated(
    make: Make, schema: LabelSchema, rates: list[tuple[float, float]], n: int, share: float = 0.4
) -> list[Competence]:
    """Estimate annotators of known sensitivity and specificity, who answer ``n`` sentences in two weeks."""
    random = np.random.default_rng(1)
    given = []
    for number in range(n):
        true = random.random() < share
        for person, (sensitivity, specificity) in enumerate(rates):
            says = random.random() < (sensitivity if true else 1 - specificity)
            one = make(f"Sentence {number}.", {"claims": (LABEL,) * says}, f"user:{person}", article=f"a{number % 30}")
            day = "2026-03-02T10:00:00Z" if number < n // 2 else "2026-03-09T10:00:00Z"
            given.append(one.model_copy(update={"created_at": day}))
    return [found for found in competence(Panel(given), schema) if found.label == LABEL]


def test_known_rates_lie_in_their_intervals(annotation: Make, schema: LabelSchema) -> None:
    rates = [(0.95, 0.9), (0.8, 0.95), (0.7, 0.8), (0.9, 0.7)]
    for found, (sensitivity, specificity) in zip(estimated(annotation, schema, rates, 900), rates, strict=True):
        for estimate, true in ((found.sensitivity, sensitivity), (found.specificity, specificity)):
            assert estimate.value == pytest.approx(true, abs=0.08)
            assert estimate.low is not None
            assert estimate.high is not None
            assert estimate.low - 0.03 < true < estimate.high + 0.03


def test_drift_is_told_by_week(annotation: Make, schema: LabelSchema) -> None:
    found = estimated(annotation, schema, [(0.9, 0.9)] * 3, 200)
    assert [(week.week, week.n_units) for week in found[0].weeks] == [("2026-W10", 100), ("2026-W11", 100)]
    mean = np.mean([week.sensitivity.value for week in found[0].weeks])
    assert mean == pytest.approx(found[0].sensitivity.value, abs=0.05)


def test_two_annotators_are_not_estimated(annotation: Make, schema: LabelSchema) -> None:
    found = estimated(annotation, schema, [(0.9, 0.9)] * 2, 100)
    assert {(each.sensitivity.undefined, each.weeks) for each in found} == {(NOT_ENOUGH, ())}


def test_a_label_that_hardly_occurs_is_too_few(annotation: Make, schema: LabelSchema) -> None:
    found = estimated(annotation, schema, [(1.0, 1.0)] * 3, 100, share=0.05)
    assert {each.sensitivity.undefined for each in found} == {TOO_FEW}
    assert [each.specificity.value for each in found] == pytest.approx([1.0] * 3)


def test_annotators_come_by_name_and_not_by_figure(annotation: Make, schema: LabelSchema) -> None:
    found = estimated(annotation, schema, [(0.6, 0.7), (0.95, 0.95), (0.8, 0.8)], 100)
    assert [each.annotator for each in found] == ["user:0", "user:1", "user:2"]


@pytest.mark.parametrize(
    ("stamp", "week"),
    [("2026-01-01T00:00:00.5Z", "2026-W01"), ("2027-01-01T23:59:59Z", "2026-W53"), (None, None), ("soon", None)],
)
def test_weeks_are_those_of_iso_8601(annotation: Make, stamp: str | None, week: str | None) -> None:
    assert week_of(annotation("One.", {}).model_copy(update={"created_at": stamp})) == week
