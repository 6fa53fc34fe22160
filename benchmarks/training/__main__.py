"""Measure the time and memory of an epoch, beside transformers' Trainer: `python -m benchmarks.training`.

It needs the packages of `annotate[bench]`, and BABE among the shared data; a few minutes on two quiet cores.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from annotate.corpus.store import write_text
from benchmarks.machine import describe
from benchmarks.training.epoch import WAYS, Epoch

HERE = Path(__file__).parent
_TURNS = 3
_TARGET = 1.5
_TEXT = """\
# An epoch of training

{n} sentences of BABE, in batches of 8, once through; {turns} turns of all ways, each a process of its own, so that
what else the machine does meets all of them. Seconds are of the epoch alone, without loading; memory is the process's
peak.
*annot train* learns sentences and words at once. `Trainer` has its usual settings, and learns the sentences.

{machine}. Run by `python -m benchmarks.training` on {date}.

| way | seconds | from, to | times as fast as `Trainer` | MB |
|---|--:|---|--:|--:|
{rows}

The aim is {target} times as fast as `Trainer`.
"""


def main() -> None:
    """Measure in turns, and write the table."""
    found: dict[str, list[Epoch]] = {way: [] for way in WAYS}
    for _ in range(_TURNS):
        for way, epochs in found.items():
            epochs.append(_measured(way))
            sys.stderr.write(f"{way}: {epochs[-1].seconds:.1f} s, {epochs[-1].memory / 1e6:.0f} MB\n")
    text = _TEXT.format(
        n=found["Trainer"][0].n_sentences,
        turns=_TURNS,
        machine=describe(["torch", "transformers"]),
        date=datetime.now(UTC).date(),
        rows="\n".join(_rows(found)),
        target=_TARGET,
    )
    write_text(HERE / "RESULTS.md", [text])


def _measured(way: str) -> Epoch:
    command = [sys.executable, "-m", "benchmarks.training.epoch", way]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - ours
    return Epoch.read(said.stdout.splitlines()[-1])


def _rows(found: Mapping[str, Sequence[Epoch]]) -> list[str]:
    theirs = [epoch.seconds for epoch in found["Trainer"]]
    rows = []
    for way, epochs in found.items():
        seconds = [epoch.seconds for epoch in epochs]
        ratios = [b / a for a, b in zip(seconds, theirs, strict=True)]
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        memory = max(epoch.memory for epoch in epochs) / 1e6
        rows.append(
            f"| {way} | {median(seconds):.1f} | {min(seconds):.1f} to {max(seconds):.1f} |"
            f" {median(ratios):.2f} ({spread}) | {memory:.0f} |"
        )
    return rows


if __name__ == "__main__":
    main()
