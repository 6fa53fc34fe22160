"""The labels that models learn from and are measured on."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from annotate.annotation import Annotation, check_answers, check_carries
from annotate.config import Workspace
from annotate.corpus.store import read_records
from annotate.errors import ConfigError, SourceError, TrainingError
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema


def read_labels(workspace: Workspace, paths: Sequence[Path], schema: LabelSchema) -> list[Annotation]:
    """Read annotations from label files, else from the workspace's, and what was adjudicated there (``Gold``).

    Raises:
        TrainingError: There are none.
        SourceError: A file is broken, or holds answers to other questions.
    """
    gold = [workspace.gold_file] if workspace.gold_file.is_file() else []
    paths = paths or [*workspace.label_files, *gold]
    annotations = [_checked(record, schema, path) for path in paths for record in _read(path)]
    if not annotations:
        looked = ", ".join(map(str, paths)) or "none of the label files exists"
        raise TrainingError(f"{looked}: no labels; label sentences in Label Studio, then run `annot pull`")
    return annotations


def read_answers(workspace: Workspace, paths: Sequence[Path], schema: LabelSchema) -> list[Annotation]:
    """Read annotators' own answers (see ``read_labels``), without what was adjudicated."""
    labels = read_labels(workspace, paths, schema)
    answers = [annotation for annotation in labels if not isinstance(annotation, Gold)]
    if not answers:
        raise TrainingError(f"{workspace.root}: only adjudicated labels; name the files of the annotators' own")
    return answers


def _read(path: Path) -> Iterator[Annotation]:
    return read_records(path, Gold if _is_gold(path) else Annotation)


def _is_gold(path: Path) -> bool:
    """Tell by its first line whether a file holds adjudicated labels; a broken file is told when it is read."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            return '"decided_by":' in next((line for line in lines if line.strip()), "")
    except OSError:
        return False


def _checked(annotation: Annotation, schema: LabelSchema, path: Path) -> Annotation:
    try:
        check_carries(annotation, schema)
        return annotation.model_copy(update={"answers": check_answers(annotation.answers, schema)})
    except ConfigError as error:
        raise SourceError(f"{path}: sentence {annotation.uid}: {error}; the labels are of another schema") from error
