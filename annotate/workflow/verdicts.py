"""What people made of predictions, in a file."""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from annotate.corpus.store import Replaced, read_records, replace_records
from annotate.errors import SourceError
from annotate.ledger.entry import Entry, in_order
from annotate.ledger.track_record import By, TrackRecord, track_records


def read_verdicts(path: Path) -> list[Entry]:
    """Return the predictions that people have judged, each once with its last verdict; none without a file."""
    return latest(read_records(path, Entry)) if path.is_file() else []


def latest(judged: Iterable[Entry]) -> list[Entry]:
    """Return each prediction once, with the last verdict on it."""
    ordered = sorted((entry for entry in judged if entry.verdict), key=_judged_at)
    return list({entry.uid: entry for entry in ordered}.values())


def with_verdicts(entries: Sequence[Entry], judged: Sequence[Entry], today: date) -> list[Entry]:
    """Return entries with the verdict on any of their sentences, in order."""
    by_uid = {uid: entry.verdict for entry in judged for uid in entry.uids}
    found = []
    for entry in entries:
        verdicts = (by_uid[uid] for uid in sorted(entry.uids) if uid in by_uid)
        found.append(entry.model_copy(update={"verdict": next(verdicts, None)}).at(today))
    return sorted(found, key=in_order)


def replace_verdicts(path: Path, judged: Sequence[Entry]) -> Replaced:
    """Write verdicts; a file there that holds others is kept beside it."""
    return replace_records(path, judged, Entry, _key)


def read_track_records(path: Path, by: By, fewest: int) -> list[TrackRecord]:
    """Return the record of every source of which predictions were judged.

    Raises:
        SourceError: There are no verdicts.
    """
    judged = read_verdicts(path)
    if not judged:
        raise SourceError(
            f"{path}: no verdicts yet; run `annot ledger push SOURCE`, judge predictions in Label Studio, then run"
            " `annot ledger pull`"
        )
    return track_records(judged, by, fewest)


def _judged_at(entry: Entry) -> str:
    return entry.verdict.judged_at if entry.verdict else ""


def _key(entry: Entry) -> tuple[str, str]:
    return entry.uid, entry.verdict.judged_by if entry.verdict else ""
