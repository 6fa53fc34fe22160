"""When to stop: the gain by a learning curve, beside what people reach."""

from math import log

import pytest

from annotate.selection.outlook import Outlook, Point, advice, expected_gain, outlooks


def point(n: int, f1: float) -> Point:
    return Point(n, {"Prediction": f1})


def test_the_gain_is_read_off_a_curve_that_is_logarithmic() -> None:
    curve = [(n, 0.1 * log(n)) for n in (100, 200, 400)]
    assert expected_gain(curve) == pytest.approx(0.1 * log(500 / 400))


def test_a_curve_that_falls_promises_nothing() -> None:
    assert expected_gain([(100, 0.7), (200, 0.6)]) == 0


def test_one_size_is_no_curve() -> None:
    assert expected_gain([(100, 0.7), (100, 0.6)]) is None


def test_labels_that_still_gain_are_named() -> None:
    found = outlooks([point(400, 0.7), point(100, 0.5)], {})
    assert (found[0].n_sentences, found[0].f1) == (400, 0.7)
    assert advice(found) == "go on: more labels pay for Prediction"
    assert found[0].in_words.startswith("Prediction: F1 0.70 with 400 sentences; another 100 labels +0.0")


@pytest.mark.parametrize(("f1", "people"), [(0.702, None), (0.9, 0.85)])
def test_a_flat_curve_or_what_people_reach_is_where_to_stop(f1: float, people: float | None) -> None:
    found = outlooks([point(200, 0.7), point(400, f1)], {} if people is None else {"Prediction": people})
    assert advice(found) == "stop: more labels are not expected to pay"


def test_without_a_curve_nothing_is_promised() -> None:
    assert "train again with more labels" in advice(outlooks([point(200, 0.7)], {}))
    assert "told after a training" in advice([])
    one = Outlook(label="Prediction", n_sentences=9, f1=0.5, gain=None, people=0.8)
    assert one.in_words == "Prediction: F1 0.50 with 9 sentences; gain not known yet; people among each other 0.80"
