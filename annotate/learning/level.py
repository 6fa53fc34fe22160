"""A network brought to the level of those that judged the folds, for which calibration and thresholds are found.

Networks that learned nearly the same put sentences in nearly the same order, but differ in how readily they say yes:
with few labels by a logit or two, which is more than a threshold forgives. By how much shows on the sentences that both
learned from.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from annotate.learning.calibration import Curve, Curves, to_logits
from annotate.models.scores import Probabilities
from annotate.schema import LabelSchema

Logits = npt.NDArray[np.float64]
Said = Sequence[Probabilities]


def level_with(said: Sequence[tuple[Said, Said]], schema: LabelSchema) -> Curves:
    """Return the shifts that bring a network to the mean level of its judges; single choices have none.

    ``said`` is for each judge what it says of the sentences that both it and the network learned from, and what the
    network says of them.
    """
    spans = [name for q in schema.span_questions for name in q.names]
    names = [*(name for q in schema.choice_questions for name in q.names), *spans]
    shared = {name for q in schema.choice_questions if q.kind == "single choice" for name in q.names}
    sentences = _gaps((_of_sentences(judge), _of_sentences(network)) for judge, network in said)
    words = _gaps((_of_words(judge), _of_words(network)) for judge, network in said)
    return Curves(
        {name: Curve(shift=gap) for name, gap in zip(names, sentences, strict=True) if name not in shared},
        {name: Curve(shift=gap) for name, gap in zip(spans, words, strict=True)},
        {},
    )


def _gaps(pairs: Iterable[tuple[Logits, Logits]]) -> list[float]:
    """Return by how much judges are above a network, in each column: the mean over those that learned it.

    What a judge learned nothing of it says alike of all.
    """
    given = list(pairs)
    gaps = np.array([(judge - network).mean(axis=0) for judge, network in given])
    learned = np.array([np.ptp(judge, axis=0) > 0 for judge, _ in given])
    means: list[float] = ((gaps * learned).sum(axis=0) / np.maximum(1, learned.sum(axis=0))).tolist()
    return means


def _of_sentences(said: Said) -> Logits:
    return to_logits(np.stack([np.concatenate([each.choices, each.carried]) for each in said]))


def _of_words(said: Said) -> Logits:
    rows = [row for each in said for row in each.words.values()]
    return to_logits(np.array(rows, np.float32).reshape(len(rows), len(said[0].carried)))
