"""Every figure of agreement, by question, label, annotator and part of the sentences."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Literal, NamedTuple

import numpy as np

from annotate.progress import Progress, silent
from annotate.quality.agreement import figures, spans
from annotate.quality.agreement.coefficients import alpha, coincidences, confusion, kappa
from annotate.quality.agreement.disputes import disputed
from annotate.quality.agreement.panel import Flags, Integers, Panel, Units
from annotate.quality.agreement.report import (
    AgreementReport,
    AnnotatorAgreement,
    Estimate,
    LabelAgreement,
    PairAgreement,
    PartAgreement,
    QuestionAgreement,
    SpanAgreement,
)
from annotate.quality.bootstrap import Bootstrap, Floats
from annotate.schema import LabelSchema, Question

By = Literal["outlet", "week"]

_ONE = "one annotator"
_NO_PAIRS = "no unit has two answers"
_NO_VARIATION = "all answers are the same"
_NOTHING_MARKED = "nobody marked anything"
_NO_MAJORITY = "neither the annotator nor a majority of the others marked anything"


class Parts(NamedTuple):
    """How sentences are divided, besides by article: a name for each, ``None`` where it is not known."""

    by: By
    names: Sequence[str | None]


def measure(
    panel: Panel, schema: LabelSchema, parts: Sequence[Parts], *, drafts: bool, progress: Progress = silent
) -> AgreementReport:
    """Measure the agreement of a panel on every question; ``drafts`` tells that models answered."""
    measuring = _Measuring(panel, parts)
    questions = []
    for done, question in enumerate(schema.questions):
        progress("Measuring agreement", done, len(schema.questions))
        questions.append(measuring.question(question))
    return AgreementReport(
        drafts=drafts,
        annotators=panel.annotators,
        n_sentences=len(panel.sentences),
        n_articles=len(panel.articles),
        questions=tuple(questions),
        disputed=tuple(disputed(panel, schema)),
    )


class _Measuring:
    """The panel, and the resamples of its articles that all intervals rest on."""

    def __init__(self, panel: Panel, parts: Sequence[Parts]) -> None:
        self.panel = panel
        self.parts = parts
        self.bootstrap = Bootstrap(len(panel.articles))

    def question(self, question: Question) -> QuestionAgreement:
        n_answers = self.panel.answered(question).sum(axis=1)
        return QuestionAgreement(
            question=question.name,
            kind=question.kind,
            n_sentences=int((n_answers > 1).sum()),
            n_left_out=int((n_answers == 1).sum()),
            labels=tuple(self._labels(question)),
        )

    def _labels(self, question: Question) -> Iterator[LabelAgreement]:
        if question.kind == "single choice":
            yield self._label(self.panel.choices(question), None)
        for label in question.names:
            if question.kind == "spans":
                yield self._label(self.panel.words(question, label), label, self._spans(question, label))
            else:
                yield self._label(self.panel.carries(question, label), label)

    def _label(self, units: Units, label: str | None, found: SpanAgreement | None = None) -> LabelAgreement:
        article = self.panel.article[units.sentence]
        met = coincidences(units.codes, units.n_codes, article, len(self.panel.articles))
        return LabelAgreement(
            label=label,
            unit="sentence" if found is None else "word",
            n_units=_n_pairable(units),
            alpha=self._estimate(met, alpha, self._why(units)),
            spans=found,
            pairs=tuple(self._pairs(units, article)),
            annotators=() if label is None else tuple(self._annotators(units, article)),
            parts=(
                *self._articles(units, met, article),
                *(part for parts in self.parts for part in self._parts(units, article, parts)),
            ),
        )

    def _spans(self, question: Question, label: str) -> SpanAgreement:
        marks, answered = self.panel.marks(question, label), self.panel.answered(question)
        matched = spans.matched(marks, answered, self.panel)
        lengths = spans.lengths(marks, answered, self.panel)
        why = self._why_no_spans(answered)
        return SpanAgreement(
            exact_f1=self._estimate(matched, spans.exact_f1, why),
            partial_f1=self._estimate(matched, spans.partial_f1, why),
            unitizing_alpha=self._estimate(lengths, spans.unitizing_alpha, why),
        )

    def _pairs(self, units: Units, article: Integers) -> Iterator[PairAgreement]:
        for one, other in combinations(range(len(self.panel.annotators)), 2):
            counts = confusion(units.codes[:, [one, other]], units.n_codes, article, len(self.panel.articles))
            n_units = int(counts.sum())
            if n_units:
                names = (self.panel.annotators[one], self.panel.annotators[other])
                yield PairAgreement(
                    annotators=names, n_units=n_units, kappa=self._estimate(counts, kappa, _NO_VARIATION)
                )

    def _annotators(self, units: Units, article: Integers) -> Iterator[AnnotatorAgreement]:
        for column, name in enumerate(self.panel.annotators):
            counts = figures.against_others(units.codes, column, article, len(self.panel.articles))
            yield AnnotatorAgreement(
                annotator=name,
                n_units=int(counts[:, 3].sum()),
                precision=self._estimate(counts, figures.precision, _NO_MAJORITY),
                recall=self._estimate(counts, figures.recall, _NO_MAJORITY),
                f1=self._estimate(counts, figures.f1, _NO_MAJORITY),
            )

    def _articles(self, units: Units, met: Floats, article: Integers) -> Iterator[PartAgreement]:
        """Yield the agreement on each article, all at once, for there may be as many as sentences."""
        pairable = (units.codes >= 0).sum(axis=1) > 1
        n_units = np.bincount(article[pairable], minlength=len(met)).tolist()
        for name, number, value in zip(self.panel.articles, n_units, alpha(met).tolist(), strict=True):
            if number:
                found = Estimate(value=value) if np.isfinite(value) else Estimate(value=None, undefined=_NO_VARIATION)
                yield PartAgreement(by="article", name=name, n_units=number, alpha=found)

    def _parts(self, units: Units, article: Integers, parts: Parts) -> Iterator[PartAgreement]:
        names, of = np.unique([name or "" for name in parts.names], return_inverse=True)
        order = np.argsort(of[units.sentence], kind="stable")
        ends = np.searchsorted(of[units.sentence][order], np.arange(len(names) + 1))
        for name, (start, end) in zip(names.tolist(), pairwise(ends.tolist()), strict=True):
            inside = order[start:end]
            some = Units(units.codes[inside], units.n_codes, units.sentence[inside])
            n_units = _n_pairable(some)
            if name and n_units:
                articles, local = np.unique(article[inside], return_inverse=True)
                met = coincidences(some.codes, some.n_codes, local, len(articles))
                found = self._estimate(met, alpha, self._why(some), articles)
                yield PartAgreement(by=parts.by, name=name, n_units=n_units, alpha=found)

    def _estimate(
        self, by_article: Floats, figure: Callable[[Floats], Floats], why: str, articles: Integers | None = None
    ) -> Estimate:
        """Estimate a figure of a sum over articles, all or those; where it is not defined, ``why`` says so."""
        value = float(figure(by_article.sum(axis=0)))
        if not np.isfinite(value):
            return Estimate(value=None, undefined=why)
        if not _varied(by_article):
            return Estimate(value=value)
        return Estimate.with_interval(value, figure(self.bootstrap.sums(by_article, articles)))

    def _why(self, units: Units) -> str:
        """Say why alpha is undefined, if it is."""
        if len(self.panel.annotators) == 1:
            return _ONE
        return _NO_VARIATION if _n_pairable(units) else _NO_PAIRS

    def _why_no_spans(self, answered: Flags) -> str:
        if len(self.panel.annotators) == 1:
            return _ONE
        return _NOTHING_MARKED if (answered.sum(axis=1) > 1).any() else _NO_PAIRS


def _n_pairable(units: Units) -> int:
    return int(((units.codes >= 0).sum(axis=1) > 1).sum())


def _varied(by_article: Floats) -> bool:
    """Tell whether at least two articles have a part in a statistic: one alone cannot be resampled."""
    return int((by_article.reshape(len(by_article), -1) != 0).any(axis=1).sum()) > 1
