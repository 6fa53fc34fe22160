"""How long jobs tell what they are doing, without knowing who listens."""

from typing import Protocol


class Progress(Protocol):
    """A listener to a long job."""

    def __call__(self, activity: str, /, done: int = 0, total: int | None = None) -> None:
        """Hear what is going on, how much of it is done, and how much there is (``None``: not known)."""


def silent(activity: str, /, done: int = 0, total: int | None = None) -> None:
    """Report to nobody."""


def renamed(progress: Progress, activity: str) -> Progress:
    """Return a listener that hears of any job under one name."""

    def report(_: str, /, done: int = 0, total: int | None = None) -> None:
        progress(activity, done, total)

    return report
