"""How little a model is sure of sentences, label by label."""

from collections.abc import Sequence

import numpy as np

from annotate.annotation import WordScores
from annotate.models.thresholds import Thresholds
from annotate.quality.bootstrap import Floats
from annotate.schema import LabelSchema, Question


def doubt(probability: Floats, threshold: float = 0.5) -> Floats:
    """Return how near probabilities are to the threshold at which a label is decided for: 1 is on it, 0 is sure.

    Each side of the threshold is measured by its own length, so that a rare label with a low one has both.
    """
    return np.where(probability < threshold, probability / threshold, (1 - probability) / (1 - threshold))


def doubts(scores: Sequence[WordScores], schema: LabelSchema, thresholds: Thresholds) -> Floats:
    """Return the doubt about each label in each sentence; labels are in the schema's order.

    Of a label that marks stretches it is that whether the sentence has any, or that about the least sure word times the
    probability that it has, if that is more. Labels of a single choice share one: how near the two likeliest answers
    are. *Shape:* ``(n_sentences, n_labels)``.
    """
    columns = [
        column
        for question in schema.questions
        for column in (
            _of_choice(scores, question)
            if question.kind == "single choice"
            else [_of_label(scores, question, name, thresholds) for name in question.names]
        )
    ]
    return np.column_stack(columns) if len(scores) else np.zeros((0, len(columns)))


def _of_label(scores: Sequence[WordScores], question: Question, label: str, thresholds: Thresholds) -> Floats:
    carried = np.array([score.labels[label] for score in scores])
    whether = doubt(carried, thresholds.sentences[label])
    if question.kind != "spans":
        return whether
    threshold = thresholds.words[label]
    where = np.array([doubt(np.array(score.words[label]), threshold).max(initial=0.0) for score in scores])
    either: Floats = np.maximum(whether, carried * where)
    return either


def _of_choice(scores: Sequence[WordScores], question: Question) -> list[Floats]:
    chances = np.array([[score.labels[name] for name in question.names] for score in scores])
    if question.none is not None:
        chances = np.column_stack([chances, np.clip(1 - chances.sum(axis=1), 0, 1)])
    if chances.shape[1] == 1:
        return [np.zeros(len(scores))]  # one answer alone is never in doubt
    ordered = np.sort(chances, axis=1)
    return [1 - (ordered[:, -1] - ordered[:, -2])] * len(question.names)
