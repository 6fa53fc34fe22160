"""Hits, false alarms and misses of many resamples at once, and the figures that follow from them."""

import numpy as np

from annotate.quality.agreement.coefficients import summed
from annotate.quality.agreement.panel import Codes, Integers
from annotate.quality.bootstrap import Floats, ratio


def against_others(codes: Codes, annotator: int, group: Integers, n_groups: int) -> Floats:
    """Count an annotator's hits, false alarms and misses, the majority of the others being taken for the truth.

    ``codes`` are 0 and 1. Units that the annotator or all others left unanswered, and those on which the others are
    split evenly, are left out. *Shape:* (groups, 4), the fourth being the units that count.
    """
    others = np.delete(codes, annotator, axis=1)
    votes, n_others = (others == 1).sum(axis=1), (others >= 0).sum(axis=1)
    counted = (codes[:, annotator] >= 0) & (2 * votes != n_others)
    own, truth = codes[counted, annotator] == 1, (2 * votes > n_others)[counted]
    cells = np.stack([own & truth, own & ~truth, ~own & truth, np.ones_like(own)], axis=1)
    return summed(cells.astype(np.float64), group[counted], n_groups)


def precision(counts: Floats) -> Floats:
    """Return the share of what was marked that is right. *Shape:* from (…, at least 3) to (…)."""
    return ratio(counts[..., 0], counts[..., 0] + counts[..., 1])


def recall(counts: Floats) -> Floats:
    """Return the share of what is right that was marked. *Shape:* from (…, at least 3) to (…)."""
    return ratio(counts[..., 0], counts[..., 0] + counts[..., 2])


def f1(counts: Floats) -> Floats:
    """Return the harmonic mean of precision and recall. *Shape:* from (…, at least 3) to (…)."""
    return ratio(2 * counts[..., 0], 2 * counts[..., 0] + counts[..., 1] + counts[..., 2])
