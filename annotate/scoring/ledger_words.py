"""The ledger in words, for a table or a page."""

from collections.abc import Sequence

from annotate.ledger.entry import Entry, Statement
from annotate.ledger.track_record import TrackRecord
from annotate.quality.figure import Figure
from annotate.scoring.display import model_name, percent
from annotate.wording import counted, visible


def when(entry: Entry) -> str:
    """Say until when: the last day, else the words that name it."""
    if entry.due is not None:
        return entry.due.isoformat()
    return f"“{visible(entry.horizon.text)}”" if entry.horizon else "not said"


def how(entry: Entry) -> str:
    """Say how firmly, and in which words."""
    if entry.strength is None:
        return "not read"
    condition = ", on a condition" if entry.conditional else ""
    return f"{visible(entry.strength.said)}: {entry.strength.step}, {percent(entry.strength.probability)}{condition}"


def who(entry: Entry) -> str:
    """Say whose word it is that the sentence predicts."""
    by = {"person": "labelled by a person", "draft": "drafted label, checked by nobody"}
    sure = f", {percent(entry.probability)}" if entry.probability is not None else ""
    return by.get(entry.found_by) or f"model {model_name(entry.annotator)}{sure}"


def came(entry: Entry) -> str:
    """Say what came of it, or that it is overdue."""
    if entry.overdue:
        return "overdue" if entry.verdict is None else f"overdue, was {entry.verdict.outcome}"
    return entry.verdict.outcome if entry.verdict else "open"


def place(statement: Statement) -> str:
    """Say where and when it was published, as far as that is known, and whether somebody else is quoted."""
    known = (statement.outlet, statement.author, statement.published and statement.published[:10])
    where = " · ".join(visible(part) for part in known if part) or "unknown source"
    return f"{where}, quoting somebody" if statement.quotation == "whole" else where


def summary(entries: Sequence[Entry]) -> str:
    """Say in a line what there is."""
    n_days = sum(entry.due is not None for entry in entries)
    n_judged = sum(entry.verdict is not None for entry in entries)
    parts = [counted(len(entries), "prediction"), f"{sum(entry.overdue for entry in entries)} overdue"]
    parts += [f"{n_days} with a last day", f"{n_judged} judged"]
    n_joined = sum(len(entry.repeats) for entry in entries)
    return ", ".join([*parts, *([f"{counted(n_joined, 'repeat')} joined"] if n_joined else [])])


def source(record: TrackRecord) -> str:
    """Name the source of a record."""
    return "source not known" if record.source is None else visible(record.source)


def too_few(record: TrackRecord) -> str:
    """Say why there are no figures."""
    if record.source is None:
        return "not one source, so nothing to say of it"
    return f"too few to say: {record.n_settled} settled, {record.n_needed} needed"


def with_ends(figure: Figure | None, *, as_percent: bool = False) -> str:
    """Write a figure with the ends of its interval; what is undefined is a dash."""
    if figure is None or figure.value is None:
        return "–"
    write = percent if as_percent else "{:.3f}".format
    ends = f" ({write(figure.low)} to {write(figure.high)})" if figure.low is not None else ""
    return f"{write(figure.value)}{ends}"


def number(value: float | None, digits: int = 3) -> str:
    """Write a number; what is undefined is a dash."""
    return "–" if value is None else f"{value:.{digits}f}"
