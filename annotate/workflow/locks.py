"""Commands of one workspace that must not run at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from annotate.config import Workspace
from annotate.corpus.store import writing
from annotate.errors import AnnotError


@contextmanager
def alone(workspace: Workspace, job: str, *, wait: bool = True) -> Iterator[None]:
    """Do a job while no other command of the workspace does it; without waiting, that is an ``AnnotError``."""
    lock = FileLock(workspace.state / f"{job}.lock", timeout=-1 if wait else 0)
    with writing(workspace.state):
        workspace.state.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout:
            raise AnnotError(f"{workspace.root}: another {job} runs here; wait for it, or stop it") from None
    try:
        yield
    finally:
        lock.release()
