"""Calibration: reliability bins and expected calibration error."""

import numpy as np

from annotate.quality.bootstrap import Bootstrap, Floats, ratio
from annotate.quality.figure import Figure
from annotate.quality.ranking import Judged
from annotate.record import Record

_N_BINS = 10


class Bin(Record):
    """The sentences with probabilities in one tenth of the scale: how many, their mean, and the share that is so."""

    n: int
    probability: float
    share: float


class Calibration(Record):
    """How far probabilities are from shares; ``bins`` are those that hold a sentence, by probability.

    ``error`` is the expected calibration error: the mean over sentences of the distance between mean probability and
    share of their bin (Naeini, Cooper and Hauskrecht, 2015).
    """

    error: Figure
    bins: tuple[Bin, ...]


def calibration(judged: Judged, bootstrap: Bootstrap) -> Calibration | None:
    """Measure calibration in ten bins of equal width; ``None`` without a sentence."""
    if not len(judged.truth):
        return None
    by_article = _sums(judged, bootstrap.n_articles)
    sums = by_article.sum(axis=0)
    error = Figure.measured(float(_error(sums)), _error(bootstrap.sums(by_article)), bootstrap.n_articles)
    bins = tuple(Bin(n=int(n), probability=p / n, share=t / n) for n, p, t in sums.tolist() if n)
    return Calibration(error=error, bins=bins)


def _sums(judged: Judged, n_articles: int) -> Floats:
    """Return number, sum of probabilities and sum of truths; *shape:* ``(n_articles, n_bins, 3)``."""
    sums = np.zeros((n_articles, _N_BINS, 3))
    # The last bin holds the probability 1 too.
    bins = np.minimum((judged.probabilities * _N_BINS).astype(int), _N_BINS - 1)
    values = np.stack([np.ones_like(judged.probabilities), judged.probabilities, judged.truth], axis=1)
    np.add.at(sums, (judged.articles, bins), values)
    return sums


def _error(sums: Floats) -> Floats:
    n, probability, truth = np.moveaxis(sums, -1, 0)
    return ratio(np.abs(probability - truth).sum(axis=-1), n.sum(axis=-1))
