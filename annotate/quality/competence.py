"""What each annotator finds and passes over, as far as it can be told without knowing the truth."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from annotate.annotation import Annotation
from annotate.progress import Progress, silent
from annotate.quality.agreement.coefficients import summed
from annotate.quality.agreement.panel import Integers, Panel, Units
from annotate.quality.agreement.report import Competence, Estimate, WeekCompetence
from annotate.quality.bootstrap import Bootstrap, Floats, ratio
from annotate.quality.dawid_skene import DawidSkene, dawid_skene
from annotate.quality.patterns import ENOUGH_ANNOTATORS, ENOUGH_SENTENCES, Patterns, are_enough, contested, patterns_of
from annotate.schema import LabelSchema, Question

_N_RESAMPLES = 200  # of which each is estimated anew
_ENOUGH_UNITS = 10  # that carry a label, or do not, for an annotator's share of them to be told

TOO_FEW = "too few"
NOT_ENOUGH = f"needs {ENOUGH_ANNOTATORS} annotators of {ENOUGH_SENTENCES} sentences that three answered"


def competence(panel: Panel, schema: LabelSchema, progress: Progress = silent) -> list[Competence]:
    """Estimate every annotator's competence on every label, by name and never by figure."""
    estimating = _Estimating(panel)
    labels = [(question, label) for question in schema.questions for label in question.names]
    found: list[Competence] = []
    for done, (question, label) in enumerate(labels):
        progress("Estimating competence", done, len(labels))
        found += estimating.label(question, label)
    return found


def week_of(annotation: Annotation) -> str | None:
    """Return the ISO week in which an annotation was submitted, as in ``2026-W05``; ``None`` where it is not known."""
    try:
        year, week, _ = datetime.fromisoformat(annotation.created_at or "").isocalendar()
    except ValueError:
        return None
    return f"{year}-W{week:02}"


class _Estimating:
    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.bootstrap = Bootstrap(len(panel.articles), _N_RESAMPLES)
        # The week of each answer, by sentence and annotator; "" where it is not known or there is no answer.
        self.weeks = np.array(
            [
                [week_of(given[name]) or "" if name in given else "" for name in panel.annotators]
                for given in panel.given
            ]
        )

    def label(self, question: Question, label: str) -> Iterator[Competence]:
        of_spans = question.kind == "spans"
        units = _contested(self.panel.words(question, label)) if of_spans else self.panel.carries(question, label)
        if not len(units.codes) or not are_enough(self.panel.answered(question)):
            yield from (self._not_known(question, label, units, column) for column in range(units.codes.shape[1]))
            return
        patterns = patterns_of(units.codes)
        found = dawid_skene(patterns, 2)
        resampled = np.stack([r.confusion for r in self._resampled(patterns, units, found)])
        truth = found.truth[patterns.of_unit]
        for column, annotator in enumerate(self.panel.annotators):
            own = units.codes[:, column] >= 0
            n_expected = truth[own].sum(axis=0)
            shares = [
                _estimate(found.confusion[column, value, value], resampled[:, column, value, value], n_expected[value])
                for value in (1, 0)
            ]
            yield Competence(
                annotator=annotator,
                question=question.name,
                label=label,
                n_units=int(own.sum()),
                sensitivity=shares[0],
                specificity=shares[1],
                weeks=tuple(self._weeks(units, truth, column)),
            )

    def _resampled(self, patterns: Patterns, units: Units, found: DawidSkene) -> Iterator[DawidSkene]:
        article = self.panel.article[units.sentence]
        for weights in self.bootstrap.weights:
            # From where the estimate of all ends, so that truths cannot swap places.
            yield dawid_skene(patterns, 2, weights[article].astype(np.float64), found.truth, tolerance=1e-4)

    def _weeks(self, units: Units, truth: Floats, column: int) -> Iterator[WeekCompetence]:
        weeks = self.weeks[units.sentence, column]
        for week in sorted({*weeks.tolist()} - {""}):
            own = np.flatnonzero((weeks == week) & (units.codes[:, column] >= 0))
            if len(own):
                marked, likely = units.codes[own, column, None] == [1, 0], truth[own][:, ::-1]
                articles, local = np.unique(self.panel.article[units.sentence[own]], return_inverse=True)
                counts = summed(np.stack([likely * marked, likely], axis=1), local, len(articles))
                sensitivity, specificity = (self._share(counts[..., value], articles) for value in (0, 1))
                yield WeekCompetence(week=week, n_units=len(own), sensitivity=sensitivity, specificity=specificity)

    def _share(self, counts: Floats, articles: Integers) -> Estimate:
        """Estimate a share of sums over articles. *Shape:* (articles, 2), of a part and the whole."""
        whole = counts.sum(axis=0)
        sums = self.bootstrap.sums(counts, articles)
        return _estimate(float(ratio(whole[0], whole[1])), ratio(sums[:, 0], sums[:, 1]), whole[1])

    def _not_known(self, question: Question, label: str, units: Units, column: int) -> Competence:
        unknown = Estimate(value=None, undefined=NOT_ENOUGH)
        return Competence(
            annotator=self.panel.annotators[column],
            question=question.name,
            label=label,
            n_units=int((units.codes[:, column] >= 0).sum()),
            sensitivity=unknown,
            specificity=unknown,
            weeks=(),
        )


def _contested(units: Units) -> Units:
    kept = contested(units)
    return Units(units.codes[kept], units.n_codes, units.sentence[kept])


def _estimate(value: float, resampled: Floats, n_expected: float) -> Estimate:
    if n_expected < _ENOUGH_UNITS:
        return Estimate(value=None, undefined=TOO_FEW)
    return Estimate.with_interval(value, resampled)
