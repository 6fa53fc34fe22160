"""How well people do on the same sentences: no model can be shown to do better than they agree."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from statistics import fmean

from annotate.annotation import Annotation, by_sentence
from annotate.quality.adjudication import gold
from annotate.quality.evaluation import defined
from annotate.quality.tallies import figures, pair_up, summed, tally
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.wording import counted

FEWEST = 10  # sentences of one annotator; figures of fewer are chance


class Range(Record):
    """A figure over annotators: its mean, and those of the least and the most in line with the others."""

    mean: float
    low: float
    high: float


class Ceiling(Record):
    """What people reach on the same sentences, by label and figure, and in a line what that rests on."""

    basis: str
    labels: Mapping[str, Mapping[str, Range]] = {}


def ceiling(annotations: Iterable[Annotation], uids: Collection[str], schema: LabelSchema) -> Ceiling:
    """Compare each annotator with the majority of the others, or with the other where there are two.

    Only sentences of ``uids`` that several people labelled count, and annotators with at least ``FEWEST`` of them.
    """
    sentences = by_sentence(a for a in annotations if a.uid in uids and is_of_a_person(a)).values()
    annotators = sorted({name for mine in sentences for name in mine})
    shared = [mine for mine in sentences if len(mine) > 1]
    counting = [name for name in annotators if sum(name in mine for mine in shared) >= FEWEST]
    match len(annotators), len(counting):
        case 0 | 1, _:
            return Ceiling(
                basis="no ceiling: one annotator" if annotators else "no ceiling: no person labelled these sentences"
            )
        case _, 0 | 1:
            return Ceiling(basis=f"no ceiling: fewer than two annotators share {FEWEST} sentences with another")
        case 2, _:
            others = "the other"
        case _:
            others = "the majority of the others"
    basis = f"people: {len(counting)} annotators, each against {others}, on {counted(len(shared), 'sentence')}"
    by_annotator = [_figures_of(name, shared, schema) for name in counting]
    return Ceiling(
        basis=basis, labels={label.name: _ranges([f[label.name] for f in by_annotator]) for label in schema.labels}
    )


def is_of_a_person(annotation: Annotation) -> bool:
    """Tell whether one person gave these answers."""
    return annotation.origin != "draft" and annotation.annotator != "gold"


def _figures_of(
    annotator: str, shared: Sequence[Mapping[str, Annotation]], schema: LabelSchema
) -> dict[str, dict[str, float | None]]:
    mine = [by_annotator[annotator] for by_annotator in shared if annotator in by_annotator]
    of_uid = {a.uid: by for by in shared for a in by.values()}
    others = gold((a for m in mine for name, a in of_uid[m.uid].items() if name != annotator), schema)
    pairs = pair_up(others, mine)
    return {
        label: {name: defined(figure) for name, figure in figures(summed(tally(pairs, question, label))).items()}
        for question in schema.questions
        for label in question.names
    }


def _ranges(by_annotator: Sequence[Mapping[str, float | None]]) -> dict[str, Range]:
    """Sum up each figure over the annotators for whom it is defined."""
    values = {name: [v for figures in by_annotator if (v := figures[name]) is not None] for name in by_annotator[0]}
    return {name: Range(mean=fmean(v), low=min(v), high=max(v)) for name, v in values.items() if v}
