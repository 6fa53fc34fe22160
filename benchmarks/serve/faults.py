"""Faults under load: each is done to a server that people label with, and what they noticed is counted."""

import resource
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from annotate.config import Workspace
from annotate.models.folder import in_use
from annotate.studio.local import LocalStudio
from benchmarks.serve.load import Asked, Load
from benchmarks.serve.scene import Server

_WATCHED = 10.0  # seconds of load after a fault is over
_SMALL = 200_000  # bytes: no model fits into a file of that size
_OURS = ("/predict", "/health")


class Outcome(NamedTuple):
    """What a fault did: failed requests to our server while it lasted and after, and what was said."""

    name: str
    during: int
    after: int
    said: str


@dataclass
class Trial:
    """A server, a Label Studio, and people who label as long as each fault lasts."""

    workspace: Workspace
    studio: LocalStudio
    server: Server
    new_load: Callable[[Server], Load]

    def outcomes(self) -> list[Outcome]:
        """Do every fault."""
        return [
            self._under_load("the server is killed, and started again", self._kill_server),
            self._under_load("Label Studio is stopped, and started again", self._restart_studio),
            self._under_load("the disk is full while a model is saved", self._fill_disk),
            self._under_load("the folder of the model in use is deleted", self._delete_model),
        ]

    def _under_load(self, name: str, do: Callable[[], str]) -> Outcome:
        load = self.new_load(self.server)
        load.begin(4)
        time.sleep(3)
        began = time.monotonic()
        said = do()
        over = time.monotonic()
        load.server = self.server.url
        time.sleep(_WATCHED)
        load.end()
        failed = [each for each in load.asked if not each.ok and each.what.startswith(_OURS)]
        return Outcome(name, _between(failed, began, over + 1), _between(failed, over + 1, time.monotonic()), said)

    def _kill_server(self) -> str:
        port = self.server.url.rpartition(":")[2]
        self.server.process.kill()
        self.server.process.wait()
        self.server = Server(self.workspace, "--after", "0", "--port", port)
        return "it registered again" if self.server.hears("connected with", 120) else "it never came back"

    def _restart_studio(self) -> str:
        port = int(self.studio.wait(self.studio.launch()).port)
        self.studio.stop()
        self.studio.wait(self.studio.launch(port))
        return "suggestions and webhooks went on"

    def _fill_disk(self) -> str:
        _, hard = resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (_SMALL, hard))
        self._press_start_training()
        said = self.server.hears("not done", 600)
        resource.prlimit(self.server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        return said.rpartition("/")[2]

    def _press_start_training(self) -> None:
        import httpx

        body = {"action": "START_TRAINING"}
        httpx.post(f"{self.server.url}/webhook", json=body, timeout=30).raise_for_status()

    def _delete_model(self) -> str:
        name = in_use(self.workspace.models)
        if name is not None:
            shutil.rmtree(self.workspace.models / name)
        return "the model in memory answered on"


def _between(asked: list[Asked], start: float, end: float) -> int:
    return sum(start <= each.at < end for each in asked)
