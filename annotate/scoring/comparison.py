"""Whether sources differ: shares of a label compared, on common ground where asked, and corrected for how many.

The shares of two sources are compared by their difference, with the variance of a ratio over articles, which are what
is sampled (Cochran, 1977), and Student's t. With matching, articles are compared within a month or a topic, and the
differences are averaged with the weights of Mantel and Haenszel; what only one source writes about does not count. The
p-values of all comparisons are corrected together for the false discovery rate, by the procedure that holds for tests
that depend on each other, as those of one source do (Benjamini and Yekutieli, 2001).
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.stats import false_discovery_control, t

from annotate.quality.bootstrap import Floats
from annotate.quality.figure import Figure
from annotate.schema import LabelSchema
from annotate.scoring.adjusted import Draws
from annotate.scoring.corpus import Tallied
from annotate.scoring.counts import Field
from annotate.scoring.profile import Evidence
from annotate.scoring.source_records import SourceDifference

_FEWEST = 2  # articles of each source in a stratum, below which its variance is not known
_LEVEL = 0.95

# Which stratum an article is in, by its id; an article in none is on no common ground.
Strata = Mapping[str, str]


class _Contrast(NamedTuple):
    value: float
    variance: float
    degrees: int
    n_articles: int
    n_strata: int


def compare_sources(
    sources: Mapping[str, Sequence[Tallied]], schema: LabelSchema, evidence: Evidence, strata: Strata | None = None
) -> list[SourceDifference]:
    """Compare every two sources at every label."""
    found = [
        _difference((label.name, first, second), _contrast(number, sources[first], sources[second], strata), evidence)
        for number, label in enumerate(schema.labels)
        for first, second in combinations(sources, 2)
    ]
    return _corrected(found)


def _contrast(
    label: int, first: Sequence[Tallied], second: Sequence[Tallied], strata: Strata | None
) -> _Contrast | None:
    pairs = [
        (_ratio(label, ours), _ratio(label, theirs), len(ours), len(theirs))
        for ours, theirs in _common(first, second, strata)
    ]
    pairs = [pair for pair in pairs if pair[0] is not None and pair[1] is not None]
    if not pairs:
        return None
    weights = np.array([ours * theirs / (ours + theirs) for _, _, ours, theirs in pairs])
    weights /= weights.sum()
    differences = np.array([one[0] - other[0] for one, other, _, _ in pairs if one and other])
    variances = np.array([one[1] + other[1] for one, other, _, _ in pairs if one and other])
    n_articles = sum(ours + theirs for _, _, ours, theirs in pairs)
    return _Contrast(
        value=float(weights @ differences),
        variance=float(weights**2 @ variances),
        degrees=n_articles - 2 * len(pairs),
        n_articles=n_articles,
        n_strata=len(pairs),
    )


def _common(
    first: Sequence[Tallied], second: Sequence[Tallied], strata: Strata | None
) -> "list[tuple[list[Tallied], list[Tallied]]]":
    """Return the articles of both sources in each stratum where both have enough."""
    ours, theirs = _by_stratum(first, strata), _by_stratum(second, strata)
    both = sorted(ours.keys() & theirs.keys())
    return [(ours[key], theirs[key]) for key in both if min(len(ours[key]), len(theirs[key])) >= _FEWEST]


def _by_stratum(articles: Sequence[Tallied], strata: Strata | None) -> dict[str, list[Tallied]]:
    grouped: dict[str, list[Tallied]] = {}
    for article in articles:
        key = "" if strata is None else strata.get(article.id)
        if key is not None:
            grouped.setdefault(key, []).append(article)
    return grouped


def _ratio(label: int, articles: Sequence[Tallied]) -> tuple[float, float] | None:
    """Return the share over articles and its variance; ``None`` where nothing was scored."""
    counts = np.stack([article.counts[label].sum(axis=(0, 1)) for article in articles])
    parts, wholes = counts[:, Field.DECIDED], counts[:, Field.SCORED]
    total, number = wholes.sum(), len(articles)
    if not total:
        return None
    share = float(parts.sum() / total)
    spread = ((parts - share * wholes) ** 2).sum()
    return share, float(number / (number - 1) * spread / total**2)


def _difference(names: tuple[str, str, str], contrast: _Contrast | None, evidence: Evidence) -> SourceDifference:
    label, first, second = names
    if contrast is None:
        nothing = Figure(value=None)
        return SourceDifference(
            label=label, first=first, second=second, difference=nothing, adjusted=None, p=None, p_adjusted=None,
            n_matched=0, n_strata=0,
        )  # fmt: skip
    error = contrast.variance**0.5
    reach = float(t.ppf((1 + _LEVEL) / 2, contrast.degrees)) * error
    return SourceDifference(
        label=label,
        first=first,
        second=second,
        difference=Figure(value=contrast.value, low=contrast.value - reach, high=contrast.value + reach),
        adjusted=_adjusted(contrast, evidence.draws.get(label)),
        p=float(2 * t.sf(abs(contrast.value) / error, contrast.degrees)) if error else None,
        p_adjusted=None,
        n_matched=contrast.n_articles,
        n_strata=contrast.n_strata,
    )


def _adjusted(contrast: _Contrast, draws: Draws | None) -> Figure | None:
    """Undo what a model's errors take from a difference: it finds only so much more in the one than in the other."""
    if draws is None:
        return None
    random = np.random.default_rng([0, 3])
    sampled: Floats = contrast.value + contrast.variance**0.5 * random.standard_t(contrast.degrees, len(draws.found))
    margin = np.where(draws.found > draws.alarms, draws.found - draws.alarms, np.nan)
    found, alarms = draws.likeliest
    value = contrast.value / (found - alarms) if found > alarms else float("nan")
    return Figure.measured(float(np.clip(value, -1, 1)), np.clip(sampled / margin, -1, 1), n_articles=2)


def _corrected(found: Sequence[SourceDifference]) -> list[SourceDifference]:
    tested = [each.p for each in found if each.p is not None]
    corrected = iter(false_discovery_control(tested, method="by") if tested else [])
    return [
        each if each.p is None else each.model_copy(update={"p_adjusted": min(1.0, float(next(corrected)))})
        for each in found
    ]
