"""What `annot score` takes as a whole program."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.ingest.corpus import SEEDS, write_corpus
from benchmarks.machine import Cost, cost_of

_SIZES = (22, 220, 2_200)  # articles of 45 sentences
_MILLION = 22_500
_INT8 = ("--precision", "int8")  # also of a model that has learned nothing


def whole_program(model: Path, corpus: Path, n_sentences: int, precision: str) -> float:
    """Return the sentences a second from text files to JSON Lines."""
    return n_sentences / _score(model, corpus, model.parent / "scores.jsonl", "--precision", precision).seconds


def _score(model: Path, corpus: Path, output: Path, *options: str) -> Cost:
    output.unlink(missing_ok=True)
    words = ["-w", str(model.parents[1]), "score", str(corpus), "-m", model.name, "-o", str(output), *options]
    return cost_of([sys.executable, "-m", "annotate", *words], output.with_suffix(".log"))


def start(model: Path, root: Path) -> dict[str, list[float]]:
    """Return the seconds and megabytes of short commands."""
    article = min(SEEDS.glob("*.txt"))
    log = root / "log"
    helped = [cost_of([sys.executable, "-m", "annotate", "--help"], log) for _ in range(5)]
    scored = [_score(model, article, root / "one.jsonl", *_INT8) for _ in range(5)]
    firsts = [_first_line(model, root / "220.jsonl.gz") for _ in range(5)]
    return {
        "annot --help": [median(c.seconds for c in helped), max(c.memory for c in helped) / 1e6],
        "annot score ARTICLE": [median(c.seconds for c in scored), max(c.memory for c in scored) / 1e6],
        "annot score 10,000 SENTENCES, to the first line": [median(firsts)],
    }


def _first_line(model: Path, corpus: Path) -> float:
    """Return the seconds until the first score of a corpus is there."""
    write_corpus(corpus, 220)
    words = ["-w", str(model.parents[1]), "score", str(corpus), "-m", model.name, "--format", "jsonl", *_INT8]
    began = time.perf_counter()
    command = [sys.executable, "-m", "annotate", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as program:  # noqa: S603 - ours
        assert program.stdout is not None  # noqa: S101 - it is a pipe
        assert program.stdout.readline()  # noqa: S101 - a program that fails says nothing
        seconds = time.perf_counter() - began
        program.kill()
    return seconds


def sizes(model: Path, root: Path, *, quick: bool) -> list[list[float]]:
    """Return sentences, seconds and megabytes of growing corpora."""
    rows = []
    for n_articles in _SIZES[:-1] if quick else _SIZES:
        corpus, output = root / f"{n_articles}.jsonl.gz", root / "scores.jsonl"
        write_corpus(corpus, n_articles, reworded=True)
        cost = _score(model, corpus, output, *_INT8)
        rows.append([_n_lines(output), cost.seconds, cost.memory / 1e6])
        print(f"{rows[-1][0]} sentences: {cost.seconds:.1f} s, {cost.memory / 1e6:.0f} MB", file=sys.stderr)
    return rows


def million(model: Path, root: Path) -> list[float]:
    """Return sentences, seconds and megabytes of a corpus of about a million, with a stand-in for the network."""
    corpus, output = root / "million.jsonl.gz", root / "scores.jsonl"
    write_corpus(corpus, _MILLION)
    command = [sys.executable, "-m", "benchmarks.speed.stand_in", str(model), str(corpus), str(output)]
    cost = cost_of(command, root / "log")
    return [_n_lines(output), cost.seconds, cost.memory / 1e6]


def _n_lines(path: Path) -> int:
    with path.open("rb") as lines:
        return sum(1 for _ in lines)
