"""Sentences that differ from each other, of those that are worth most."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from annotate.quality.bootstrap import Floats

NEAR = 0.9
"""The cosine from which two sentences count as near-equal."""

_HASHED = 2**12
_RESTARTS = 1  # of the clustering; others than the first change little


def text_vectors(texts: Sequence[str]) -> Floats:
    """Return texts as hashed TF-IDF of their words, for want of better vectors. *Shape:* ``(n_texts, 4096)``."""
    counts = HashingVectorizer(n_features=_HASHED, alternate_sign=False, norm=None).transform(texts)
    weighted: Floats = TfidfTransformer(sublinear_tf=True).fit_transform(counts).toarray()
    return weighted


def spread(vectors: NDArray[np.floating], worth: Floats, n: int, seed: int = 0) -> list[int]:
    """Return the rows of ``n`` sentences that are worth much and differ, the most worthy first.

    The sentences are clustered into ``n``, by k-means weighted by their worth, and the one nearest to the centre of
    each cluster is taken (Zhdanov, 2019). Of near-equal ones one stays; the worthiest of the others take the place of
    the rest, and near-equal ones only where there is nothing else.
    """
    units = _unit(vectors)
    by_worth: list[int] = np.argsort(-worth, kind="stable").tolist()
    if n >= len(by_worth):
        return by_worth
    first = sorted(_central(units, worth, n, seed), key=lambda row: (-worth[row], row))
    taken: list[int] = []
    for row in [*first, *by_worth]:
        if len(taken) < n and row not in taken and not (units[taken] @ units[row] >= NEAR).any():
            taken.append(row)
    others = set(by_worth).difference(taken)
    left = [row for row in by_worth if row in others]
    return sorted(taken + left[: n - len(taken)], key=lambda row: (-worth[row], row))


def _central(units: Floats, worth: Floats, n: int, seed: int) -> list[int]:
    """Return the row nearest to the centre of each cluster."""
    n_distinct = len(np.unique(units, axis=0))
    weights = worth - worth.min() + np.finfo(np.float32).eps
    clusters = KMeans(min(n, n_distinct), n_init=_RESTARTS, random_state=seed).fit(units, sample_weight=weights)
    distances = clusters.transform(units)
    mine = [np.flatnonzero(clusters.labels_ == number) for number in range(clusters.n_clusters)]
    return [int(rows[distances[rows, number].argmin()]) for number, rows in enumerate(mine) if len(rows)]


def _unit(vectors: NDArray[np.floating]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float64)
