"""Try every fault on an embedded server, and write docs/faults.md from what was seen."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from annotate.studio.local import LocalStudio
from benchmarks.machine import describe
from benchmarks.sync_faults.faults import Outcome, Trial
from benchmarks.sync_faults.scene import Scene

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


_TEXT = """\
# Faults

What a push and a pull make of a client, a server or a network that fails. `python -m benchmarks.sync_faults` tries each
fault on a real Label Studio and writes this page from what it saw; every run of the tests tries some of them.

Each time {number:,} sentences are pushed into a project where {answered} of them are there and answered. Moments are
drawn by chance, and requests that change something fail with a chance of four in ten. After the fault one more push is
made. Then every sentence must have exactly one task, and every answer must be there: what is not is in the last column.

{circumstances}.

| fault | times | what happened | lost or doubled |
|---|--:|---|---|
{rows}

## What cannot be promised

- A task that nobody has touched when a push looks, and that somebody answers in the moment before the push deletes it,
  is deleted. That concerns doubled tasks, and with `--prune` what is gone.
- A request that a server carries out long after the client gave it up can double a batch. The next push deletes the
  doubles.
"""


def markdown(outcomes: Sequence[Outcome], scene: Scene, circumstances: str) -> str:
    """Write what was seen as a page."""
    rows = "\n".join(row for outcome in outcomes for row in _rows(outcome))
    return _TEXT.format(number=scene.number, answered=scene.n_answered, circumstances=circumstances, rows=rows)


def _rows(outcome: Outcome) -> Iterator[str]:
    lost = "; ".join(sorted(set(outcome.lost))) or "nothing"
    for number, (said, times) in enumerate(sorted(outcome.happened.items(), key=lambda item: -item[1])):
        yield f"| {outcome.name if number == 0 else ''} | {times} | {said} | {lost if number == 0 else ''} |"


def main() -> None:
    """Start a server, try every fault, and write the page."""
    parser = ArgumentParser(prog="python -m benchmarks.sync_faults", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="how often client and server are killed")
    parser.add_argument("--number", type=int, default=3000, help="how many sentences are pushed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        local = LocalStudio(Path(folder) / "studio")
        try:
            server = local.wait(local.launch())
            scene = Scene(server.url, local.credentials().token, options.number)
            outcomes = []
            for outcome in Trial(local, scene, options.times, Random(options.seed)).outcomes():  # noqa: S311
                print(outcome, flush=True)
                outcomes.append(outcome)
        finally:
            local.stop()
    where = describe(["label-studio", "label-studio-sdk"])
    PAGE.write_text(markdown(outcomes, scene, f"{datetime.now(UTC):%Y-%m-%d}, {where}"), "utf-8")
    if any(outcome.lost for outcome in outcomes):
        raise SystemExit("something was lost")


if __name__ == "__main__":
    main()
