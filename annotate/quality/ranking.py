"""How well probabilities rank the sentences that carry a label above those that do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import Scores
from annotate.quality.bootstrap import Floats, ratio
from annotate.quality.tallies import Pair
from annotate.schema import Question

_CHUNK = 50  # resamples at a time, so that memory does not grow with their number


@dataclass(frozen=True)
class Judged:
    """Probability, truth and the number of the article of every sentence that was scored and whose label is known."""

    probabilities: Floats
    truth: NDArray[np.bool_]
    articles: NDArray[np.intp]


def judged(pairs: Sequence[Pair], question: Question, label: str, scores: Mapping[str, Scores]) -> Judged:
    """Collect what the scores, by sentence, say of a label, and what is true."""
    rows = []
    for true, _, article in pairs:
        score = scores.get(true.uid)
        said = true.says(question, label)
        if score is not None and label in score.labels and said is not None:
            rows.append((score.labels[label], said, article))
    probabilities, truth, articles = zip(*rows, strict=True) if rows else ((), (), ())
    return Judged(np.array(probabilities, float), np.array(truth, bool), np.array(articles, np.intp))


def average_precision(judged: Judged) -> float:
    """Return the average precision: the mean of the precision at each rank, weighted by the recall it adds.

    Sentences of one probability share a rank. It is ``nan`` where no sentence carries the label.
    """
    n_articles = int(judged.articles.max(initial=-1)) + 1
    return float(resampled_average_precision(judged, np.ones((1, n_articles)))[0])


def resampled_average_precision(judged: Judged, weights: NDArray[np.generic]) -> Floats:
    """Return the average precision of each resample.

    ``weights`` says how often it holds each article; *shape:* ``(n_resamples, n_articles)``.
    """
    order = np.argsort(-judged.probabilities, kind="stable")
    ranks = np.flatnonzero(np.diff(judged.probabilities[order], append=np.nan))
    chunks = [
        _average_precision(weights[start : start + _CHUNK, judged.articles[order]], judged.truth[order], ranks)
        for start in range(0, len(weights), _CHUNK)
    ]
    return np.concatenate(chunks) if chunks else np.zeros(0)


def _average_precision(weights: NDArray[np.generic], truth: NDArray[np.bool_], ranks: NDArray[np.intp]) -> Floats:
    marked = np.cumsum(weights, axis=1, dtype=float)[:, ranks]
    hits = np.cumsum(weights * truth, axis=1, dtype=float)[:, ranks]
    precision = np.nan_to_num(ratio(hits, marked))
    return ratio((np.diff(hits, axis=1, prepend=0) * precision).sum(axis=1), hits.max(axis=1, initial=0))
