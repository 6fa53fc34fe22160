"""The ledger as one HTML file, complete in itself: no network, no script, and the same bytes for the same entries."""

from collections.abc import Sequence
from datetime import date

from annotate.ledger.entry import Entry
from annotate.ledger.strength import SCALE
from annotate.ledger.track_record import TrackRecord
from annotate.scoring import ledger_words
from annotate.scoring.page import render_page


def render_ledger(entries: Sequence[Entry], records: Sequence[TrackRecord], today: date) -> str:
    """Lay out predictions, overdue ones first, with the record of each source."""
    return render_page(
        "ledger.html.j2",
        ["tables.css", "ledger.css"],
        groups=[group for group in _groups(entries) if group[2]],
        records=records,
        scale=SCALE,
        today=today,
        words=ledger_words,
    )


def _groups(entries: Sequence[Entry]) -> list[tuple[str, str, list[Entry]]]:
    waiting = [entry for entry in entries if entry.is_open]
    return [
        ("overdue", "Overdue", [entry for entry in waiting if entry.overdue]),
        ("due", "Still to come", [entry for entry in waiting if entry.due and not entry.overdue]),
        ("undated", "Without a last day", [entry for entry in waiting if not entry.due]),
        ("judged", "Judged", [entry for entry in entries if not entry.is_open]),
    ]
