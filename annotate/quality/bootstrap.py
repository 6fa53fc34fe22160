"""Intervals by resampling articles, for sentences of one article are not independent of each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NOTHING = 1e-12  # rounding can leave a trace of a sum that is nothing
_CHUNK = 100  # resamples at a time, so that memory does not grow with their number
_COVERAGE = 0.95
_DEFINED = 0.95  # of the resamples at least, for with fewer they are no longer a sample of them all


class Interval(NamedTuple):
    """The ends of a confidence interval."""

    low: float
    high: float


class Bootstrap:
    """Resamples of articles, drawn once, so that every statistic is measured on the same ones.

    A resample draws as many articles as there are, with replacement (Efron, 1979). What is drawn are the numbers of
    times that each article occurs; a statistic that is a sum over articles is then resampled by a matrix product.
    """

    def __init__(self, n_articles: int, n_resamples: int = 1000, seed: int = 0) -> None:
        self.n_articles = n_articles
        random = np.random.default_rng(seed)
        even = np.full(n_articles, 1 / n_articles) if n_articles else np.zeros(0)
        # *Shape:* (n_resamples, n_articles). No article occurs more often than 16 bits can count.
        self.weights = random.multinomial(n_articles, even, size=n_resamples).astype(np.uint16)

    def sums(self, by_article: Floats, articles: NDArray[np.int64] | None = None) -> Floats:
        """Return the sum over the articles of each resample.

        ``by_article`` has the articles first, *Shape:* (n_articles, …), or where ``articles`` are given by their
        indices, those alone, the others being nothing; the result has the resamples first.
        """
        flat = by_article.reshape(len(by_article), -1).astype(np.float64)
        weights = self.weights if articles is None else self.weights[:, articles]
        chunks = range(0, len(weights), _CHUNK)
        sums = [weights[start : start + _CHUNK].astype(np.float64) @ flat for start in chunks]
        return np.concatenate(sums).reshape(len(weights), *by_article.shape[1:])


def ratio(part: Floats, whole: Floats) -> Floats:
    """Divide sums, of all articles or of each resample; what is divided by nothing is NaN."""
    quotient: Floats = np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=np.asarray(whole) > _NOTHING)
    return quotient


def interval(resampled: Floats) -> Interval | None:
    """Return the 95 % percentile interval of a statistic's resampled values, of which NaN is undefined.

    It is ``None`` where more than one in twenty is undefined.
    """
    defined = resampled[np.isfinite(resampled)]
    if len(defined) < _DEFINED * len(resampled) or not len(defined):
        return None
    low, high = np.quantile(defined, [(1 - _COVERAGE) / 2, (1 + _COVERAGE) / 2])
    return Interval(float(low), float(high))
