"""The truth behind answers, where each annotator either knows it or answers at random.

Hovy, Berg-Kirkpatrick, Vaswani and Hovy (2013), Learning whom to trust with MACE, in its variational form.
"""

from typing import NamedTuple

import numpy as np
from scipy.special import digamma

from annotate.quality.bootstrap import Floats
from annotate.quality.patterns import Patterns, one_hot, weights

_N_STARTS = 10
_N_ITERATIONS = 500  # at most
_TOLERANCE = 1e-6
_KNOWING_PRIOR = 0.5  # of a Beta distribution: annotators know always or never, rather than half the time
_ANSWER_PRIOR = 10.0  # of a Dirichlet distribution


class Mace(NamedTuple):
    """What was estimated: the probability of each truth by pattern, and that each annotator knows it.

    *Shape:* (patterns, codes) and (annotators,).
    """

    truth: Floats
    knows: Floats


class _Model(NamedTuple):
    """Weights of knowing and not knowing, *Shape:* (annotators,), and of answers then, *Shape:* (annotators, codes)."""

    knows: Floats
    guesses: Floats
    answers: Floats


def mace(patterns: Patterns, n_codes: int) -> Mace:
    """Estimate truth and competence, from several starts of which the likeliest is kept."""
    given, counts = one_hot(patterns.codes, n_codes), weights(patterns)
    random = np.random.default_rng(0)
    _likelihood, truth, model = max(
        (_estimate(given, counts, random) for _ in range(_N_STARTS)), key=lambda run: run[0]
    )
    return Mace(truth, model.knows / (model.knows + model.guesses))


def _estimate(given: Floats, counts: Floats, random: np.random.Generator) -> tuple[float, Floats, _Model]:
    model = _start(given.shape[1], given.shape[2], random)
    likelihood, truth = _expected(given, model)
    for _ in range(_N_ITERATIONS):
        before = truth
        model = _maximized(given, counts, truth, model)
        likelihood, truth = _expected(given, model)
        if np.abs(truth - before).max() < _TOLERANCE:
            break
    return float(likelihood @ counts), truth, model


def _start(n_annotators: int, n_codes: int, random: np.random.Generator) -> _Model:
    knowing = random.uniform(1, 1.5, size=(n_annotators, 2))
    knowing /= knowing.sum(axis=1, keepdims=True)
    answers = random.uniform(1, 1.5, size=(n_annotators, n_codes))
    return _Model(knowing[:, 1], knowing[:, 0], answers / answers.sum(axis=1, keepdims=True))


def _expected(given: Floats, model: _Model) -> tuple[Floats, Floats]:
    """Return the log likelihood of each pattern, and how likely each truth is."""
    by_chance = model.guesses[:, None] * model.answers
    # An annotator's answer, whatever the truth; and how much likelier it is where it is the truth.
    anyhow = np.einsum("pmk,mk->p", given, np.log(by_chance))
    by_truth = anyhow[:, None] + np.einsum("pmk,mk->pk", given, np.log1p(model.knows[:, None] / by_chance))
    highest = by_truth.max(axis=1, keepdims=True)
    likely = np.exp(by_truth - highest)
    total = likely.sum(axis=1, keepdims=True)
    return (highest + np.log(total / likely.shape[1]))[:, 0], likely / total


def _maximized(given: Floats, counts: Floats, truth: Floats, model: _Model) -> _Model:
    knew = (
        given
        * truth[:, None, :]
        * (model.knows[:, None] / (model.guesses[:, None] * model.answers + model.knows[:, None]))
    )
    known = np.einsum("p,pmk->m", counts, knew)
    guessed = np.einsum("p,pmk->mk", counts, given - knew)
    n_guessed = guessed.sum(axis=1)
    total = digamma(known + n_guessed + 2 * _KNOWING_PRIOR)
    n_codes = given.shape[2]
    return _Model(
        knows=np.exp(digamma(known + _KNOWING_PRIOR) - total),
        guesses=np.exp(digamma(n_guessed + _KNOWING_PRIOR) - total),
        answers=np.exp(digamma(guessed + _ANSWER_PRIOR) - digamma(n_guessed + n_codes * _ANSWER_PRIOR)[:, None]),
    )
