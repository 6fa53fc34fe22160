"""Measure `annot profile` on scores of 10,000 articles: `python -m benchmarks.profiles`."""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from annotate.corpus.store import write_records
from annotate.schema import LabelSchema
from benchmarks.machine import Cost, cost_of, describe
from benchmarks.profiles.made_up import scores

_HERE = Path(__file__).parent
_SIZES = (10_000,)
_N_RUNS = 3
_COMMANDS = {
    "`annot profile -f json`": ("-f", "json"),
    "`annot profile -f html`": ("-f", "html"),
    "`annot profile -f json --match topic`": ("-f", "json", "--match", "topic"),
}


def main() -> None:
    """Run everything, and write the results beside this file."""
    schema = LabelSchema.read(_HERE.parents[1] / "labeling_config.xml")
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for size in _SIZES for row in _rows(size, schema, Path(folder))]
    (_HERE / "RESULTS.md").write_text("\n".join([*_heading(), *rows, ""]), "utf-8")


def _heading() -> Iterator[str]:
    yield "# Profiles"
    yield ""
    yield (
        "Made-up scores of 20 outlets, 30 sentences an article, from the file of scores to the written profiles, with"
        " intervals of 1,000 resamples and all pairs of outlets compared. `json.loads` is the time that reading the"
        f" lines alone takes in Python. Median of {_N_RUNS} runs, in brackets the lowest and the highest. The target"
        " for 10,000 articles is 60 s and 500 MB."
    )
    yield ""
    yield f"Made by `python -m benchmarks.profiles`: {describe(['annotate', 'numpy', 'pydantic'])}."
    yield ""
    yield "| articles | command | seconds | times `json.loads` | peak memory, MB |"
    yield "|--:|---|--:|--:|--:|"


def _rows(size: int, schema: LabelSchema, folder: Path) -> Iterator[str]:
    file = folder / f"scores-{size}.jsonl"
    write_records(file, scores(size, schema))
    script = "import json, sys\nfor line in open(sys.argv[1], encoding='utf-8'): json.loads(line)"
    bare = [cost_of([sys.executable, "-c", script, str(file)], file.with_suffix(".log")) for _ in range(_N_RUNS)]
    usual = statistics.median(cost.seconds for cost in bare)
    yield f"| {size:,} | `json.loads` | {_spread([cost.seconds for cost in bare])} | 1.0 | {_memory(bare)} |"
    for name, options in _COMMANDS.items():
        command = [sys.executable, "-m", "annotate", "-w", str(folder), "profile", str(file), *options]
        runs = [
            cost_of([*command, "-o", str(file.with_suffix(".out"))], file.with_suffix(".log")) for _ in range(_N_RUNS)
        ]
        seconds = [cost.seconds for cost in runs]
        times = statistics.median(seconds) / usual
        yield f"| {size:,} | {name} | {_spread(seconds)} | {times:.1f} | {_memory(runs)} |"


def _memory(costs: list[Cost]) -> str:
    return _spread([cost.memory / 1e6 for cost in costs], digits=0)


def _spread(values: list[float], digits: int = 1) -> str:
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"


if __name__ == "__main__":
    main()
