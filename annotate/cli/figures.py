"""Figures of an evaluation as tables for a terminal."""

from collections.abc import Collection, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from annotate.quality.assessment import Assessment, LabelAssessment
from annotate.quality.figure import Figure

# Headings, and the names of the figures below them.
OF_SENTENCES = {
    "prec.": "precision",
    "recall": "recall",
    "F1": "f1",
    "macro F1": "macro_f1",
    "MCC": "mcc",
    "AP": "average_precision",
    "ECE": "calibration_error",
}
OF_SPANS = {
    "prec. words": "words_precision",
    "recall words": "words_recall",
    "F1 words": "words_f1",
    "F1 spans": "spans_f1",
    "F1 partial": "partial_f1",
}
_COMPARED = ("f1", "macro_f1", "mcc", "words_f1", "spans_f1", "partial_f1")
_Row = Sequence[str]


def assessment_tables(assessment: Assessment, title: str) -> RenderableType:
    """Lay out figures by label, with the ends of their intervals and what people reach; undefined is a dash."""
    headings = OF_SENTENCES
    if not any(label.calibration for label in assessment.labels):
        headings = {heading: name for heading, name in headings.items() if name != "calibration_error"}
    of_spans = [label for label in assessment.labels if "words_f1" in label.figures]
    tables = [_table(("label", "n", "of", *headings), _rows(assessment.labels, headings.values(), counts=True))]
    if of_spans:
        tables.append(_table(("label", *OF_SPANS), _rows(of_spans, OF_SPANS.values())))
    mean = f"n: sentences with the label; mean F1 of the labels: {_with_ends(assessment.mean_f1)}"
    return Group(Text(title, style="bold"), *tables, *map(Text, [mean, *assessment.notes]))


def comparison_table(assessment: Assessment, first: str, second: str) -> RenderableType:
    """Lay out the differences between two models."""
    headings = ("label", "figure", first, second, "difference", "from", "to", "p")
    return _table(headings, _differences(assessment.labels))


def shown(figure: float | None) -> str:
    """Write a figure with two decimals; undefined is a dash."""
    return "–" if figure is None else f"{figure:.2f}"


def _table(headings: Sequence[str], rows: Iterator[_Row]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in headings:
        table.add_column(Text(heading), justify="left" if heading in ("label", "figure") else "right", no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _rows(labels: Sequence[LabelAssessment], names: Collection[str], *, counts: bool = False) -> Iterator[_Row]:
    for label in labels:
        found = [_figure(label, name) for name in names]
        n = [str(label.n_positive), str(label.n_sentences)] if counts else []
        yield [label.label, *n, *(shown(figure.value) for figure in found)]
        blank = [""] * len(n)
        if any(figure.low is not None for figure in found):
            yield ["  from", *blank, *(_end(figure.low) for figure in found)]
            yield ["  to", *blank, *(_end(figure.high) for figure in found)]
        if label.people:
            people = [label.people.get(name) for name in names]
            yield ["  people", *blank, *("" if each is None else shown(each.mean) for each in people)]
            yield ["    from", *blank, *("" if each is None else shown(each.low) for each in people)]
            yield ["    to", *blank, *("" if each is None else shown(each.high) for each in people)]


def _differences(labels: Sequence[LabelAssessment]) -> Iterator[_Row]:
    for label in labels:
        for name in (name for name in _COMPARED if name in label.differences):
            each = label.differences[name]
            ends = (_end(each.difference.low), _end(each.difference.high))
            p = "–" if each.p is None else f"{each.p:.3f}"
            yield (
                label.label,
                _heading(name),
                shown(each.first),
                shown(each.second),
                shown(each.difference.value),
                *ends,
                p,
            )


def _heading(name: str) -> str:
    return next(heading for heading, each in (OF_SENTENCES | OF_SPANS).items() if each == name)


def _figure(label: LabelAssessment, name: str) -> Figure:
    if name == "calibration_error":
        return label.calibration.error if label.calibration else Figure(value=None)
    return label.figures.get(name, Figure(value=None))


def _end(figure: float | None) -> str:
    return "" if figure is None else shown(figure)


def _with_ends(figure: Figure) -> str:
    ends = f" ({shown(figure.low)} to {shown(figure.high)})" if figure.low is not None else ""
    return f"{shown(figure.value)}{ends}"
