"""Run cells of the comparison, keep each as it is done, and write the tables of all that were."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import average_precision_score

from annotate.annotation import Annotation
from annotate.corpus.store import write_text
from annotate.models.training_record import DEFAULT_BASE
from annotate.quality.tallies import figures, pair_up, summed, tally
from benchmarks.quality.corpora import CORPORA, SCHEMA, corpus_of, splits
from benchmarks.quality.methods import METHODS, Task
from benchmarks.quality.report import report

HERE = Path(__file__).parent
RUNS = HERE / "runs.jsonl"
CELL = ("corpus", "method", "size", "seed", "fold", "base")
KEY = (*CELL, "split")
_FEW, _MANY = 500, 1000  # up to so many sentences start from starter labels; from so many on the rate is halved


def cells(options: argparse.Namespace) -> Iterator[tuple[dict[str, object], Task]]:
    """Yield what is asked for and was not run yet on what is learned from and held out: a key, and its task.

    Corpora come one after the other within a fold, so that what learned from several judges them in turn.
    """
    done = {tuple(run[name] for name in KEY) for run in read_runs()}
    for size, seed in product(options.sizes, range(options.seeds)):
        found = [(fold, corpus, split) for corpus in options.corpora for fold, split in splits(corpus, size, seed)]
        found = sorted((each for each in found if each[0] in options.folds), key=lambda each: each[0])
        for method, (fold, corpus, split) in product(options.methods, found):
            key = dict(zip(KEY, (corpus, method, size, seed, fold, options.name, split.digest), strict=True))
            if tuple(key.values()) not in done and _applies(key):
                yield key, Task(corpus, split, seed, options.base)


def _applies(key: Mapping[str, object]) -> bool:
    """Tell whether a method makes sense, and is not another under a second name.

    Of several corpora ours alone learns. A rule needs cue words, and learns nothing. Few sentences are learned at the
    higher rate, many without starter labels.
    """
    method, corpus, size = str(key["method"]), str(key["corpus"]), key["size"]
    n_most = size if isinstance(size, int) else _MANY
    if method == "rule":
        return corpus_of(corpus).cue is not None and size is None and key["seed"] == 0
    if "+" in corpus and not method.startswith("ours"):
        return False
    return n_most >= _MANY if method.endswith("-1e-4") else n_most <= _FEW or "starter" not in method


def measured(task: Task, method: str) -> dict[str, object]:
    """Run a method, and return its figures."""
    began = time.perf_counter()
    said, scores = METHODS[method](task)
    seconds = time.perf_counter() - began
    test, question = task.split.test, SCHEMA.question_of(task.label)
    assert question is not None  # noqa: S101 - the corpora's labels are those of the schema
    if isinstance(said, np.ndarray):
        said = [_said(each, task.label, carries=bool(yes)) for each, yes in zip(test, said, strict=True)]
    found = dict(figures(summed(tally(pair_up(test, said), question, task.label))))
    if scores is not None:
        found["ap"] = average_precision_score(task.truth(test), scores)
    kept = {name: round(float(value), 4) for name, value in found.items() if np.isfinite(value)}
    return {
        **kept,
        "seconds": round(seconds, 1),
        "n_train": len(task.split.train),
        "n_test": len(test),
        "device": _device(),
    }


def _device() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "processor"


def _said(annotation: Annotation, label: str, *, carries: bool) -> Annotation:
    return annotation.model_copy(update={"answers": {}, "carries": {label: carries}})


def read_runs() -> list[dict[str, object]]:
    """Return the cells that were run."""
    return [json.loads(line) for line in RUNS.read_text("utf-8").splitlines()] if RUNS.exists() else []


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument(
        "--corpora",
        nargs="+",
        default=["babe", "ptc", "polnear", "future-tense"],
        help=f"{', '.join(CORPORA)}; babe>ptc learns from one to judge another; polnear+ and polnear+3 from several",
    )
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS))
    parser.add_argument(
        "--sizes", nargs="+", type=lambda n: None if n == "all" else int(n), default=[50, 100, 300, 1000, None]
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folds", nargs="+", type=int, default=[0, 1, 2, 3, 4])
    parser.add_argument("--base", default=DEFAULT_BASE, help="an encoder's folder or id")
    parser.add_argument("--name", help="what the tables call it, unless by the folder's name or the id")
    options = parser.parse_args()
    options.name = options.name or Path(options.base).name
    for key, task in cells(options):
        run = {**key, **measured(task, str(key["method"]))}
        sys.stderr.write(f"{json.dumps(run)}\n")
        others = [each for each in read_runs() if any(each[name] != run[name] for name in CELL)]
        write_text(RUNS, (f"{json.dumps(each)}\n" for each in (*others, run)))
    write_text(HERE / "RESULTS.md", (f"{line}\n" for line in report(read_runs())))


if __name__ == "__main__":
    main()
