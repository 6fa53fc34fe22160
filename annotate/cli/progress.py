"""Progress on standard error: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

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
    pace = (_Rate(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, *pace, console=console, transient=True) as bars:
        yield _Bars(bars)


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


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
        self.told = self.began = 0.0
        self.done_before = 0

    def __call__(self, activity: str, /, done: int = 0, total: int | None = None) -> None:
        if activity == self.activity and time.monotonic() - self.told < _EVERY:
            return
        begun = activity == self.activity
        now = time.monotonic()
        if not begun:
            self.began, self.done_before = now, done
        self.activity, self.told = activity, now
        note(f"{activity}: {done} of {total}{self._pace(done, total, now)}" if begun and total else f"{activity}…")

    def _pace(self, done: int, total: int, now: float) -> str:
        """Say how many are done a second, and how long the rest takes at that."""
        rate = (done - self.done_before) / (now - self.began) if now > self.began else 0.0
        return f", {rate:.1f} a second, {timedelta(seconds=round((total - done) / rate))} left" if rate > 0 else ""
