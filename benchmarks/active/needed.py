"""How many labels a strategy needs, and how sure that is."""

from typing import NamedTuple

import numpy as np
from sklearn.isotonic import IsotonicRegression

from benchmarks.active.simulation import Floats

SHARE = 0.95  # of the quality that all labels give
_RESAMPLES = 2000


class Interval(NamedTuple):
    """A figure with the ends of its 95 % interval."""

    figure: float
    low: float
    high: float


def needed(curves: Floats, batch: int) -> float:
    """Return with how many labels the mean curve over seeds reaches the share of full quality.

    The curve is made to rise by isotonic regression, for a batch takes no quality away but by chance; between two sizes
    it is a line. Infinite where it does not get there. *Shape:* ``(n_seeds, n_rounds)``.
    """
    sizes = batch * np.arange(1, curves.shape[1] + 1)
    curve = IsotonicRegression().fit_transform(sizes, curves.mean(axis=0))
    if curve[-1] < SHARE:
        return float("inf")
    after = int(np.argmax(curve >= SHARE))
    if after == 0:
        return float(sizes[0])
    step = (SHARE - curve[after - 1]) / (curve[after] - curve[after - 1])
    return float(sizes[after - 1] + step * batch)


def saving(curves: Floats, by_chance: Floats, batch: int) -> Interval:
    """Return the share of labels that a strategy needs less than chance does, by resampling the seeds of both."""
    random = np.random.default_rng(0)
    draws = random.integers(len(curves), size=(_RESAMPLES, len(curves)))
    resampled = [_saved(needed(curves[rows], batch), needed(by_chance[rows], batch)) for rows in draws]
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Interval(_saved(needed(curves, batch), needed(by_chance, batch)), float(low), float(high))


def wins(curves: Floats, by_chance: Floats, batch: int) -> int:
    """Return with how many seeds a strategy needs fewer labels than chance."""
    return sum(
        needed(mine[None], batch) < needed(other[None], batch) for mine, other in zip(curves, by_chance, strict=True)
    )


def _saved(mine: float, by_chance: float) -> float:
    if np.isinf(by_chance):  # chance needs more than was tried, so this much at least is not known
        return float("nan") if np.isinf(mine) else 1.0
    return -np.inf if np.isinf(mine) else 1 - mine / by_chance
