"""What a table and a page say of agreement, in words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from annotate.quality.agreement.report import AgreementReport, Estimate, LabelAgreement, QuestionAgreement
from annotate.wording import counted, visible

_FEW_ARTICLES = 10

DRAFTS = (
    "These answers are drafts of models, not people's: no person has seen them. The figures tell how alike the drafts "
    "are, not how good."
)
CARE = (
    "An estimate from answers alone: nobody knows the truth here, and who reads differently from the rest for a good "
    "reason looks wrong. Labels differ in difficulty and people in what they were given. Talk about sentences, not "
    "about figures, and do not rank people by them."
)


class Measured(NamedTuple):
    """A label, or a single choice as a whole, with its name and the question it belongs to."""

    name: str
    question: QuestionAgreement
    figures: LabelAgreement


def measured(report: AgreementReport) -> list[Measured]:
    """List what was measured, in the schema's order."""
    return [
        Measured(visible(figures.label or f"{question.question} (all)"), question, figures)
        for question in report.questions
        for figures in question.labels
    ]


def basis(report: AgreementReport) -> str:
    """Say what the figures rest on."""
    return (
        f"{counted(report.n_sentences, 'sentence')} of {counted(report.n_articles, 'article')}, "
        f"{counted(len(report.annotators), 'annotator')}"
    )


def remarks(report: AgreementReport) -> Iterator[str]:
    """Say what a reader must know before the figures."""
    if report.drafts:
        yield DRAFTS
    for question in report.questions:
        if question.n_left_out:
            left_out = counted(question.n_left_out, "sentence")
            yield f"{visible(question.question)}: {left_out} with a single answer left out."
    if 1 < report.n_articles < _FEW_ARTICLES:
        yield f"Intervals rest on {report.n_articles} articles only, and are narrower than they should be."
    if report.n_articles == 1:
        yield "One article alone cannot be resampled, so there are no intervals."
    for name, _, figures in measured(report):
        if figures.alpha.undefined:
            yield f"{name}: no alpha, for {figures.alpha.undefined}."


def number(value: float | None) -> str:
    """Write a figure with two digits; what is undefined is –."""
    return "–" if value is None else f"{value:.2f}"


def with_interval(estimate: Estimate) -> str:
    """Write a figure and its interval, as in "0.71 [0.65, 0.77]"."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return number(estimate.value)
    return f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]"


def spread(estimates: Sequence[Estimate]) -> str:
    """Write the lowest and the highest of several figures, as in "0.61–0.74"."""
    values = [estimate.value for estimate in estimates if estimate.value is not None]
    if not values:
        return "–"
    low, high = number(min(values)), number(max(values))
    return low if low == high else f"{low}–{high}"


def units(figures: LabelAgreement) -> str:
    """Write over how many sentences or words a label is measured."""
    return counted(figures.n_units, figures.unit)
