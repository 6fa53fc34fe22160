"""Faults under load: each is done to a server that people label with, and what they noticed is counted."""

import resource
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import httpx
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from annotate.config import Workspace
from annotate.models.folder import in_use
from annotate.studio.local import LocalStudio
from annotate.workflow.sync import pull
from benchmarks.serve.load import Load, submitted
from benchmarks.serve.scene import Server

N_TASKS = 160  # a fault
_N_PEOPLE = 4
_BEFORE, _AFTER = 5.0, 15.0  # seconds of load around a fault
_SMALL = 20_000_000  # bytes: labels fit into a file of that size, and no model does
_OURS = ("/predict", "/health")


class Outcome(NamedTuple):
    """What a fault did: our server's failed requests while it lasted and after, answers lost, and what was seen."""

    name: str
    during: int
    after: int
    n_submitted: int
    n_lost: int
    seen: str


@dataclass
class Trial:
    """A server, a Label Studio, and people who label as long as each fault lasts."""

    workspace: Workspace
    studio: LocalStudio
    server: Server
    new_load: Callable[[Server, int, int], Load]

    def outcomes(self) -> list[Outcome]:
        """Do every fault."""
        return [
            self._under_load("the server is killed, and started again", self._kill_server),
            self._under_load("Label Studio is stopped, and started again", self._restart_studio),
            self._under_load("the disk is full while a training saves what it reached", self._fill_disk),
            self._under_load("the folder of the model in use is deleted", self._delete_model),
        ]

    def _under_load(self, name: str, do: Callable[[], Callable[[], str]]) -> Outcome:
        load = self.new_load(self.server, _N_PEOPLE, N_TASKS)
        time.sleep(_BEFORE)
        began = time.time()
        see = do()
        over = time.time()
        time.sleep(_AFTER)
        asked = load.end()
        failed = [each.at for each in asked if not each.ok and each.what.startswith(_OURS)]
        taken = submitted(asked)
        return Outcome(
            name,
            during=sum(began <= at < over for at in failed),
            after=sum(at >= over for at in failed),
            n_submitted=len(taken),
            n_lost=n_lost(self.workspace, taken),
            seen=see(),
        )

    def _kill_server(self) -> Callable[[], str]:
        port = self.server.url.rpartition(":")[2]
        self.server.process.kill()
        self.server.process.wait()
        self.server = Server(self.workspace, "--after", "0", "--port", port)
        said = self.server.hears("connected with", 120)
        return lambda: f"it {said.partition(' http')[0]} by itself" if said else "it never came back"

    def _restart_studio(self) -> Callable[[], str]:
        port = int(self.studio.wait(self.studio.launch()).port)
        self.studio.stop()
        self.studio.wait(self.studio.launch(port))
        told = self._n_told()
        return lambda: f"{self._n_told() - told:.0f} webhooks came after it"

    def _n_told(self) -> float:
        return sum(each.value for each in self._metrics("annot_annotations_noticed_total"))

    def _metrics(self, name: str) -> list[Sample]:
        page = httpx.get(f"{self.server.url}/metrics", timeout=30).raise_for_status().text
        samples = (sample for family in text_string_to_metric_families(page) for sample in family.samples)
        return [sample for sample in samples if sample.name == name]

    def _fill_disk(self) -> Callable[[], str]:
        before = {path.name for path in self.workspace.models.iterdir()}
        _, hard = resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (_SMALL, hard))
        body = {"action": "START_TRAINING"}
        httpx.post(f"{self.server.url}/webhook", json=body, timeout=30).raise_for_status()
        said = self.server.hears("not done", 600)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        left = {path.name for path in self.workspace.models.iterdir()} - before
        what = said.partition(": cannot ")[2]  # behind the path
        return lambda: f"cannot {what}; left in models/: {', '.join(sorted(left)) or 'nothing'}"

    def _delete_model(self) -> Callable[[], str]:
        name = in_use(self.workspace.models)
        if name is not None:
            shutil.rmtree(self.workspace.models / name)
        return lambda: f"{self._metrics('annot_model_in_use')[0].labels['version']!r} answers from memory"


def n_lost(workspace: Workspace, sentences: Sequence[str]) -> int:
    """Pull, and return for how many of some sentences, by their uids, no answer came."""
    return len(set(sentences) - {annotation.uid for annotation in pull(workspace).pulled.annotations})
