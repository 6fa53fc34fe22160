"""How much people agree so far, on the sentences that two or more of them answered."""

from collections.abc import Iterable, Sequence

from annotate.annotation import Annotation
from annotate.record import Record
from annotate.schema import LabelSchema


class LabelAgreement(Record):
    """Agreement on whether a sentence carries a label.

    ``observed`` is the share of pairs of answers that agree; ``alpha`` is Krippendorff's for nominal data (Krippendorff
    2011, *Computing Krippendorff's Alpha-Reliability*), and ``None`` where nothing varies.
    """

    label: str
    n_sentences: int
    observed: float | None
    alpha: float | None


def label_agreement(annotations: Iterable[Annotation], schema: LabelSchema) -> tuple[LabelAgreement, ...]:
    """Measure agreement on every label that is a choice; of two answers of one annotator the later counts."""
    by_sentence: dict[str, dict[str, Annotation]] = {}
    for annotation in annotations:
        by_sentence.setdefault(annotation.uid, {})[annotation.annotator] = annotation
    return tuple(
        _agreement(label, [_votes(mine.values(), question.name, label) for mine in by_sentence.values()])
        for question in schema.choice_questions
        for label in question.names
    )


def _votes(annotations: Iterable[Annotation], question: str, label: str) -> list[bool]:
    return [label in each.answers[question] for each in annotations if question in each.answers]


def _agreement(label: str, votes: Sequence[Sequence[bool]]) -> LabelAgreement:
    units = [unit for unit in votes if len(unit) > 1]
    n_votes, n_yes = sum(map(len, units)), sum(map(sum, units))
    if not units:
        return LabelAgreement(label=label, n_sentences=0, observed=None, alpha=None)
    # Ordered pairs that differ, each sentence weighted so that every vote counts once.
    differing = sum(2 * sum(unit) * (len(unit) - sum(unit)) / (len(unit) - 1) for unit in units) / n_votes
    expected = 2 * n_yes * (n_votes - n_yes) / (n_votes * (n_votes - 1))
    alpha = 1 - differing / expected if expected else None
    return LabelAgreement(label=label, n_sentences=len(units), observed=1 - differing, alpha=alpha)
