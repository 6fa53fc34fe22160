"""A network brought to the level of those that judged the folds, for which calibration and thresholds are found.

Networks that learned nearly the same put sentences in nearly the same order, but differ in how readily they say yes:
with few labels by a logit or two, which is more than a threshold forgives. By how much shows on the sentences that both
learned from, though less than on those that neither did.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from annotate.learning.calibration import Curve, Curves, to_logits
from annotate.learning.held import Held, Judged, judged_sentences, judged_words
from annotate.schema import LabelSchema

_MANY = 1000  # examples, from which on the gap on learned sentences tells little of that on others
_UNDERSTATED = 2.0  # times, with fewer: see "The recipe" in docs/learning.md


def level_with(shared: Sequence[tuple[Sequence[Held], Sequence[Held]]], schema: LabelSchema, n_examples: int) -> Curves:
    """Return the shifts that bring a network to the mean level of its judges; single choices have none.

    ``shared`` is for each judge what it says of sentences that both it and the network learned from, and what the
    network says of the same. A judge that met one answer alone tells nothing of a label's level. ``n_examples`` is how
    many the network learned from.
    """
    times = 1.0 if n_examples >= _MANY else _UNDERSTATED
    choices = [(q, name) for q in schema.choice_questions if q.kind != "single choice" for name in q.names]
    spans = [(q, name) for q in schema.span_questions for name in q.names]
    sentences = {
        name: _shift(([judged_sentences(held, schema, q, name) for held in pair] for pair in shared), times)
        for q, name in (*choices, *spans)
    }
    words = {
        name: _shift(([judged_words(held, schema, q, name) for held in pair] for pair in shared), times)
        for q, name in spans
    }
    return Curves(sentences, words, evidence={})


def _shift(pairs: Iterable[Sequence[Judged]], times: float) -> Curve:
    gaps = [
        np.mean(to_logits(judge.probabilities) - to_logits(network.probabilities))
        for judge, network in pairs
        if judge.n_of_rarer
    ]
    return Curve(shift=times * float(np.mean(gaps)) if gaps else 0.0)
