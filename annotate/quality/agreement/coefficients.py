"""Agreement beyond chance: Krippendorff's alpha and Cohen's kappa, from sums over articles.

What they are computed from is a sum over articles, so that resampled articles need only be summed (see
``quality.bootstrap``). A coefficient that is not defined is NaN.
"""

import math

import numpy as np

from annotate.quality.agreement.panel import Codes, Integers
from annotate.quality.bootstrap import Floats, ratio


def coincidences(codes: Codes, n_codes: int, group: Integers, n_groups: int) -> Floats:
    """Return how often each two values meet in a unit, summed over the units of each group.

    Units with fewer than two answers have no part in it. *Shape:* (groups, values, values)
    """
    counts = np.stack([(codes == code).sum(axis=1) for code in range(n_codes)], axis=1).astype(np.float64)
    n_answers = counts.sum(axis=1)
    pairable = n_answers > 1
    counts, group = counts[pairable], group[pairable]
    met = np.einsum("uc,uk->uck", counts, counts)
    met[:, np.arange(n_codes), np.arange(n_codes)] -= counts
    met /= (n_answers[pairable] - 1)[:, None, None]
    return summed(met, group, n_groups)


def alpha(met: Floats) -> Floats:
    """Return Krippendorff's alpha for nominal data of coincidences, *Shape:* (…, values, values).

    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability. It is undefined where nothing was answered twice,
    and where all answers are the same.
    """
    occurrences = met.sum(axis=-1)
    differs = 1.0 - np.eye(met.shape[-1])
    n = occurrences.sum(axis=-1)
    observed = (met * differs).sum(axis=(-2, -1))
    expected = np.einsum("...c,...k,ck->...", occurrences, occurrences, differs)
    return 1 - ratio((n - 1) * observed, expected)


def confusion(pair: Codes, n_codes: int, group: Integers, n_groups: int) -> Floats:
    """Count what two annotators say of the units that both answered.

    ``pair`` has one column an annotator; *Shape:* (groups, values of the first, values of the second)
    """
    both = (pair >= 0).all(axis=1)
    cell = pair[both, 0].astype(np.int64) * n_codes + pair[both, 1]
    flat = np.bincount(group[both] * n_codes**2 + cell, minlength=n_groups * n_codes**2)
    return flat.reshape(n_groups, n_codes, n_codes).astype(np.float64)


def kappa(counts: Floats) -> Floats:
    """Return Cohen's kappa of counts, *Shape:* (…, values, values).

    Cohen (1960), A coefficient of agreement for nominal scales. It is undefined where both always say the same one
    thing.
    """
    n = counts.sum(axis=(-2, -1))
    observed = ratio(np.trace(counts, axis1=-2, axis2=-1), n)
    expected = ratio((counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1), n**2)
    return 1 - ratio(1 - observed, 1 - expected)


def summed(values: Floats, group: Integers, n_groups: int) -> Floats:
    """Sum values, *Shape:* (units, …), over the units of each group, *Shape:* (groups, …)."""
    flat = values.reshape(len(values), math.prod(values.shape[1:]))
    columns = [np.bincount(group, weights=column, minlength=n_groups) for column in flat.T]
    return np.stack(columns, axis=1).astype(np.float64).reshape(n_groups, *values.shape[1:])
