"""The calibration error is that worked out by hand, and nothing where probabilities are shares."""

import numpy as np
import pytest

from annotate.quality.bootstrap import Bootstrap
from annotate.quality.calibration import Bin, calibration
from annotate.quality.ranking import Judged


def judged(probabilities: list[float], truth: list[int], n_articles: int = 2) -> Judged:
    return Judged(np.array(probabilities), np.array(truth, bool), np.arange(len(truth)) % n_articles)


def test_it_is_that_worked_out_by_hand() -> None:
    # .1 to .2: mean .15 and half of two; .8 to .9: mean .84 and all of three; the last: 1 and none of one.
    found = calibration(judged([0.1, 0.19, 0.82, 0.84, 0.86, 1.0], [1, 0, 1, 1, 1, 0]), Bootstrap(2))
    assert found is not None
    assert [(each.n, each.share) for each in found.bins] == [(2, 0.5), (3, 1.0), (1, 0.0)]
    assert [each.probability for each in found.bins] == pytest.approx([0.145, 0.84, 1.0])
    assert found.error.value == pytest.approx((2 * 0.355 + 3 * 0.16 + 1 * 1.0) / 6)


def test_probabilities_that_are_shares_are_calibrated() -> None:
    random = np.random.default_rng(0)
    probabilities = random.random(20_000)
    truth = random.random(20_000) < probabilities
    found = calibration(Judged(probabilities, truth, np.arange(20_000) % 100), Bootstrap(100))
    assert found is not None
    assert found.error.value is not None
    assert found.error.value < 0.02
    off = calibration(Judged(probabilities**2, truth, np.arange(20_000) % 100), Bootstrap(100))
    assert off is not None
    # The mean distance of p² from p is 1/2 - 1/3.
    assert off.error.low is not None
    assert off.error.high is not None
    assert off.error.low < 1 / 6 < off.error.high


def test_without_a_sentence_there_is_none() -> None:
    assert calibration(judged([], []), Bootstrap(1)) is None


def test_a_bin_holds_its_lower_end() -> None:
    found = calibration(judged([0.5, 0.0], [1, 0]), Bootstrap(2))
    assert found is not None
    assert found.bins == (Bin(n=1, probability=0, share=0), Bin(n=1, probability=0.5, share=1))
