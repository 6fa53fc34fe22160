"""One measured piece of work, in a process of its own: `python -m benchmarks.sync.work WORK URL TOKEN TITLE NUMBER`.

What comes before the clock starts is the same for both: the SDK is loaded, and the sentences are in memory.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from label_studio_sdk import LabelStudio

from annotate.assets import asset
from annotate.corpus.store import write_records
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.project import open_project
from annotate.studio.pull import Pull, find_answered_project
from annotate.studio.push import Push, PushOptions
from annotate.studio.tasks import to_prediction, to_pulled, to_task
from benchmarks.sync import corpus

_BATCH = 1000  # the quickest of those tried for a bare import: 250, 1,000 and 5,000

SCHEMA = LabelSchema.read(asset("labeling_config.xml"))


def bare_import(url: str, token: str, title: str, number: int) -> Callable[[], int]:
    """Create a project, and import tasks that are made already."""
    sdk: Any = LabelStudio(base_url=url, api_key=token, timeout=600)
    tasks = [
        {"data": to_task(sentence, article), "predictions": [to_prediction(corpus.suggest([sentence])[0], SCHEMA)]}
        for article, sentences in corpus.articles(number)
        for sentence in sentences
    ]

    def run() -> int:
        project = sdk.projects.create(title=title, label_config=SCHEMA.xml).id
        for start in range(0, number, _BATCH):
            sdk.projects.import_tasks(id=project, request=tasks[start : start + _BATCH])
        return number

    return run


def push(url: str, token: str, title: str, number: int) -> Callable[[], int]:
    """Push articles; the first time that is an import, the second time a comparison."""
    studio, articles = Studio(url, token), corpus.articles(number)
    options = PushOptions(PreAnnotator(corpus.MODEL, corpus.suggest))

    def run() -> int:
        project = open_project(studio, title, SCHEMA, "<p>Read the codebook.</p>")
        found = Push(studio, project, SCHEMA, options)(articles).difference
        return len(found.new) + found.n_unchanged

    return run


def bare_listing(url: str, token: str, title: str, _: int) -> Callable[[], int]:
    """List the data of every task, in the cheapest form."""
    sdk: Any = LabelStudio(base_url=url, api_key=token, timeout=600)
    project = _number(sdk, title)
    wanted = {"fields": "task_only", "include": ["id", "data"], "page_size": _BATCH}
    return lambda: sum(1 for _ in sdk.tasks.list(project=project, **wanted))


def bare_export(url: str, token: str, title: str, _: int) -> Callable[[], int]:
    """Export what is annotated, and parse it."""
    sdk: Any = LabelStudio(base_url=url, api_key=token, timeout=3600)
    project = _number(sdk, title)

    def run() -> int:
        parts = sdk.projects.exports.download_sync(id=project, export_type="JSON", download_all_tasks=False)
        return len(json.loads(b"".join(parts)))

    return run


def pull(url: str, token: str, title: str, _: int) -> Callable[[], int]:
    """Pull everything anew, and write it."""
    studio = Studio(url, token)

    def run() -> int:
        project = find_answered_project(studio, title, SCHEMA)
        pulled = to_pulled(Pull(studio, project, SCHEMA)())
        with TemporaryDirectory() as folder:
            write_records(Path(folder) / "labels.jsonl", pulled.annotations)
        return len(pulled.annotations)

    return run


def pull_again(url: str, token: str, title: str, _: int) -> Callable[[], int]:
    """Pull what has changed since the last pull: nothing."""
    studio = Studio(url, token)
    project = find_answered_project(studio, title, SCHEMA)
    pull = Pull(studio, project, SCHEMA, margin=timedelta())
    known = pull()
    return lambda: len(pull(known))


def _number(sdk: Any, title: str) -> int:  # noqa: ANN401 - the SDK is not typed here
    return next(int(project.id) for project in sdk.projects.list(title=title) if project.title == title)


WORKS = {work.__name__: work for work in (bare_import, push, bare_listing, bare_export, pull, pull_again)}

if __name__ == "__main__":
    name, url, token, title, number = sys.argv[1:]
    run = WORKS[name](url, token, title, int(number))
    began = time.perf_counter()
    done = run()
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "done": done}))
