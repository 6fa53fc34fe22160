"""Let people label with `annot serve` while it trains and takes another model, try its faults, and write RESULTS.md."""

import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from annotate.studio.client import Studio
from benchmarks.machine import describe
from benchmarks.serve.faults import N_TASKS as TASKS_OF_FAULT
from benchmarks.serve.faults import Outcome, Trial, n_lost
from benchmarks.serve.load import PAGE, Asked, Load, Scene, submitted
from benchmarks.serve.scene import N_TASKS, Server, embedded, prepared

PAGE_FILE = Path(__file__).parent / "RESULTS.md"
_TARGETS = {"/health": 0.05, f"/predict, {PAGE} tasks": 0.15}  # seconds at the 95th percentile
_PACKAGES = ("label-studio", "fastapi", "uvicorn", "onnxruntime", "locust")
_TEXT = """\
# Results: serving

{people} people label {seconds:.0f} seconds long, each with 1.5 to 4 seconds of thought a sentence: they open a task in
Label Studio, ask the server for the suggestions of a page of {page} tasks, and submit (as locust plays it). Somebody
asks for the server's health ten times a second. When {after} annotations are new, the server trains, and takes the new
model. Label Studio, the server, the training and the people share one machine.

{circumstances}. Run by `python -m benchmarks.serve`.

{story}

| request | times | median | 95 % | 99 % | longest | failed | target at 95 % |
|---|--:|--:|--:|--:|--:|--:|---|
{rows}

While the training ran:

| request | times | median | 95 % | 99 % | longest | failed | target at 95 % |
|---|--:|--:|--:|--:|--:|--:|---|
{training_rows}

Of {submitted} annotations that were submitted, a pull afterwards missed {lost}.

## Faults

Each is done while four people label. *Failed* counts requests to `annot serve` while the fault lasted, and after it.

| fault | failed meanwhile | failed after | submitted | of them lost | what was seen |
|---|--:|--:|--:|--:|---|
{faults}
"""


def rows(asked: Sequence[Asked]) -> Iterator[str]:
    """Yield a row of figures for each kind of request, in milliseconds."""
    by_kind: dict[str, list[Asked]] = defaultdict(list)
    for each in asked:
        by_kind[each.what].append(each)
    for what, found in sorted(by_kind.items()):
        took = sorted(each.seconds for each in found)
        places = [took[min(len(took) - 1, int(share * len(took)))] for share in (0.5, 0.95, 0.99, 1)]
        target = _TARGETS.get(what)
        judged = "–" if target is None else f"{target * 1000:.0f} ms: {'met' if places[1] < target else 'missed'}"
        figures = " | ".join(f"{1000 * place:.0f} ms" for place in places)
        yield f"| {what} | {len(found)} | {figures} | {sum(not each.ok for each in found)} | {judged} |"


def main() -> None:
    """Set the scene, let people label, try the faults, and write the page."""
    parser = ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--after", type=int, default=40, help="new annotations from which on the server trains")
    parser.add_argument("--models", type=Path, help="a folder of models to begin with, instead of training one")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        workspace = prepared(Path(folder), options.models)
        with embedded(workspace) as studio:
            token, address = studio.credentials().token, studio.wait(studio.launch()).url
            with Studio(address, token) as client:
                project = client.find_project(workspace.settings.project)
                assert project is not None  # noqa: S101 - it was made a moment ago
                tasks = iter([{"id": task.id, "data": task.data} for task in client.tasks(project)])

            def new_load(server: Server, n_people: int, n_tasks: int) -> Load:
                scene = Scene(server.url, address, project.id, list(islice(tasks, n_tasks)))
                return Load(scene, token, n_people)

            server = Server(workspace, "--after", str(options.after), "--port", "0")
            server.hears("renewed", 600)
            began = time.time()
            load = new_load(server, options.people, N_TASKS - 4 * TASKS_OF_FAULT)
            swapped = server.hears("answers from here on", 4 * options.seconds)
            time.sleep(max(0, began + options.seconds - time.time()))
            asked, lasted = load.end(), time.time() - began
            server.hears("renewed", 300)
            lost = n_lost(workspace, submitted(asked))
            trial = Trial(workspace, studio, server, new_load)
            outcomes = trial.outcomes()
            trial.server.end()
    training = (server.heard_at("Pulling labels", began) or began, server.heard_at("trained with", began) or began)
    story = f"The training began after {training[0] - began:.0f} s and took {training[1] - training[0]:.0f} s."
    text = _TEXT.format(
        people=options.people,
        seconds=lasted,
        page=PAGE,
        after=options.after,
        circumstances=f"{datetime.now(UTC):%Y-%m-%d}, {describe(_PACKAGES)}",
        story=f"{story} {swapped or 'No other model was taken'}.",
        rows="\n".join(rows(asked)),
        training_rows="\n".join(rows([each for each in asked if training[0] <= each.at < training[1]])),
        submitted=len(submitted(asked)),
        lost=lost,
        faults="\n".join(map(_fault, outcomes)),
    )
    PAGE_FILE.write_text(text, "utf-8")
    print(text)


def _fault(outcome: Outcome) -> str:
    figures = (outcome.during, outcome.after, outcome.n_submitted, outcome.n_lost)
    return f"| {outcome.name} | {' | '.join(map(str, figures))} | {outcome.seen} |"


if __name__ == "__main__":
    main()
