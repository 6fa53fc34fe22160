"""Everything that is measured of one set of answers against another, with intervals and what people reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotate.annotation import Annotation, Scores
from annotate.quality.bootstrap import Bootstrap, Floats, ratio
from annotate.quality.calibration import Calibration, calibration
from annotate.quality.ceiling import Range, ceiling
from annotate.quality.comparison import Difference, compare
from annotate.quality.figure import Figure
from annotate.quality.ranking import average_precision, judged, resampled_average_precision
from annotate.quality.tallies import Pair, figures, n_articles, pair_up, summed, tally
from annotate.record import Record
from annotate.schema import LabelSchema, Question
from annotate.wording import counted

_FEW_ARTICLES = 10
HEADINGS = {
    "precision": "precision",
    "recall": "recall",
    "F1": "f1",
    "macro F1": "macro_f1",
    "MCC": "mcc",
    "average precision": "average_precision",
    "precision of words": "words_precision",
    "recall of words": "words_recall",
    "F1 of words": "words_f1",
    "F1 of whole spans": "spans_f1",
    "F1 of partial spans": "partial_f1",
}
"""What figures are called in full, and their names."""


@dataclass(frozen=True)
class Sides:
    """The answers to be measured and those taken for the truth.

    Where there are any, ``scores`` are the probabilities behind the answers, ``annotators`` what every annotator said,
    and ``others`` the answers of a second model.
    """

    truth: Sequence[Annotation]
    guesses: Sequence[Annotation]
    scores: Sequence[Scores] = ()
    annotators: Sequence[Annotation] = ()
    others: Sequence[Annotation] = ()


class LabelAssessment(Record):
    """Figures of a label by name (see ``tallies.figures``), over the ``n_sentences`` for which both sides answer.

    ``n_positive`` of them carry it. ``people`` has the same figures of annotators against each other, and
    ``differences`` those to a second model.
    """

    label: str
    n_sentences: int
    n_positive: int
    figures: Mapping[str, Figure]
    people: Mapping[str, Range] = {}
    calibration: Calibration | None = None
    differences: Mapping[str, Difference] = {}


class Assessment(Record):
    """How well answers agree with others, by label.

    ``mean_f1`` is the mean of the labels' F1; ``ceiling`` says in a line what the figures of people rest on.
    """

    n_sentences: int
    n_articles: int
    mean_f1: Figure
    ceiling: str
    labels: tuple[LabelAssessment, ...]

    @property
    def notes(self) -> list[str]:
        """What a reader of the figures must know besides, in lines."""
        few = f"{counted(self.n_articles, 'article')}: intervals over so few tend to be too narrow"
        return [*([self.ceiling] if self.ceiling else []), *([few] if self.n_articles < _FEW_ARTICLES else [])]


def assess(sides: Sides, schema: LabelSchema) -> Assessment:
    """Measure answers against others, on the sentences that both sides have, of which there must be one.

    Intervals are of a bootstrap over articles.
    """
    pairs = pair_up(sides.truth, sides.guesses)
    measuring = _Measuring(pairs, Bootstrap(n_articles(pairs)), {score.uid: score for score in sides.scores})
    people = ceiling(sides.annotators, {pair.true.uid for pair in pairs}, schema)
    comparison = compare(sides.truth, sides.guesses, sides.others, schema) if sides.others else {}
    labels = [
        measuring(question, label, people.labels.get(label, {}), comparison.get(label, {}))
        for question in schema.questions
        for label in question.names
    ]
    return Assessment(
        n_sentences=len(pairs),
        n_articles=n_articles(pairs),
        mean_f1=measuring.mean_f1(),
        ceiling=people.basis,
        labels=tuple(labels),
    )


class _Measuring:
    """A measurement of one label after the other on the same resamples."""

    def __init__(self, pairs: Sequence[Pair], bootstrap: Bootstrap, scores: Mapping[str, Scores]) -> None:
        self.pairs = pairs
        self.bootstrap = bootstrap
        self.scores = scores
        self.f1: list[tuple[Floats, Floats]] = []  # of each label, and on the resamples

    def __call__(
        self, question: Question, label: str, people: Mapping[str, Range], differences: Mapping[str, Difference]
    ) -> LabelAssessment:
        counts = tally(self.pairs, question, label)
        totals = summed(counts)
        found = figures(totals)
        resampled = figures({level: self.bootstrap.sums(each) for level, each in counts.items()})
        self.f1.append((found["f1"], resampled["f1"]))
        ranked = judged(self.pairs, question, label, self.scores)
        found["average_precision"] = np.array(average_precision(ranked))
        resampled["average_precision"] = resampled_average_precision(ranked, self.bootstrap.weights)
        hits, _, misses, _ = totals["sentences"]
        return LabelAssessment(
            label=label,
            n_sentences=int(totals["sentences"].sum()),
            n_positive=int(hits + misses),
            figures={name: self._figure(float(value), resampled[name]) for name, value in found.items()},
            people=people,
            calibration=calibration(ranked, self.bootstrap),
            differences=differences,
        )

    def mean_f1(self) -> Figure:
        """Return the mean F1 of the labels measured so far, over those for which it is defined."""
        values, resampled = (np.stack(each) for each in zip(*self.f1, strict=True))
        return self._figure(float(_mean(values)), _mean(resampled))

    def _figure(self, value: float, resampled: Floats) -> Figure:
        return Figure.measured(value, resampled, self.bootstrap.n_articles)


def _mean(values: Floats) -> Floats:
    """Return the mean over the first axis of what is defined; ``nan`` where nothing is."""
    return ratio(np.nansum(values, axis=0), np.isfinite(values).sum(axis=0))
