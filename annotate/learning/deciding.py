"""The thresholds that follow from what was held out."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from annotate.learning.held import Held, Judged, judged_sentences, judged_words
from annotate.models.thresholds import Thresholds
from annotate.quality.tallies import figures
from annotate.schema import LabelSchema

Bools = npt.NDArray[np.bool_]
NEUTRAL = 0.5
_FEWEST_POSITIVES = 10  # with fewer, the best threshold on the labels at hand is chance
_CANDIDATES = np.round(np.arange(0.1, 0.91, 0.02), 2)
_DOUBT = 1 / 3  # of calibrated probabilities: where more than one decision in three is expected to be wrong


def choose_thresholds(held: Sequence[Held], schema: LabelSchema, evidence: Mapping[str, float]) -> Thresholds:
    """Choose, on calibrated probabilities, the thresholds with the best mean of F1 and Matthews' correlation.

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
    probabilities, truth = judged
    if min(truth.sum(), (~truth).sum()) < _FEWEST_POSITIVES:
        return NEUTRAL
    found = figures({"sentences": np.stack([_counts(probabilities >= cut, truth) for cut in _CANDIDATES])})
    merit = np.nan_to_num(found["f1"]) + np.nan_to_num(found["mcc"])
    return float(_CANDIDATES[int(np.argmax(_smoothed(merit)))])


def _counts(given: Bools, truth: Bools) -> npt.NDArray[np.float64]:
    counts = [(given & truth).sum(), (given & ~truth).sum(), (~given & truth).sum(), (~given & ~truth).sum()]
    return np.array(counts, dtype=float)


def _smoothed(merit: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Average over neighbouring thresholds: a peak that stands alone is chance."""
    padded = np.pad(merit, 2, mode="edge")
    return np.convolve(padded, np.ones(5) / 5, mode="valid").astype(np.float64)
