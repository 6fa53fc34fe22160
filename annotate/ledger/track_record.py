"""How often what a source predicted came true, and how well that agrees with how firmly it was put."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.stats import norm

from annotate.annotation import Probability
from annotate.ledger.entry import Entry, Outcome, Statement
from annotate.quality.bootstrap import Bootstrap, Floats
from annotate.quality.figure import Figure
from annotate.record import Record

By = Literal["outlet", "author"]
Places = NDArray[np.intp]
Count = Annotated[int, Field(ge=0)]

FEWEST = 20
"""Settled predictions without which nothing is said of a source."""


class TrackRecord(Record):
    """What the settled predictions of a source come to; ``source`` is ``None`` for all whose source is not known.

    ``counts`` has the verdicts by outcome. What came true or did not is settled (``n_settled``, in ``n_articles``), and
    all figures are over that; they are ``None`` where fewer than ``n_needed`` are settled, or the source is not known.
    ``share`` is the part that came true. What came true partly is left out of it: ``share_if_not`` is what it would be
    if that counted as not come true, ``share_if_true`` if it counted as come true.

    ``brier`` is the mean squared difference between the probability that the words stand for and 1 or 0 (Brier, 1950);
    lower is better. ``base_brier`` is that of one who always names the ``base_rate``, the share of all settled
    predictions that came true. ``skill`` is 1 - ``brier`` / ``base_brier``: above 0, the words tell more than the base
    rate does.
    """

    source: str | None
    counts: dict[Outcome, Count]
    n_settled: Count
    n_articles: Count
    n_needed: Count
    share: Figure | None = None
    share_if_not: Probability | None = None
    share_if_true: Probability | None = None
    brier: Figure | None = None
    base_rate: Probability | None = None
    base_brier: Probability | None = None
    skill: float | None = None


def track_records(entries: Iterable[Entry], by: By = "outlet", fewest: int = FEWEST) -> list[TrackRecord]:
    """Return the record of every source whose predictions were judged, by its name.

    What several sources said in the same words counts for each of them once. What a source only quotes is not its own.
    """
    judged = [entry for entry in entries if entry.verdict is not None and _own(entry)]
    outcomes = [_came_true(entry) for entry in judged if _is_settled(entry)]
    base_rate = sum(outcomes) / len(outcomes) if outcomes else None
    sources: dict[str | None, list[Entry]] = {}
    for entry in judged:
        for name in dict.fromkeys(getattr(statement, by) for statement in _own(entry)):
            sources.setdefault(name, []).append(entry)
    ordered = sorted(sources, key=lambda name: (name is None, (name or "").casefold()))
    return [_record(name, sources[name], base_rate, fewest) for name in ordered]


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return the ends of Wilson's 95 % interval (1927) of a share of ``n`` independent cases."""
    z = float(norm.ppf(0.975))
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)


def effective_number(hits: Floats, sizes: Floats) -> float:
    """Return how many independent cases as many cases in clusters are worth (Kish, 1965); no more than there are.

    ``hits`` and ``sizes`` are the cases that came true, and all, by cluster.
    """
    n, k = float(sizes.sum()), len(sizes)
    share = float(hits.sum()) / n
    variance = k / (k - 1) * float(np.square(hits - share * sizes).sum()) / n**2 if k > 1 else 0.0
    return min(n, max(1.0, share * (1 - share) / variance)) if variance > 0 else n


def _record(source: str | None, entries: Sequence[Entry], base_rate: float | None, fewest: int) -> TrackRecord:
    counts: Counter[Outcome] = Counter(entry.verdict.outcome for entry in entries if entry.verdict)
    settled = [entry for entry in entries if _is_settled(entry)]
    articles = {article: number for number, article in enumerate(dict.fromkeys(entry.article_id for entry in settled))}
    plain = TrackRecord(source=source, counts=counts, n_settled=len(settled), n_articles=len(articles), n_needed=fewest)
    if source is None or not settled or len(settled) < fewest or base_rate is None:
        return plain
    n_true, n_partly = counts["came true"], counts["partly"]
    index = np.array([articles[entry.article_id] for entry in settled])
    came_true = np.array([_came_true(entry) for entry in settled])
    n_with_partly = len(settled) + n_partly
    return plain.model_copy(
        update={
            "share": _share(came_true, index),
            "share_if_not": n_true / n_with_partly,
            "share_if_true": (n_true + n_partly) / n_with_partly,
            "base_rate": base_rate,
            **_scores(settled, came_true, index, base_rate),
        }
    )


def _share(came_true: Floats, index: Places) -> Figure:
    share, sizes = float(came_true.mean()), np.asarray(np.bincount(index), dtype=np.float64)
    if len(sizes) == 1:
        return Figure(value=share)  # how alike the predictions of one article are, one article does not tell
    hits = np.asarray(np.bincount(index, weights=came_true), dtype=np.float64)
    low, high = wilson(share, effective_number(hits, sizes))
    return Figure(value=share, low=low, high=high)


def _scores(
    settled: Sequence[Entry], came_true: Floats, index: Places, base_rate: float
) -> dict[str, Figure | float | None]:
    """Return the Brier scores; nothing where the words of a prediction were not read."""
    said = [entry.strength.probability for entry in settled if entry.strength]
    if len(said) < len(settled):
        return {}
    errors = np.square(np.array(said) - came_true)
    bootstrap = Bootstrap(int(index.max()) + 1)
    sums = np.stack([np.bincount(index, weights=errors), np.bincount(index).astype(float)], axis=1)
    resampled = bootstrap.sums(sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        brier = Figure.measured(float(errors.mean()), resampled[:, 0] / resampled[:, 1], bootstrap.n_articles)
    base_brier = float(np.square(base_rate - came_true).mean())
    skill = None if base_brier == 0 else 1 - float(errors.mean()) / base_brier
    return {"brier": brier, "base_brier": base_brier, "skill": skill}


def _own(entry: Entry) -> list[Statement]:
    return [statement for statement in entry.statements if statement.quotation != "whole"]


def _is_settled(entry: Entry) -> bool:
    return entry.verdict is not None and entry.verdict.outcome in ("came true", "did not")


def _came_true(entry: Entry) -> float:
    return float(entry.verdict is not None and entry.verdict.outcome == "came true")
