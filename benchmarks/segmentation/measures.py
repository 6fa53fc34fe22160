"""Agreement with a gold standard, and speed."""

from collections.abc import Callable, Iterable, Mapping, Set
from statistics import median
from time import process_time
from typing import Any, NamedTuple


class Counts(NamedTuple):
    """How many were found, how many there are, and how many are both."""

    found: int
    wanted: int
    both: int

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.both / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return self.both / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.found + self.wanted
        return 2 * self.both / both if both else 1.0


def count(pairs: Iterable[tuple[Set[Any], Set[Any]]]) -> Counts:
    """Compare what was found with what there is, over all texts."""
    sizes = [(len(found), len(wanted), len(found & wanted)) for found, wanted in pairs]
    return Counts(*map(sum, zip(*sizes, strict=True))) if sizes else Counts(0, 0, 0)


class Rate(NamedTuple):
    """Characters a second, in millions: the median of several runs, the slowest and the fastest."""

    median: float
    slowest: float
    fastest: float


def rates(processes: Mapping[str, Callable[[str], object]], texts: list[str], runs: int) -> dict[str, Rate]:
    """Measure by processor time, one after the other in every run, so that what else the machine does hits all."""
    measured: dict[str, list[float]] = {name: [] for name in processes}
    for process in processes.values():
        process(texts[0])  # what is loaded or compiled once does not count
    for _ in range(runs):
        for name, process in processes.items():
            measured[name].append(_rate(process, texts))
    return {name: Rate(median(found), min(found), max(found)) for name, found in measured.items()}


def _rate(process: Callable[[str], object], texts: list[str]) -> float:
    start = process_time()
    for text in texts:
        process(text)
    return sum(map(len, texts)) / 1e6 / (process_time() - start)
