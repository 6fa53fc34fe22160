"""`annot train`: labels to a model."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.corpus.store import to_lines
from annotate.errors import TrainingError
from annotate.models.folder import is_model_name
from annotate.models.training_record import Recipe, TrainingData, TrainingRecord
from annotate.progress import Progress, silent
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.workflow.labels import read_labels
from annotate.workflow.locks import alone
from annotate.workflow.model import use_model


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
    _check_name(name)
    with alone(workspace, "training", wait=False):
        return _train(workspace, labels, recipe or default_recipe(workspace), name, progress)


def _train(
    workspace: Workspace, labels: Sequence[Path], recipe: Recipe, name: str | None, progress: Progress
) -> TrainResult:
    schema = LabelSchema.read(workspace.schema_file)
    folder = _new_folder(workspace.models, name)
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


def _check_name(name: str | None) -> None:
    if name is not None and not is_model_name(name):
        raise TrainingError(f"{name!r}: not a model's name; use letters, digits, '.', '_' and '-'")


def _new_folder(models: Path, name: str | None) -> Path:
    """Return the folder of a model to be: of that name, else of the next number that is free."""
    if name is None:
        return next(folder for number in count(1) if not (folder := models / f"v{number}").exists())
    if (models / name).exists():
        raise TrainingError(f"{models / name}: there is such a model; choose another name, or delete the folder")
    return models / name


def _check_learnable(labelled: Sequence[Annotation]) -> None:
    if not any(any(each.answers.values()) or any(each.carries.values()) for each in labelled):
        raise TrainingError(f"{len(labelled)} sentences, and none carries a label: there is nothing to learn yet")


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
