"""Which annotations the last training has seen, so that `annot serve` can count new ones."""

from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.corpus.store import read_records, to_lines, write_text
from annotate.models.folder import METRICS, in_use


def fingerprints(workspace: Workspace) -> dict[str, Annotation]:
    """Return what people answered, by digests of the answers: one that is changed has another."""
    path = workspace.labels_file
    if not path.is_file():
        return {}
    return {
        sha256(line.encode()).hexdigest()[:16]: one
        for one in read_records(path, Annotation)
        for line in to_lines([one])
    }


def new_among(found: dict[str, Annotation], workspace: Workspace) -> int:
    """Count the answers that no training has seen.

    Without a record of earlier trainings, answers older than the model in use count as seen.
    """
    path = _memory(workspace)
    if path.is_file():
        seen = set(path.read_text("utf-8").split())
        return len(found.keys() - seen)
    trained = _trained_at(workspace)
    return sum(trained is None or one.created_at is None or _moment(one.created_at) > trained for one in found.values())


def mark_learned(found: Iterable[str], workspace: Workspace) -> None:
    """Keep which answers a training has seen."""
    write_text(_memory(workspace), (f"{digest}\n" for digest in sorted(found)))


def _memory(workspace: Workspace) -> Path:
    return workspace.state / "learned.txt"


def _trained_at(workspace: Workspace) -> datetime | None:
    name = in_use(workspace.models)
    record = None if name is None else workspace.models / name / METRICS
    return datetime.fromtimestamp(record.stat().st_mtime, UTC) if record is not None and record.is_file() else None


def _moment(stamp: str) -> datetime:
    moment = datetime.fromisoformat(stamp)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
