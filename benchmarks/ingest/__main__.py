"""Measure `annot ingest` over corpora of growing size: `python -m benchmarks.ingest`."""

import json
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import matplotlib as mpl

from benchmarks.ingest.corpus import write_corpus
from benchmarks.machine import Cost, cost_of, describe

mpl.use("svg")

HERE = Path(__file__).parent
SIZES = (22, 220, 2_200, 22_500)  # articles; the last are a million sentences
MOST_MEMORY = 300  # MB
REPEATS = 3
TRIED_AGAIN = 2_200  # articles, on which one process is compared with two


class Row(NamedTuple):
    """A corpus, and what reading it took."""

    articles: int
    sentences: int
    characters: int
    seconds: float
    memory: float  # MB


def main() -> None:
    """Measure, and write the table and the plot."""
    with TemporaryDirectory() as folder:
        rows = [_measured(Path(folder), n) for n in SIZES]
        ratios = _ratios_of_processes(Path(folder))
    (HERE / "results.json").write_text(json.dumps([row._asdict() for row in rows], indent=1) + "\n")
    _plot(rows)
    (HERE / "RESULTS.md").write_text(_report(rows, ratios))


def _measured(folder: Path, n_articles: int) -> Row:
    corpus, output = folder / f"{n_articles}.jsonl.gz", folder / "sentences.jsonl"
    write_corpus(corpus, n_articles)
    cost = _ingest(corpus, output, jobs=1)
    n_sentences = n_characters = 0
    with output.open(encoding="utf-8") as lines:
        for line in lines:
            n_sentences += 1
            n_characters += len(json.loads(line)["text"])
    print(f"{n_articles} articles: {cost.seconds:.1f} s, {cost.memory / 1e6:.0f} MB", file=sys.stderr)
    return Row(n_articles, n_sentences, n_characters, cost.seconds, cost.memory / 1e6)


def _ingest(corpus: Path, output: Path, jobs: int) -> Cost:
    command = [sys.executable, "-m", "annotate", "ingest", str(corpus), "-o", str(output), "--jobs", str(jobs)]
    return cost_of(command, output.with_suffix(".log"))


def _ratios_of_processes(folder: Path) -> list[float]:
    """Return how many times faster two processes are than one, in turns."""
    corpus = folder / f"{TRIED_AGAIN}.jsonl.gz"
    one_by_one = [[_ingest(corpus, folder / f"{jobs}.jsonl", jobs).seconds for jobs in (1, 2)] for _ in range(REPEATS)]
    if (folder / "1.jsonl").read_bytes() != (folder / "2.jsonl").read_bytes():
        raise RuntimeError("two processes give other sentences than one")
    return sorted(alone / together for alone, together in one_by_one)


def _report(rows: list[Row], ratios: list[float]) -> str:
    table = "\n".join(
        f"| {row.articles:,} | {row.sentences:,} | {row.seconds:.1f} | {row.characters / row.seconds / 1e6:.2f} |"
        f" {row.memory:.0f} |"
        for row in rows
    )
    versions = describe(["annotate", "sentencex", "pydantic", "datasketch", "pyarrow"])
    return f"""# `annot ingest` over the size of a corpus

Made by `python -m benchmarks.ingest` on {date.today().isoformat()}: {versions}.

A gzipped JSON Lines table of articles in, sentence records out, near-duplicates looked for; the whole program, its
start included. Memory is the peak of the process.

| articles | sentences | seconds | million characters a second | memory, MB |
|---|---|---|---|---|
{table}

Two processes (`--jobs 2`) are {ratios[len(ratios) // 2]:.2f} times as fast as one on {TRIED_AGAIN:,} articles
(from {ratios[0]:.2f} to {ratios[-1]:.2f} in {REPEATS} turns), and give the same bytes.

![memory over the size of the corpus](memory.svg)
"""


def _plot(rows: list[Row]) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3), layout="constrained")
    axes.plot([row.sentences for row in rows], [row.memory for row in rows], marker="o")
    axes.axhline(MOST_MEMORY, linestyle=":", color="grey", label=f"{MOST_MEMORY} MB")
    axes.set(xscale="log", ylim=(0, MOST_MEMORY * 1.2), xlabel="sentences", ylabel="peak memory, MB")
    axes.legend()
    figure.savefig(HERE / "memory.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
