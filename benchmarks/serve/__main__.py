"""Let people label with `annot serve` while it trains and takes another model, try its faults, and write RESULTS.md."""

import time
from argparse import ArgumentParser, Namespace
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from annotate.studio.client import Studio
from annotate.workflow.sync import pull
from benchmarks.machine import describe
from benchmarks.serve.faults import Outcome, Trial
from benchmarks.serve.load import PAGE, Asked, Load
from benchmarks.serve.scene import N_TASKS, Server, embedded, prepared

PAGE_FILE = Path(__file__).parent / "RESULTS.md"
_TARGETS = {"/health": 0.05, f"/predict, {PAGE} tasks": 0.15}  # seconds at the 95th percentile
_PACKAGES = ("label-studio", "fastapi", "uvicorn", "onnxruntime")
_TEXT = """\
# Results: serving

{people} people label {seconds:.0f} seconds long, each with 1.5 to 4 seconds of thought a sentence: they open a task in
Label Studio, ask the server for the suggestions of a page of {page} tasks, and submit. {n_tasks} tasks; somebody asks
for the server's health ten times a second. When {after} annotations are new, the server trains, and takes the new
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

Submitted: {submitted} annotations; pulled afterwards: {pulled}.

## Faults

Each is done while four people label. The columns count requests to the server that failed.

| fault | while it lasted | afterwards | what was said |
|---|--:|--:|---|
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
                tasks = [{"id": task.id, "data": task.data} for task in client.tasks(project)] if project else []

            def new_load(server: Server) -> Load:
                return Load(server.url, address, token, project.id if project else 0, tasks)

            server = Server(workspace, "--after", str(options.after), "--port", "0")
            server.hears("renewed", 600)
            load, began = new_load(server), time.monotonic()
            load.begin(options.people)
            swapped = server.hears("answers from here on", 4 * options.seconds)
            time.sleep(max(0, began + options.seconds - time.monotonic()))
            load.end()
            lasted = time.monotonic() - began
            server.hears("renewed", 300)
            pulled = len(pull(workspace).pulled.annotations)
            trial = Trial(workspace, studio, server, new_load)
            outcomes = trial.outcomes()
            trial.server.end()
    text = _page(options, load, server, (swapped, lasted, began), pulled)
    PAGE_FILE.write_text(text.replace("{faults}", "\n".join(map(_fault, outcomes))), "utf-8")
    print(PAGE_FILE.read_text("utf-8"))


def _page(options: Namespace, load: Load, server: Server, run: tuple[str, float, float], pulled: int) -> str:
    swapped, lasted, began = run
    ended = server.heard_at("trained with", began) or began
    begun = server.heard_at("Pulling labels", began) or began
    story = f"The training began after {begun - began:.0f} s and took {ended - begun:.0f} s."
    story += f" {swapped or 'No other model was taken'}."
    return _TEXT.format(
        people=options.people,
        seconds=lasted,
        page=PAGE,
        n_tasks=N_TASKS,
        after=options.after,
        circumstances=f"{datetime.now(UTC):%Y-%m-%d}, {describe(_PACKAGES)}",
        story=story,
        rows="\n".join(rows(load.asked)),
        training_rows="\n".join(rows([each for each in load.asked if begun <= each.at < ended])),
        submitted=len(load.submitted),
        pulled=pulled,
        faults="{faults}",
    )


def _fault(outcome: Outcome) -> str:
    return f"| {outcome.name} | {outcome.during} | {outcome.after} | {outcome.said} |"


if __name__ == "__main__":
    main()
