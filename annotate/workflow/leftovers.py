"""What trainings that were killed have left behind."""

import re
import shutil

from annotate.config import Workspace
from annotate.errors import AnnotError
from annotate.models.folder import is_model_name
from annotate.workflow.locks import alone

# What `tempfile.mkdtemp` makes of the prefix that an unfinished model's folder has.
_UNFINISHED = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}")


def remove_unfinished(workspace: Workspace) -> list[str]:
    """Remove the folders of models that were never finished, and name the models; none while a training runs."""
    if not workspace.models.is_dir():
        return []
    try:
        with alone(workspace, "training", wait=False):
            found = {path: _UNFINISHED.fullmatch(path.name) for path in workspace.models.glob(".*/")}
            left = {path: match["name"] for path, match in found.items() if match and is_model_name(match["name"])}
            for path in left:
                shutil.rmtree(path, ignore_errors=True)
            return sorted(left.values())
    except AnnotError:
        return []  # somebody trains, or the folder cannot be written: nothing that a server needs
