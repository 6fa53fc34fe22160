"""`annot train`: labels to a model."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.corpus.store import to_lines
from annotate.errors import TrainingError
from annotate.models.folder import model_names
from annotate.models.training_record import Recipe, TrainingData, TrainingRecord
from annotate.progress import Progress, silent
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.workflow.labels import read_labels
from annotate.workflow.model import use_model

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class TrainResult:
    """The trained model and how it came to be."""

    name: str
    folder: Path
    record: TrainingRecord


def train(
    workspace: Workspace,
    labels: Sequence[Path] = (),
    recipe: Recipe | None = None,
    name: str | None = None,
    progress: Progress = silent,
) -> TrainResult:
    """Train a model on label files, else on the workspace's, and make it the one in use.

    Raises:
        TrainingError: There are no labels, or nothing can be learned from them.
        ModelError: The base encoder cannot be used, or a model of that name is there.
        StoreError: The model cannot be written; nothing is left behind.
    """
    recipe = recipe or default_recipe(workspace)
    schema = LabelSchema.read(workspace.schema_file)
    folder = workspace.models / (name or _next_name(workspace.models))
    _check_name(folder)
    annotations = read_labels(workspace, labels, schema)
    labelled = gold(annotations, schema)
    _check_learnable(labelled)
    progress("Loading the base encoder")
    # Only here, for torch takes seconds to load, and labels that are no good are told before.
    from annotate.learning.checkpoint import save
    from annotate.learning.learn import learn

    trained = learn(labelled, _data(annotations, labelled), schema, recipe, progress)
    progress("Saving")
    save(trained, folder, labelled)
    use_model(workspace, folder.name)
    return TrainResult(folder.name, folder, trained.record)


def default_recipe(workspace: Workspace) -> Recipe:
    """Return the recipe that the settings ask for."""
    base = workspace.settings.base
    return Recipe() if base is None else Recipe(base=base)


def _check_name(folder: Path) -> None:
    if not _NAME.fullmatch(folder.name):
        raise TrainingError(f"'{folder.name}': not a model's name; use letters, digits, '.', '_' and '-'")
    if folder.exists():
        raise TrainingError(f"{folder}: there is such a model; choose another name, or delete the folder")


def _check_learnable(labelled: Sequence[Annotation]) -> None:
    if not any(answer for annotation in labelled for answer in annotation.answers.values()):
        raise TrainingError(f"{len(labelled)} sentences, and none carries a label: there is nothing to learn yet")


def _next_name(models: Path) -> str:
    taken = [int(name[1:]) for name in model_names(models) if re.fullmatch(r"v\d+", name)]
    return f"v{max(taken, default=0) + 1}"


def _data(annotations: Sequence[Annotation], labelled: Sequence[Annotation]) -> TrainingData:
    # Sorted, so that the same labels from files in another order have the same digest.
    lines = sorted(to_lines(annotations))
    return TrainingData(
        digest=sha256("".join(lines).encode()).hexdigest(),
        n_sentences=len(labelled),
        articles=tuple(sorted({annotation.article_id for annotation in labelled})),
        annotators=tuple(sorted({annotation.annotator for annotation in annotations})),
        origins=dict(Counter(annotation.origin for annotation in labelled)),
    )
