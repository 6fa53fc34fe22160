"""Load: people who label, run by locust in a process of its own, and what each of their requests met."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from annotate.studio.tasks import Json

PAGE = 25  # tasks
_LAST_ANSWERS = 60  # seconds that people have to finish the sentence they are at


class Asked(NamedTuple):
    """A request: when it began (seconds since 1970), what it was, how long it took, and whether it was answered well.

    ``uid`` is of the sentence that an annotation was submitted for.
    """

    at: float
    what: str
    seconds: float
    ok: bool
    uid: str | None = None


@dataclass(frozen=True)
class Scene:
    """Where people label: the addresses of `annot serve` and of Label Studio, and a project's tasks."""

    server: str
    studio: str
    project: int
    tasks: Sequence[Json]


class Load:
    """People who label until they are told to stop."""

    def __init__(self, scene: Scene, token: str, n_people: int) -> None:
        self._folder = TemporaryDirectory()
        plan = Path(self._folder.name) / "plan.json"
        self._record = plan.with_name("asked.jsonl")
        told = {**asdict(scene), "n_people": n_people, "page": PAGE, "record": str(self._record)}
        plan.write_text(json.dumps(told), "utf-8")
        users = str(n_people + 1)  # with the one who asks for the server's health
        options = ["--headless", "--users", users, "--spawn-rate", users, "--only-summary", "--loglevel", "ERROR"]
        people = str(Path(__file__).with_name("people.py"))
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "locust", "-f", people, *options, "--stop-timeout", str(_LAST_ANSWERS)],
            env={**os.environ, "ANNOT_LOAD": str(plan), "ANNOT_LOAD_TOKEN": token},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def end(self) -> list[Asked]:
        """Let people finish the sentence they are at, and return all that was asked."""
        self._process.terminate()
        self._process.wait(2 * _LAST_ANSWERS)
        with self._folder:
            return [Asked(**json.loads(line)) for line in self._record.read_text("utf-8").splitlines()]


def submitted(asked: Sequence[Asked]) -> list[str]:
    """Return the uids of the sentences of which an annotation was taken."""
    return [each.uid for each in asked if each.ok and each.uid is not None]
