"""What a training has reached, on disk, so that an interrupted one goes on."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Protocol

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from annotate.corpus.store import writing
from annotate.errors import StoreError

State = dict[str, Tensor]
_SELDOM = 20.0  # seconds between two snapshots: each is several times as large as the network


def prepare(folder: Path, *, resume: bool) -> None:
    """Make the folder of a training, without what others have left unless this one goes on.

    Raises:
        StoreError: It cannot be made.
    """
    if not resume:
        rmtree(folder.parent, ignore_errors=True)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)


class Snapshots(Protocol):
    """A place for the state of one training."""

    def keep(self, state: Callable[[], State]) -> None:
        """Keep a state, in the place of the one before."""

    def restore(self) -> State | None:
        """Return the state kept last, or ``None``."""


class _Nothing:
    def keep(self, state: Callable[[], State]) -> None:
        """Keep nothing."""

    def restore(self) -> State | None:
        """Return nothing."""
        return None


NOTHING_KEPT: Snapshots = _Nothing()


@dataclass
class SnapshotFile:
    """A file that holds the state of one training; it is written whole, and seldom."""

    path: Path
    written: float = field(default_factory=time.monotonic)

    def keep(self, state: Callable[[], State]) -> None:
        """Keep a state, unless one was kept a moment ago.

        Raises:
            StoreError: The file cannot be written.
        """
        if time.monotonic() - self.written < _SELDOM:
            return
        beside = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            save_file({name: value.detach().cpu().contiguous() for name, value in state().items()}, beside)
            with beside.open("rb") as file:
                os.fsync(file.fileno())
            beside.replace(self.path)
        except (OSError, SafetensorError) as error:
            beside.unlink(missing_ok=True)
            raise StoreError(f"{self.path}: cannot be written: {error}; free some space, then `--resume`") from error
        self.written = time.monotonic()

    def restore(self) -> State | None:
        """Return the state kept last; a broken file counts as none."""
        try:
            return dict(load_file(self.path)) if self.path.is_file() else None
        except (OSError, SafetensorError):
            return None
