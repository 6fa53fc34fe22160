"""The trained models of a workspace: which there are, and which is used."""

from dataclasses import dataclass
from pathlib import Path

from annotate.config import Workspace
from annotate.corpus.store import write_text
from annotate.errors import ModelError
from annotate.inference.engine import Model, load_model
from annotate.models.folder import in_use, in_use_file, model_names, read_config
from annotate.models.training_record import TrainingRecord, read_training_record
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema


@dataclass(frozen=True)
class Listed:
    """A trained model; ``record`` is ``None`` where its folder is broken."""

    name: str
    in_use: bool
    record: TrainingRecord | None


def chosen_model(workspace: Workspace) -> Path | None:
    """Return the folder of the model that the settings name, else of the one in use; ``None`` without any.

    A setting is the name of one of the workspace's models, or a folder.
    """
    chosen = workspace.settings.model
    if chosen is None:
        name = in_use(workspace.models)
        return None if name is None else workspace.models / name
    own = workspace.models / chosen
    return own if own.is_dir() or not Path(chosen).is_dir() else Path(chosen)


def load(folder: Path, schema: LabelSchema, progress: Progress = silent) -> Model:
    """Load a trained model that answers the schema's questions; raises ``ModelError``."""
    return load_model(folder, schema, progress)


def list_models(workspace: Workspace) -> list[Listed]:
    """List the workspace's models by name."""
    used = in_use(workspace.models)
    return [Listed(name, name == used, _record(workspace.models / name)) for name in model_names(workspace.models)]


def use_model(workspace: Workspace, name: str) -> None:
    """Make a model the one in use; raises ``ModelError`` when there is none of that name."""
    if name not in model_names(workspace.models):
        raise ModelError(f"{workspace.models / name}: no such model; `annot models` lists them")
    read_config(workspace.models / name)
    write_text(in_use_file(workspace.models), [name, "\n"])


def _record(folder: Path) -> TrainingRecord | None:
    try:
        return read_training_record(folder)
    except ModelError:
        return None
