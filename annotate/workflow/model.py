"""The trained models of a workspace: which there are, and which is used."""

from dataclasses import dataclass
from pathlib import Path

from annotate.config import Workspace
from annotate.corpus.store import write_text
from annotate.errors import ModelError
from annotate.models.folder import in_use, in_use_file, is_folder, model_names, read_config
from annotate.models.training_record import TrainingRecord, read_training_record


@dataclass(frozen=True)
class Listed:
    """A trained model; ``record`` is ``None`` where its folder is broken, ``size`` is in bytes."""

    name: str
    in_use: bool
    record: TrainingRecord | None
    size: int = 0


def chosen_model(workspace: Workspace) -> Path | None:
    """Return the folder of the model that the settings name, else of the one in use; ``None`` without any.

    A setting is the name of one of the workspace's models, or a folder.
    """
    chosen = workspace.settings.model
    if chosen is None:
        name = in_use(workspace.models)
        return None if name is None else workspace.models / name
    own = workspace.models / chosen
    return own if is_folder(own) or not is_folder(Path(chosen)) else Path(chosen).resolve()


def named_instead(workspace: Workspace, name: str) -> str | None:
    """Return the model that the settings name in the place of one that is in use otherwise."""
    chosen = workspace.settings.model
    return None if chosen is None or chosen_model(workspace) == workspace.models / name else chosen


def list_models(workspace: Workspace) -> list[Listed]:
    """List the workspace's models by name."""
    used = chosen_model(workspace)
    folders = {name: workspace.models / name for name in model_names(workspace.models)}
    return [Listed(name, folder == used, _record(folder), _size(folder)) for name, folder in folders.items()]


def use_model(workspace: Workspace, name: str) -> None:
    """Make a model the one in use; raises ``ModelError`` when there is none of that name."""
    if name not in model_names(workspace.models):
        raise ModelError(f"{workspace.models}: no model is named '{name}'; `annot models` lists them")
    read_config(workspace.models / name)
    write_text(in_use_file(workspace.models), [name, "\n"])


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _record(folder: Path) -> TrainingRecord | None:
    try:
        read_config(folder)
        return read_training_record(folder)
    except ModelError:
        return None
