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
from annotate.scoring.adjusted import Draws, only_with_interval
from annotate.scoring.corpus import Tallied
from annotate.scoring.counts import Field
from annotate.scoring.profile import Evidence
from annotate.scoring.source_records import SourceDifference

FEWEST = 2
"""Articles of each source in a stratum, below which its variance is not known."""

_LEVEL = 0.95

# Which stratum an article is in, by its id; an article in none is on no common ground.
Strata = Mapping[str, str]


# By stratum the counts of a source's articles. *Shape:* (n_articles, n_labels, n_fields)
_Grouped = Mapping[str, Floats]


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
    grouped = {name: _by_stratum(articles, strata) for name, articles in sources.items()}
    found = [
        _difference(
            (label.name, first, second),
            _contrast(number, grouped[first], grouped[second]),
            evidence.draws.get(label.name),
        )
        for number, label in enumerate(schema.labels)
        for first, second in combinations(sources, 2)
    ]
    return _corrected(found)


def _by_stratum(articles: Sequence[Tallied], strata: Strata | None) -> _Grouped:
    grouped: dict[str, list[Floats]] = {}
    for article in articles:
        key = "" if strata is None else strata.get(article.id)
        if key is not None:
            grouped.setdefault(key, []).append(article.counts.sum(axis=(1, 2)))
    return {key: np.stack(counts) for key, counts in grouped.items() if len(counts) >= FEWEST}


def _contrast(label: int, first: _Grouped, second: _Grouped) -> _Contrast | None:
    """Average the differences of all strata where both sources have articles enough."""
    both = ((first[key][:, label], second[key][:, label]) for key in sorted(first.keys() & second.keys()))
    pairs = [(ours, theirs) for ours, theirs in both if _n_scored(ours) and _n_scored(theirs)]
    if not pairs:
        return None
    sizes = np.array([(len(ours), len(theirs)) for ours, theirs in pairs])
    weights = sizes.prod(axis=1) / sizes.sum(axis=1)
    weights /= weights.sum()
    ratios = np.array(
        [(_ratio(ours), _ratio(theirs)) for ours, theirs in pairs]
    )  # (strata, sources, share or variance)
    return _Contrast(
        value=float(weights @ (ratios[:, 0, 0] - ratios[:, 1, 0])),
        variance=float(weights**2 @ ratios[:, :, 1].sum(axis=1)),
        degrees=int(sizes.sum()) - 2 * len(pairs),
        n_articles=int(sizes.sum()),
        n_strata=len(pairs),
    )


def _n_scored(counts: Floats) -> float:
    return float(counts[:, Field.SCORED].sum())


def _ratio(counts: Floats) -> tuple[float, float]:
    """Return the share over articles and its variance; *shape* of the counts: (n_articles, n_fields)."""
    parts, wholes = counts[:, Field.DECIDED], counts[:, Field.SCORED]
    total, number = wholes.sum(), len(counts)
    share = float(parts.sum() / total)
    spread = ((parts - share * wholes) ** 2).sum()
    return share, float(number / (number - 1) * spread / total**2)


def _difference(names: tuple[str, str, str], contrast: _Contrast | None, draws: Draws | None) -> SourceDifference:
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
        adjusted=None if draws is None else _adjusted(contrast, draws),
        p=float(2 * t.sf(abs(contrast.value) / error, contrast.degrees)) if error else None,
        p_adjusted=None,
        n_matched=contrast.n_articles,
        n_strata=contrast.n_strata,
    )


def _adjusted(contrast: _Contrast, draws: Draws) -> Figure:
    """Undo what a model's errors take from a difference: it finds only so much more in the one than in the other."""
    random = np.random.default_rng([0, 3])
    sampled: Floats = contrast.value + contrast.variance**0.5 * random.standard_t(contrast.degrees, len(draws.found))
    value, values = draws.point.undo(np.array([contrast.value]), 0), draws.undo(sampled, 0)
    return only_with_interval(Figure.with_interval(float(np.clip(value, -1, 1)[0]), np.clip(values, -1, 1)))


def _corrected(found: Sequence[SourceDifference]) -> list[SourceDifference]:
    tested = [each.p for each in found if each.p is not None]
    corrected = iter(false_discovery_control(tested, method="by") if tested else [])
    return [
        each if each.p is None else each.model_copy(update={"p_adjusted": min(1.0, float(next(corrected)))})
        for each in found
    ]
