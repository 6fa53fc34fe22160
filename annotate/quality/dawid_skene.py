"""The truth behind answers, and how each annotator confuses it.

Dawid and Skene (1979), Maximum likelihood estimation of observer error-rates using the EM algorithm.
"""

from typing import NamedTuple

import numpy as np

from annotate.quality.bootstrap import Floats
from annotate.quality.patterns import Patterns, one_hot, weights

_LEAST = 1e-10  # a probability that is 0 would rule a truth out for good
_N_ITERATIONS = 1000  # at most


class DawidSkene(NamedTuple):
    """What was estimated.

    ``truth`` is the probability of each truth by pattern, *Shape:* (patterns, codes); ``confusion`` that of each answer
    by annotator and truth, *Shape:* (annotators, codes, codes). Of an annotator without answers all are the same.
    """

    truth: Floats
    confusion: Floats


def dawid_skene(
    patterns: Patterns,
    n_codes: int,
    of_units: Floats | None = None,
    truth: Floats | None = None,
    tolerance: float = 1e-7,
) -> DawidSkene:
    """Estimate truth and confusion by expectation and maximization.

    It begins with the shares of the votes, or with ``truth`` where that is known from an estimate before. Units count
    as often as ``of_units`` says.
    """
    given, counts = one_hot(patterns.codes, n_codes), weights(patterns, of_units)
    truth = _shares(given) if truth is None else truth
    for _ in range(_N_ITERATIONS):
        prior, confusion = _maximized(given, truth * counts[:, None])
        expected = _expected(given, prior, confusion)
        change = np.abs(expected - truth)[counts > 0].max(initial=0.0)
        truth = expected
        if change < tolerance:
            break
    return DawidSkene(truth, confusion)


def _shares(given: Floats) -> Floats:
    votes = given.sum(axis=1)
    n_answers = votes.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(votes, n_answers, out=np.full(votes.shape, 1 / votes.shape[1]), where=n_answers > 0)
    return shares


def _maximized(given: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Return how likely each truth is, and each answer given an annotator and the truth."""
    n_patterns, n_annotators, n_codes = given.shape
    by_truth = (counts.T @ given.reshape(n_patterns, -1)).reshape(n_codes, n_annotators, n_codes)
    answers: Floats = np.maximum(by_truth.transpose(1, 0, 2), _LEAST)
    prior = np.maximum(counts.sum(axis=0) / max(counts.sum(), _LEAST), _LEAST)
    return prior, answers / answers.sum(axis=2, keepdims=True)


def _expected(given: Floats, prior: Floats, confusion: Floats) -> Floats:
    """Return how likely each truth is, by pattern."""
    n_codes = len(prior)
    by_answer = np.log(confusion).transpose(0, 2, 1).reshape(-1, n_codes)
    likelihood = np.log(prior) + given.reshape(len(given), -1) @ by_answer
    likely: Floats = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    return likely
