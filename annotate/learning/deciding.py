"""The thresholds that follow from what was held out."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from annotate.learning.held import Held, Judged, judged_sentences, judged_words
from annotate.models.thresholds import Thresholds
from annotate.quality.bootstrap import Floats
from annotate.quality.tallies import figures
from annotate.schema import LabelSchema

NEUTRAL = 0.5
_AS_MUCH = 300  # cases of the rarer answer, where truth and calibrated probability have as much say
_NOTHING = 1e-9  # between thresholds that are as good; of those, the middle is taken
_CANDIDATES = np.round(np.arange(0.1, 0.91, 0.02), 2)
_DOUBT = 1 / 3  # of calibrated probabilities: where more than one decision in three is expected to be wrong


def choose_thresholds(held: Sequence[Held], schema: LabelSchema, evidence: Mapping[str, float]) -> Thresholds:
    """Choose, on calibrated probabilities, the thresholds from which the most is expected.

    That is the mean of F1 and Matthews' correlation. Among a few dozen sentences, which threshold happens to fit the
    truth best is mostly chance; so there each counts as carrying the label by as much as its probability says (Lipton
    et al., 2014), which calibration has brought to the truth by one or two numbers a label. The more sentences, the
    more the truth itself counts.

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
    """Return the candidate with the best expected merit."""
    if not judged.n_of_rarer:
        return NEUTRAL
    found = figures({"sentences": _counts(judged.probabilities, _shrunk(judged))})
    merit = _smoothed(np.nan_to_num(found["f1"]) + np.nan_to_num(found["mcc"]))
    are_best = merit >= merit.max() - _NOTHING
    return round(float(_CANDIDATES[are_best].mean()), 4)


def _shrunk(judged: Judged) -> Floats:
    """Return how much each case counts as carrying the label: its truth, drawn towards its probability."""
    n = judged.n_of_rarer
    shrunk: Floats = (n * judged.truth + _AS_MUCH * judged.probabilities.astype(np.float64)) / (n + _AS_MUCH)
    return shrunk


def _counts(probabilities: npt.NDArray[np.float32], carrying: Floats) -> Floats:
    """Return the expected counts of true and false positives, false and true negatives at every candidate.

    *Shape:* ``(n_candidates, 4)``.
    """
    n_reached = np.searchsorted(_CANDIDATES, probabilities.astype(np.float64), side="right")
    size = len(_CANDIDATES) + 1
    histogram = np.stack([np.bincount(n_reached, weights, size) for weights in (carrying, 1 - carrying)])
    given = histogram[:, ::-1].cumsum(-1)[:, -2::-1]  # a candidate is reached by all that reach a higher one
    left = histogram.cumsum(-1)[:, :-1]
    counts: Floats = np.concatenate([given, left])
    return counts.T


def _smoothed(merit: Floats) -> Floats:
    """Average over neighbouring thresholds: a peak that stands alone is chance."""
    padded = np.pad(merit, 2, mode="edge")
    smoothed: Floats = sliding_window_view(padded, 5).mean(-1)
    return smoothed
