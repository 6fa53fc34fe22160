"""The labels that models learn from and are measured on."""

from collections.abc import Sequence
from pathlib import Path

from annotate.annotation import Annotation, check_answers
from annotate.config import Workspace
from annotate.corpus.store import read_records
from annotate.errors import ConfigError, SourceError, TrainingError
from annotate.schema import LabelSchema


def read_labels(workspace: Workspace, paths: Sequence[Path], schema: LabelSchema) -> list[Annotation]:
    """Read annotations from label files, else from the workspace's.

    Raises:
        TrainingError: There are none.
        SourceError: A file is broken, or holds answers to other questions.
    """
    paths = paths or workspace.label_files
    annotations = [_checked(record, schema, path) for path in paths for record in read_records(path, Annotation)]
    if not annotations:
        looked = ", ".join(map(str, paths)) or "none of the label files exists"
        raise TrainingError(f"{looked}: no labels; label sentences in Label Studio, then run `annot pull`")
    return annotations


def _checked(annotation: Annotation, schema: LabelSchema, path: Path) -> Annotation:
    try:
        return annotation.model_copy(update={"answers": check_answers(annotation.answers, schema)})
    except ConfigError as error:
        raise SourceError(f"{path}: sentence {annotation.uid}: {error}; the labels are of another schema") from error
