"""The ledger for a terminal and for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from annotate.ledger.entry import Entry
from annotate.ledger.track_record import TrackRecord
from annotate.scoring.display import percent
from annotate.scoring.formats import harmless
from annotate.scoring.ledger_words import came, how, number, place, source, summary, too_few, when, with_ends
from annotate.wording import visible

COLUMNS = (
    *("uid", "article_id", "outlet", "author", "published", "url", "title", "text", "found_by", "annotator"),
    *("probability", "horizon", "horizon_kind", "due", "expression", "step", "strength", "conditional", "overdue"),
    *("repeats", "outcome", "evidence", "note"),
)
"""The columns of the table for spreadsheets."""


def to_ledger_table(entries: Sequence[Entry], records: Sequence[TrackRecord] = ()) -> Group:
    """Show predictions, overdue ones first, and the record of each source."""
    table = Table(box=SIMPLE_HEAD)
    for heading, width in (("Due", 14), ("Put", 16), ("Source", 18), ("Sentence", None), ("Came of it", 12)):
        table.add_column(heading, width=width, ratio=None if width else 1)
    for entry in entries:
        table.add_row(*map(Text, (when(entry), how(entry), _source(entry), visible(entry.text), came(entry))))
    parts: list[RenderableType] = [table] if entries else []
    return Group(*parts, Text(summary(entries)), *([to_record_table(records)] if records else []))


def to_record_table(records: Sequence[TrackRecord]) -> Table:
    """Show the record of each source; without enough settled predictions, that there are too few."""
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Source")
    for heading in ("Settled", "Came true", "Partly as not / as true", "Brier score", "of the base rate", "Skill"):
        table.add_column(heading, justify="right")
    for record in records:
        settled = f"{record.n_settled} in {record.n_articles}"
        table.add_row(*map(Text, (source(record), settled, *_figures(record))))
    return table


def to_ledger_csv(entries: Sequence[Entry]) -> str:
    """Write one row a prediction; what a spreadsheet would run as a formula gets an apostrophe in front."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    for entry in entries:
        cells = _cells(entry)
        rows.writerow([harmless(cells[name]) for name in COLUMNS])
    return file.getvalue()


def _source(entry: Entry) -> str:
    repeats = f" (and {len(entry.repeats)} more)" if entry.repeats else ""
    return f"{place(entry)}{repeats}"


def _figures(record: TrackRecord) -> Iterator[str]:
    if record.share is None:
        yield from (too_few(record), "", "", "", "")
        return
    yield with_ends(record.share, as_percent=True)
    yield f"{percent(record.share_if_not)} / {percent(record.share_if_true)}"
    yield with_ends(record.brier)
    yield number(record.base_brier)
    yield number(record.skill, 2)


def _cells(entry: Entry) -> dict[str, object]:
    horizon, strength, verdict = entry.horizon, entry.strength, entry.verdict
    return dict(entry) | {
        "horizon": horizon and horizon.text,
        "horizon_kind": horizon and horizon.kind,
        "due": entry.due,
        "expression": strength and strength.expression,
        "step": strength and strength.step,
        "strength": strength and strength.probability,
        "repeats": "; ".join(repeat.uid for repeat in entry.repeats),
        "outcome": verdict and verdict.outcome,
        "evidence": verdict and verdict.evidence,
        "note": verdict and verdict.note,
    }
