"""Simulate labelling with several ways to choose: `python -m benchmarks.active [corpus …]`.

The corpora are looked for beside this checkout. What a corpus gives is kept in `results.json`, from which RESULTS.md is
written.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from annotate.corpus.store import write_text
from benchmarks.active.corpus import Corpus, load
from benchmarks.active.report import report
from benchmarks.active.simulation import Plan, simulate
from benchmarks.active.strategies import LIBRARY, STRATEGIES
from benchmarks.machine import describe

SEEDS = range(10)
RESULTS = Path(__file__).with_name("results.json")
DATA = Path(__file__).parents[3] / "shared" / "data"


@dataclass(frozen=True)
class Task:
    """A corpus and what is asked of it: of sentences or of words, and how many labels are tried at most.

    ``held`` tells that half of its articles served to choose the strategy, and are not used.
    """

    corpus: str
    by_word: bool
    n_most: int
    batch: int = 50
    held: bool = False
    with_library: bool = True


TASKS: Mapping[str, Task] = {
    "BABE": Task("BABE", by_word=False, n_most=800),
    "PolNeAR": Task("PolNeAR", by_word=False, n_most=1500, held=True),
    "PTC": Task("PTC", by_word=False, n_most=2500, batch=100, held=True),
    "BABE words": Task("BABE", by_word=True, n_most=1000, with_library=False),
}


def measure(task: Task) -> dict[str, object]:
    """Run every strategy with every seed, and return the curves."""
    corpus = _judged(load(task.corpus, DATA), task)
    ways = {**STRATEGIES, **(LIBRARY if task.with_library else {})}
    curves: dict[str, list[list[float]]] = {name: [] for name in ways}
    for seed in SEEDS:
        for name, way in ways.items():
            curves[name].append(simulate(corpus, way, Plan(seed, task.batch, task.n_most)).round(5).tolist())
        sys.stderr.write(f"{task.corpus}, seed {seed}\n")
    positives = corpus.marked if task.by_word else corpus.carries
    about = {"n_sentences": len(corpus.carries), "n_articles": len(np.unique(corpus.article))}
    return {**about, "batch": task.batch, "positive": float(positives.mean()), "curves": curves}


def _judged(corpus: Corpus, task: Task) -> Corpus:
    return corpus.part(np.flatnonzero(corpus.article % 2 == 1) if task.held else None, with_words=task.by_word)


def main(names: list[str]) -> None:
    """Measure some tasks, or all, and write the report."""
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    with threadpool_limits(1):
        for name in names or TASKS:
            known[name] = measure(TASKS[name]) | {"machine": describe(["scikit-learn", "scikit-activeml"])}
            write_text(RESULTS, [json.dumps(known), "\n"])
    lines: Iterator[str] = report({name: known[name] for name in TASKS if name in known})
    write_text(RESULTS.with_name("RESULTS.md"), (f"{line}\n" for line in lines))


if __name__ == "__main__":
    main(sys.argv[1:])
