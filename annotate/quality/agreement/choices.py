"""How much people agree so far, on the sentences that two or more of them answered."""

from collections.abc import Iterable, Sequence

import numpy as np

from annotate.annotation import Annotation, by_sentence
from annotate.quality.agreement.coefficients import alpha, coincidences
from annotate.quality.bootstrap import ratio
from annotate.quality.evaluation import defined
from annotate.record import Record
from annotate.schema import LabelSchema


class ChoiceAgreement(Record):
    """Agreement on whether a sentence carries a label.

    ``observed`` is the share of pairs of answers that agree; ``alpha`` is Krippendorff's for nominal data (Krippendorff
    2011, *Computing Krippendorff's Alpha-Reliability*), and ``None`` where nothing varies.
    """

    label: str
    n_sentences: int
    observed: float | None
    alpha: float | None


def choice_agreement(annotations: Iterable[Annotation], schema: LabelSchema) -> tuple[ChoiceAgreement, ...]:
    """Measure agreement on every label that is a choice; of two answers of one annotator the later counts."""
    sentences = by_sentence(annotations).values()
    return tuple(
        _agreement(label, [_votes(mine.values(), question.name, label) for mine in sentences])
        for question in schema.choice_questions
        for label in question.names
    )


def _votes(annotations: Iterable[Annotation], question: str, label: str) -> list[bool]:
    return [label in each.answers[question] for each in annotations if question in each.answers]


def _agreement(label: str, votes: Sequence[Sequence[bool]]) -> ChoiceAgreement:
    units = [unit for unit in votes if len(unit) > 1]
    codes = np.full((len(units), max(map(len, units), default=0)), -1, np.int8)
    for row, unit in zip(codes, units, strict=True):
        row[: len(unit)] = unit
    met = coincidences(codes, 2, np.zeros(len(units), np.int64), 1)[0]
    observed, beyond_chance = ratio(np.trace(met), met.sum()), alpha(met)
    return ChoiceAgreement(
        label=label, n_sentences=len(units), observed=defined(observed), alpha=defined(beyond_chance)
    )
