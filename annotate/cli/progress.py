"""Progress on standard error: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from annotate.cli.options import note
from annotate.progress import Progress as Listener

_EVERY = 10  # seconds between two lines of the same activity


@contextmanager
def progress_on_stderr() -> Iterator[Listener]:
    """Yield a listener that shows on standard error what it hears."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as bars:
        yield _Bars(bars)


class _Bars:
    """One bar an activity; an activity that ends is replaced by the next."""

    def __init__(self, bars: Progress) -> None:
        self.bars = bars
        self.activity = ""
        self.task: TaskID | None = None

    def __call__(self, activity: str, /, done: int = 0, total: int | None = None) -> None:
        if activity != self.activity or self.task is None:
            if self.task is not None:
                self.bars.remove_task(self.task)
            self.activity, self.task = activity, self.bars.add_task(activity, total=total)
        self.bars.update(self.task, completed=done, total=total)


class _Lines:
    """A line when an activity begins, and one every few seconds while it lasts."""

    def __init__(self) -> None:
        self.activity = ""
        self.told = 0.0

    def __call__(self, activity: str, /, done: int = 0, total: int | None = None) -> None:
        if activity == self.activity and time.monotonic() - self.told < _EVERY:
            return
        begun = activity == self.activity
        self.activity, self.told = activity, time.monotonic()
        note(f"{activity}: {done} of {total}" if begun and total else f"{activity}…")
