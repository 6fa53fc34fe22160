"""A workspace with a model, an embedded Label Studio with open tasks, and a server beside it."""

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from annotate.config import Workspace, open_workspace
from annotate.corpus.segmentation import Document
from annotate.corpus.store import write_text
from annotate.studio.local import LocalStudio
from annotate.studio.push import PushOptions
from annotate.workflow.studio import connected
from annotate.workflow.sync import push_to
from annotate.workflow.train import TrainOptions, train
from benchmarks.sync import corpus

N_TASKS = 1200
_SEEDS = Path(__file__).parents[2] / "seeds" / "labels.jsonl"


def prepared(folder: Path, models: Path | None) -> Workspace:
    """Make a workspace whose model in use is the one of other models' folder, else trained on the starter labels."""
    # The labels of people alone: a training takes as long as a session of labelling makes it.
    write_text(folder / "annot.toml", ['labels = ["data/labels.jsonl"]\n'])
    workspace = open_workspace(folder)
    if models is not None:
        shutil.copytree(models, workspace.models)
    else:
        train(workspace, [_SEEDS], options=TrainOptions("starter"))
    with connected(workspace) as studio:
        documents = [
            Document(article=article, sentences=tuple(sentences)) for article, sentences in corpus.articles(N_TASKS)
        ]
        push_to(studio, workspace, documents, PushOptions())
    return workspace


class Server:
    """A server in a process of its own, and the lines that it prints."""

    def __init__(self, workspace: Workspace, *options: str) -> None:
        command = [sys.executable, "-m", "annotate", "-w", str(workspace.root), "serve", "--connect", *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ))  # noqa: S603
        self.lines: queue.Queue[str] = queue.Queue()
        self.said: list[tuple[float, str]] = []
        threading.Thread(target=self._read, daemon=True).start()
        found = re.search(r"http://[^;\s]+", self.hears("serving ", 120))
        self.url = "" if found is None else found[0]

    def _read(self) -> None:
        for line in self.process.stderr or ():
            self.said.append((time.time(), line.rstrip()))
            self.lines.put(line.rstrip())

    def hears(self, part: str, within: float) -> str:
        """Wait for a line that has a part, and return it; ``""`` where none comes in so many seconds."""
        end = time.monotonic() + within
        while (left := end - time.monotonic()) > 0:
            try:
                line = self.lines.get(timeout=left)
            except queue.Empty:
                break
            if part in line:
                return line
        return ""

    def heard_at(self, part: str, since: float) -> float | None:
        """Return when the first line with a part was printed since a moment, in seconds since 1970, or ``None``."""
        return next((at for at, line in self.said if at >= since and part in line), None)

    def end(self) -> None:
        """Interrupt it, and wait for the end."""
        self.process.terminate()
        self.process.wait(60)


@contextmanager
def embedded(workspace: Workspace) -> Iterator[LocalStudio]:
    """Yield the workspace's Label Studio, running, and stop it in the end."""
    local = LocalStudio(workspace.studio)
    try:
        local.wait(local.launch())
        yield local
    finally:
        local.stop()
