"""How little a model is sure of sentences, label by label."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import WordScores
from annotate.schema import LabelSchema, Question

Floats = NDArray[np.float64]

_COIN = 0.5


def doubt(probability: Floats, threshold: float = _COIN) -> Floats:
    """Return how near probabilities are to the threshold at which a label is decided for: 1 is on it, 0 is sure.

    Each side of the threshold is measured by its own length, so that a rare label with a low one has both.
    """
    return np.where(probability < threshold, probability / threshold, (1 - probability) / (1 - threshold))


def doubts(scores: Sequence[WordScores], schema: LabelSchema, thresholds: Mapping[str, float]) -> Floats:
    """Return the doubt about each label in each sentence; labels are in the schema's order.

    Of a label that marks stretches it is that about the least sure word. Labels of a single choice share one: how near
    the two likeliest answers are. *Shape:* ``(n_sentences, n_labels)``.
    """
    columns = [
        column
        for question in schema.questions
        for column in (
            _of_choice(scores, question)
            if question.kind == "single choice"
            else [_of_label(scores, question, name, thresholds.get(name, _COIN)) for name in question.names]
        )
    ]
    return np.column_stack(columns) if len(scores) else np.zeros((0, len(columns)))


def _of_label(scores: Sequence[WordScores], question: Question, label: str, threshold: float) -> Floats:
    if question.kind != "spans":
        return doubt(np.array([score.labels[label] for score in scores]), threshold)
    return np.array([doubt(np.array(score.words[label]), threshold).max(initial=0.0) for score in scores])


def _of_choice(scores: Sequence[WordScores], question: Question) -> list[Floats]:
    chances = np.array([[score.labels[name] for name in question.names] for score in scores])
    if question.none is not None:
        chances = np.column_stack([chances, np.clip(1 - chances.sum(axis=1), 0, 1)])
    if chances.shape[1] == 1:
        return [np.zeros(len(scores))]  # one answer alone is never in doubt
    ordered = np.sort(chances, axis=1)
    return [1 - (ordered[:, -1] - ordered[:, -2])] * len(question.names)
