"""When to stop: the gain by the learning curve, beside what people reach."""

import pytest

from annotate.models.learning_curve import Gain, LabelCurve, LearningCurve
from annotate.selection.outlook import Outlook, advice, outlooks


def curve(gain: float, f1: float = 0.7, high: float = 0.1) -> LearningCurve:
    gains = tuple(Gain(more=more, low=0, expected=gain * more / 100, high=high) for more in (100, 300))
    return LearningCurve(labels={"Prediction": LabelCurve(n=400, f1=f1, points=(), gains=gains)})


def test_labels_that_still_gain_are_named() -> None:
    found = outlooks(curve(0.02), {})
    assert advice(found) == "go on: more labels pay for Prediction"
    assert found[0].in_words == ("Prediction: F1 0.70 with 400 sentences; another 100 labels +0.020 (+0.000 to +0.100)")


@pytest.mark.parametrize(("high", "people"), [(0.004, {}), (0.1, {"Prediction": 0.65})])
def test_a_flat_curve_or_what_people_reach_is_where_to_stop(high: float, people: dict[str, float]) -> None:
    assert advice(outlooks(curve(0.002, high=high), people)) == "stop: more labels are not expected to pay"


def test_a_small_gain_that_may_be_larger_is_no_reason_to_stop() -> None:
    assert advice(outlooks(curve(0.002, high=0.006), {})) == "go on: more labels pay for Prediction"


def test_people_who_agree_better_are_worth_going_on_for() -> None:
    assert advice(outlooks(curve(0.02), {"Prediction": 0.8})).startswith("go on")


def test_without_a_curve_nothing_is_promised() -> None:
    assert "too few for a learning curve" in advice([])
    one = Outlook(label="Prediction", n_sentences=9, f1=0.5, gain=None, low=None, high=None, people=0.8)
    assert one.in_words.endswith("another 100 labels not known; people among each other 0.80")
    assert not one.is_done
