"""Measure pushes and pulls beside the bare SDK on one server, and write RESULTS.md beside this file."""

import json
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from label_studio_sdk import LabelStudio

from annotate.studio.local import Credentials, LocalStudio
from benchmarks.machine import describe
from benchmarks.sync import corpus
from benchmarks.sync.work import SCHEMA

HERE = Path(__file__).parent
TARGET = 1.3  # ours by the bare SDK's
MEMORY = 400  # MB, at the largest number
# Ours, what it is compared with, and how to call them.
PAIRS = (
    ("push", "bare_import", "first push, by bare import"),
    ("push again", "bare_listing", "push with nothing to do, by bare listing"),
    ("pull", "bare_export", "pull, by bare export"),
)


class Measured(NamedTuple):
    """What one piece of work took: seconds, and MB at its peak."""

    seconds: float
    peak: float


Results = dict[int, dict[str, list[Measured]]]


class Bench:
    """A server, and what was measured on it."""

    def __init__(self, url: str, account: Credentials) -> None:
        self.url = url
        self.token = account.token
        self.results: Results = {}

    def measure(self, number: int, runs: int) -> None:
        """Measure every piece of work on a number of sentences, in turns, now the one first and now the other."""
        labelled = f"labelled {number}"
        self._import_answers(labelled, number)
        for turn in range(runs):
            title = f"ours {number} {turn}"
            bare, ours = [("bare_import", f"bare {number} {turn}")], [("push", title)]
            again = [("bare_listing", title), ("push again", title)]
            pulls = [("bare_export", labelled), ("pull", labelled)]
            order = 1 if turn % 2 else -1
            for name, of in [*(bare + ours)[::order], *again[::order], *pulls[::order], ("pull_again", labelled)]:
                self._run(name, of, number)

    def _run(self, name: str, title: str, number: int) -> None:
        work = "push" if name == "push again" else name
        command = [sys.executable, "-m", "benchmarks.sync.work", work, self.url, self.token, title, str(number)]
        said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - ours
        if said["done"] != number:
            raise SystemExit(f"{name} did {said['done']} of {number}")
        self.results.setdefault(number, {}).setdefault(name, []).append(Measured(said["seconds"], said["peak"]))
        print(f"{number:>6} {name:<13} {said['seconds']:8.2f} s {said['peak']:6.0f} MB", flush=True)

    def _import_answers(self, title: str, number: int) -> None:
        sdk: Any = LabelStudio(base_url=self.url, api_key=self.token, timeout=600)
        project = sdk.projects.create(title=title, label_config=SCHEMA.xml).id
        tasks = corpus.answered(number)
        for start in range(0, number, 1000):
            sdk.projects.import_tasks(id=project, request=tasks[start : start + 1000])


def markdown(results: Results, circumstances: str) -> str:
    """Write the figures as a page."""
    return "\n".join(
        [
            "# Pushes and pulls beside the bare SDK",
            "",
            "`python -m benchmarks.sync` writes this page. Each piece of work runs in a process of its own, against",
            "one embedded Label Studio on SQLite; the two of a pair take turns in going first. The bare import and",
            "export only send and parse. A push compares, makes tasks and pre-annotations (of a stand-in model that",
            "takes no time) and checks the number of tasks; a pull checks every answer and writes the file.",
            "",
            f"{circumstances}.",
            "",
            f"| sentences | | ratio (wanted: at most {TARGET}) | ours | bare | runs |",
            "|--:|---|--:|--:|--:|--:|",
            *(row for number, mine in results.items() for row in _ratios(number, mine)),
            "",
            "Ratios are of medians, with the least and the greatest ratio of a turn; seconds are medians, with the",
            "least and the greatest.",
            "",
            *(line for number, mine in results.items() for line in _others(number, mine)),
            "",
        ]
    )


def _ratios(number: int, mine: Mapping[str, Sequence[Measured]]) -> Iterator[str]:
    for ours, bare, wording in PAIRS:
        turns = [one.seconds / other.seconds for one, other in zip(mine[ours], mine[bare], strict=True)]
        ratio = median(m.seconds for m in mine[ours]) / median(m.seconds for m in mine[bare])
        spread = f" ({min(turns):.2f} to {max(turns):.2f})" if len(turns) > 1 else ""
        cells = (f"{number:,}", wording, f"{ratio:.2f}{spread}", _seconds(mine[ours]), _seconds(mine[bare]), len(turns))
        yield "| " + " | ".join(map(str, cells)) + " |"


def _seconds(measured: Sequence[Measured]) -> str:
    times = sorted(one.seconds for one in measured)
    return f"{median(times):.1f} s" + (f" ({times[0]:.1f} to {times[-1]:.1f})" if len(times) > 1 else "")


def _others(number: int, mine: Mapping[str, Sequence[Measured]]) -> Iterator[str]:
    peaks = ", ".join(f"{name} {max(one.peak for one in mine[name]):.0f} MB" for name, _, _ in PAIRS)
    bare = ", ".join(f"{name.replace('_', ' ')} {max(one.peak for one in mine[name]):.0f} MB" for _, name, _ in PAIRS)
    yield f"- {number:,} sentences: at their peak {peaks} (wanted: under {MEMORY} MB); {bare}."
    yield f"  A pull where nothing has changed since the last one took {_seconds(mine['pull_again'])}."


def main() -> None:
    """Start a server, measure on it, and write the page."""
    parser = ArgumentParser(prog="python -m benchmarks.sync", description=__doc__)
    parser.add_argument("--numbers", type=int, nargs="+", default=[5_000, 50_000], help="how many sentences")
    parser.add_argument(
        "--runs",
        type=int,
        nargs="+",
        default=[4, 2],
        help="how many runs of each; even, for who goes second has it easier",
    )
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        local = LocalStudio(Path(folder) / "studio")
        try:
            server = local.wait(local.launch())
            bench = Bench(server.url, local.credentials())
            for number, runs in zip(options.numbers, options.runs, strict=True):
                bench.measure(number, runs)
        finally:
            local.stop()
    where = describe(["label-studio", "label-studio-sdk"])
    page = markdown(bench.results, f"{datetime.now(UTC):%Y-%m-%d}, {where}")
    (HERE / "RESULTS.md").write_text(page, "utf-8")
    print(page)


if __name__ == "__main__":
    main()
