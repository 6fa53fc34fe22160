"""The thresholds that follow from what was held out."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from annotate.learning.held import Held, Judged, judged_sentences, judged_words
from annotate.models.thresholds import Thresholds
from annotate.quality.bootstrap import Bootstrap, Floats
from annotate.quality.tallies import figures
from annotate.schema import LabelSchema

NEUTRAL = 0.5
_FEWEST_POSITIVES = 10  # with fewer, the best threshold on the labels at hand is chance
_RESAMPLES = 200
_NOTHING = 1e-9  # between thresholds that are as good; of those, the middle is taken
_CANDIDATES = np.round(np.arange(0.1, 0.91, 0.02), 2)
_DOUBT = 1 / 3  # of calibrated probabilities: where more than one decision in three is expected to be wrong


def choose_thresholds(held: Sequence[Held], schema: LabelSchema, evidence: Mapping[str, float]) -> Thresholds:
    """Choose, on calibrated probabilities, the thresholds with the best mean of F1 and Matthews' correlation.

    Each is the mean of the best ones over resamples of the articles (bagging: Breiman, 1996).
    ``evidence`` is how much the likeliest word counts, by span label. Words are only marked in sentences that reach the
    threshold of sentences, and theirs is chosen for that.
    """
    decided = [(q, name) for q in schema.questions if q.kind != "single choice" for name in q.names]
    sentences = {n: _best(judged_sentences(held, schema, q, n, evidence.get(n, 0.0))) for q, n in decided}
    words = {
        name: _best(judged_words(held, schema, q, name, gate=(sentences[name], evidence.get(name, 0.0))))
        for q, name in decided
        if q.kind == "spans"
    }
    unsure = {name: (round(min(_DOUBT, cut), 4), round(max(1 - _DOUBT, cut), 4)) for name, cut in sentences.items()}
    return Thresholds(sentences=sentences, words=words, evidence=evidence, unsure=unsure)


def _best(judged: Judged) -> float:
    """Return the mean of the best thresholds over resamples of the articles; that on the labels at hand is chance."""
    truth = judged.truth
    if min(truth.sum(), (~truth).sum()) < _FEWEST_POSITIVES:
        return NEUTRAL
    counts = _counts_by_article(judged)
    resampled = Bootstrap(len(counts), _RESAMPLES).sums(counts)
    n_positive, n_negative = resampled[:, 0, [0, 2]].sum(-1), resampled[:, 0, [1, 3]].sum(-1)
    found = figures({"sentences": resampled[(n_positive > 0) & (n_negative > 0)]})
    merit = _smoothed(np.nan_to_num(found["f1"]) + np.nan_to_num(found["mcc"]))
    if not len(merit):  # one article has all of either answer, and no resample both
        return NEUTRAL
    are_best = merit >= merit.max(axis=1, keepdims=True) - _NOTHING
    return round(float((are_best @ _CANDIDATES / are_best.sum(axis=1)).mean()), 4)


def _counts_by_article(judged: Judged) -> Floats:
    """Return the counts of true and false positives, false and true negatives at every candidate.

    *Shape:* ``(n_articles, n_candidates, 4)``.
    """
    names, article_of = np.unique(judged.articles, return_inverse=True)
    n_reached = np.searchsorted(_CANDIDATES, judged.probabilities.astype(float), side="right")
    shape = (len(names), 2, len(_CANDIDATES) + 1)
    where = np.ravel_multi_index((article_of, (~judged.truth).astype(int), n_reached), shape)
    histogram = np.bincount(where, minlength=np.prod(shape)).reshape(shape)
    given = histogram[..., ::-1].cumsum(-1)[..., -2::-1]  # a candidate is reached by all that reach a higher one
    counts: Floats = np.concatenate([given, histogram.sum(-1, keepdims=True) - given], axis=1).astype(np.float64)
    return counts.transpose(0, 2, 1)


def _smoothed(merit: Floats) -> Floats:
    """Average over neighbouring thresholds: a peak that stands alone is chance."""
    padded = np.pad(merit, ((0, 0), (2, 2)), mode="edge")
    smoothed: Floats = sliding_window_view(padded, 5, axis=1).mean(-1)
    return smoothed
