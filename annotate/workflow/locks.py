"""Commands of one workspace that must not run at once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from annotate.config import Workspace
from annotate.corpus.store import locked, write_text
from annotate.errors import AnnotError


def prepare_state(workspace: Workspace) -> None:
    """Make the folder of what the workspace keeps for itself; raises ``StoreError`` when it cannot be written."""
    write_text(workspace.state / ".gitignore", ["*\n"])


@contextmanager
def alone(workspace: Workspace, job: str, *, wait: bool = True) -> Iterator[None]:
    """Do a job while no other command of the workspace does it; without waiting, that is an ``AnnotError``."""
    prepare_state(workspace)
    with ExitStack() as held:
        try:
            held.enter_context(locked(workspace.state / f"{job}.lock", wait=wait))
        except TimeoutError as error:
            raise AnnotError(f"{workspace.root}: another {job} runs here; wait for it, or stop it") from error
        yield
