"""Agreement for a terminal.

Everything is ``rich.text.Text``: in a plain string, rich would obey square brackets that a sentence happens to hold.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from annotate.quality.agreement.report import AgreementReport, Competence, Disputed
from annotate.scoring.agreement_view import (
    CARE,
    Measured,
    basis,
    measured,
    number,
    remarks,
    spread,
    units,
    with_interval,
)
from annotate.wording import visible

_N_PAIRS = 10
_N_ARTICLES = 10
_N_DISPUTED = 5


def to_agreement_table(report: AgreementReport) -> Group:
    """Show all figures but those that would be very many, which JSON and the page hold."""
    found = measured(report)
    parts: list[RenderableType] = [Text(basis(report), style="bold")]
    parts += [Text(remark) for remark in remarks(report)]
    parts += [_labels(found), *_spans(found), *_annotators(found), *_pairs(found), *_parts(found)]
    parts += _disputed(report.disputed[:_N_DISPUTED])
    if report.competence is not None:
        parts += _competence(report.competence)
    return Group(*parts)


def _labels(found: Sequence[Measured]) -> Table:
    table = _table("Label", "over", "alpha", "kappa", "F1 to others")
    for name, _, figures in found:
        kappas, f1s = [pair.kappa for pair in figures.pairs], [each.f1 for each in figures.annotators]
        _row(table, name, units(figures), with_interval(figures.alpha), spread(kappas), spread(f1s))
    return table


def _spans(found: Sequence[Measured]) -> Iterator[Table]:
    of_spans = [(name, figures.spans) for name, _, figures in found if figures.spans is not None]
    if of_spans:
        table = _table("Spans", "F1, ends the same", "F1, overlap counts half", "alpha for unitizing")
        for name, spans in of_spans:
            _row(table, name, *map(with_interval, (spans.exact_f1, spans.partial_f1, spans.unitizing_alpha)))
        yield table


def _annotators(found: Sequence[Measured]) -> Iterator[Table]:
    rows = [(each, name) for name, _, figures in found for each in figures.annotators]
    if rows:
        table = _table("Annotator", "label", "over", "precision", "recall", "F1 to others")
        for each, name in sorted(rows, key=lambda row: row[0].annotator):
            shares = number(each.precision.value), number(each.recall.value)
            _row(table, visible(each.annotator), name, str(each.n_units), *shares, with_interval(each.f1))
        yield table


def _pairs(found: Sequence[Measured]) -> Iterator[RenderableType]:
    pairs = [(pair, name) for name, _, figures in found for pair in figures.pairs]
    if len({pair.annotators for pair, _ in pairs}) > _N_PAIRS:
        yield Text("Pairs of annotators are many; --format json and html list them.\n")
    elif pairs:
        table = _table("Pair", "label", "over", "kappa")
        for pair, name in sorted(pairs, key=lambda row: row[0].annotators):
            both = visible(" and ".join(pair.annotators))
            _row(table, both, name, str(pair.n_units), with_interval(pair.kappa))
        yield table


def _parts(found: Sequence[Measured]) -> Iterator[Table]:
    parts = [(part, name) for name, _, figures in found for part in figures.parts]
    for by, group in groupby(sorted(parts, key=lambda row: row[0].by), key=lambda row: row[0].by):
        rows = sorted(group, key=lambda row: row[0].name)
        if by == "article":
            rows = sorted(rows, key=lambda row: (row[0].alpha.value is None, row[0].alpha.value))[:_N_ARTICLES]
        if len({part.name for part, _ in rows}) > 1:
            heading = "Article (lowest first)" if by == "article" else by.capitalize()
            table = _table(heading, "label", "over", "alpha")
            for part, name in rows:
                _row(table, visible(part.name), name, str(part.n_units), with_interval(part.alpha))
            yield table


def _disputed(sentences: Sequence[Disputed]) -> Iterator[RenderableType]:
    if sentences:
        yield Text("Disputed most", style="bold")
    for sentence in sentences:
        yield Padding(Text(f"{sentence.uid}  {visible(sentence.text)}"), (1, 0, 0, 1))
        for annotator, answers in sentence.answers.items():
            said = "; ".join(answers.values()) or "nothing"
            yield Padding(Text(f"{visible(annotator)}: {visible(said)}", style="dim"), (0, 0, 0, 3))


def _competence(found: Sequence[Competence]) -> Iterator[RenderableType]:
    yield Padding(Text("What annotators find and leave", style="bold"), (1, 0, 0, 0))
    yield Text(CARE)
    table = _table("Annotator", "label", "over", "sensitivity", "specificity")
    for each in sorted(found, key=lambda each: each.annotator):
        figures = [estimate.undefined or with_interval(estimate) for estimate in (each.sensitivity, each.specificity)]
        _row(table, visible(each.annotator), visible(each.label), str(each.n_units), *figures)
    yield table
    weeks = [(each, week) for each in found for week in each.weeks if len(each.weeks) > 1]
    if weeks:
        table = _table("Annotator", "label", "week", "over", "sensitivity", "specificity")
        for each, week in weeks:
            figures = [e.undefined or with_interval(e) for e in (week.sensitivity, week.specificity)]
            _row(table, visible(each.annotator), visible(each.label), week.week, str(week.n_units), *figures)
        yield table


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(first)
    for heading in others:
        table.add_column(heading, justify="left" if heading in ("label", "week") else "right", no_wrap=True)
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(*map(Text, cells))
