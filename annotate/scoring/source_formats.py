"""Profiles of sources for other programs: JSON, JSON Lines, CSV, Parquet and Markdown."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pyarrow
from pyarrow import parquet

from annotate.corpus.store import to_lines
from annotate.quality.figure import Figure
from annotate.scoring.display import interval
from annotate.scoring.formats import harmless
from annotate.scoring.markdown import LIMITS, table
from annotate.scoring.source_records import SourceDifference, SourceLabel, SourceProfile, SourceProfiles
from annotate.wording import escaped

_FIGURES = ("share", "adjusted_share", "outside_quotations", "inside_quotations", "spans_per_1000_words")
_FIGURES_OF_TIME = ("change_per_year", "adjusted_change_per_year")
_COUNTS = ("n_scored", "n_by_people", "n_decided")


def to_json(profiles: SourceProfiles) -> str:
    """Write one JSON document."""
    return profiles.model_dump_json(indent=2) + "\n"


def to_jsonl(profiles: SourceProfiles) -> str:
    """Write one source a line."""
    return "".join(to_lines(profiles.sources))


def to_csv(profiles: SourceProfiles) -> str:
    """Write one row for each source and label, none of its cells a formula; a source of too few has no label."""
    file = io.StringIO()
    rows = csv.DictWriter(file, columns(), lineterminator="\n")
    rows.writeheader()
    rows.writerows({name: harmless(cell) for name, cell in row.items()} for row in _rows(profiles))
    return file.getvalue()


def to_parquet(profiles: SourceProfiles) -> bytes:
    """Write the rows of the CSV as Parquet."""
    strings = {"source", "first", "last", "label"}
    integers = {"n_articles", "n_sentences", *_COUNTS}
    kinds = {name: pyarrow.string() for name in strings} | {name: pyarrow.int64() for name in integers}
    fields = [
        (name, pyarrow.bool_() if name == "too_few" else kinds.get(name, pyarrow.float64())) for name in columns()
    ]
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(pyarrow.Table.from_pylist(list(_rows(profiles)), schema=pyarrow.schema(fields)), sink)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def columns() -> list[str]:
    """Name the columns of a table of sources."""
    figures = [f"{name}{end}" for name in (*_FIGURES, *_FIGURES_OF_TIME) for end in ("", "_low", "_high")]
    return ["source", "n_articles", "n_sentences", "too_few", "first", "last", "label", *_COUNTS, *figures]


def to_markdown(profiles: SourceProfiles) -> str:
    """Write the sources, how they differ, and what to know beside it."""
    parts = [f"# Sources by {profiles.by}", LIMITS, *(_source(source, profiles) for source in profiles.sources)]
    if profiles.differences:
        rows = (_difference_row(each) for each in profiles.differences)
        headings = ("Sources", "Label", "Difference", "Likely difference", "p, corrected")
        parts += ["## Comparison", table(headings, rows)]
    if profiles.notes:
        parts.append("\n".join(f"- {escaped(note)}" for note in profiles.notes))
    return "\n\n".join(parts) + "\n"


def told_p(difference: SourceDifference) -> str:
    """Write a corrected p-value for people."""
    p = difference.p_adjusted
    if p is None:
        return "–"
    return "<.001" if p < 0.001 else f"{p:.3f}"  # noqa: PLR2004


def told_difference(figure: Figure | None) -> str:
    """Write a difference of shares in percentage points."""
    if figure is None or figure.value is None:
        return "–"
    value, *ends = (f"{100 * end:+.1f}" for end in (figure.value, figure.low, figure.high) if end is not None)
    return f"{value} [{', '.join(ends)}]" if ends else value


def _rows(profiles: SourceProfiles) -> Iterator[dict[str, Any]]:
    for source in profiles.sources:
        known = source.model_dump(exclude={"labels", "name"}) | {"source": source.name}
        if source.too_few:
            yield known
        for label in source.labels:
            counts = {name: getattr(label, name) for name in ("label", *_COUNTS)}
            yield known | counts | dict(_figure_cells(label))


def _figure_cells(label: SourceLabel) -> Iterator[tuple[str, float | None]]:
    for name in (*_FIGURES, *_FIGURES_OF_TIME):
        figure = getattr(label, name)
        if figure is not None:
            yield from ((name, figure.value), (f"{name}_low", figure.low), (f"{name}_high", figure.high))


def _source(source: SourceProfile, profiles: SourceProfiles) -> str:
    heading = f"## {escaped(source.name)}"
    if source.too_few:
        return f"{heading}\n\n{source.n_articles} of {profiles.minimum} articles: too few to say."
    rows = (
        (
            escaped(label.label),
            f"{label.n_decided} of {label.n_scored}",
            escaped(interval(label.share)),
            "" if label.adjusted_share is None else escaped(interval(label.adjusted_share)),
            escaped(interval(label.outside_quotations)),
            "" if label.spans_per_1000_words is None else escaped(interval(label.spans_per_1000_words, 1)),
        )
        for label in source.labels
    )
    headings = ("Label", "Sentences", "Share", "Likely", "Outside quotations", "per 1,000 words")
    return f"{heading}\n\n{source.n_articles} articles\n\n{table(headings, rows)}"


def _difference_row(difference: SourceDifference) -> tuple[str, ...]:
    figures = (told_difference(difference.difference), told_difference(difference.adjusted))
    names = escaped(f"{difference.first} – {difference.second}")
    return names, escaped(difference.label), *map(escaped, figures), escaped(told_p(difference))
