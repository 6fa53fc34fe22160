"""People who label, each in a thread, and somebody who asks for the server's health all the time."""

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any, NamedTuple

import httpx

from annotate.studio.tasks import Json

PAGE = 25  # tasks
_THINKS = (1.5, 4.0)  # seconds between two answers
_CHOICES = ("Prediction", "None of these")


class Asked(NamedTuple):
    """A request: when it began (monotonic), what it was, how long it took, and whether it was answered well."""

    at: float
    what: str
    seconds: float
    ok: bool


@dataclass
class Load:
    """What is asked of a server, and how it answered."""

    server: str
    studio: str
    token: str
    project: int
    tasks: list[Json]
    asked: list[Asked] = field(default_factory=list)
    submitted: list[int] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def begin(self, n_people: int) -> None:
        """Let people begin to label."""
        shares = [self.tasks[number::n_people] for number in range(n_people)]
        workers = [(self._labels, (share, number)) for number, share in enumerate(shares)] + [(self._asks_health, ())]
        self.threads = [threading.Thread(target=work, args=args) for work, args in workers]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Let them finish."""
        self.stopped.set()
        for thread in self.threads:
            thread.join()

    def _timed(self, client: httpx.Client, what: str, method: str, url: str, body: Any = None) -> Any:  # noqa: ANN401
        began = time.monotonic()
        try:
            answer = client.request(method, url, json=body)
            ok, found = answer.is_success, answer.json() if answer.is_success else None
        except (httpx.HTTPError, ValueError):
            ok, found = False, None
        self.asked.append(Asked(began, what, time.monotonic() - began, ok))
        return found

    def _labels(self, share: list[Json], seed: int) -> None:
        """Open a task in Label Studio, ask for a page of suggestions, think, and submit an answer; again and again."""
        chance = random.Random(seed)  # noqa: S311
        pages = _pages(share)
        with httpx.Client(headers={"Authorization": f"Token {self.token}"}, timeout=60) as client:
            for task in share:
                self._timed(client, "open a task (Label Studio)", "GET", f"{self.studio}/api/tasks/{task['id']}")
                body = {"tasks": next(pages), "project": f"{self.project}.1", "label_config": "", "params": {}}
                self._timed(client, f"/predict, {PAGE} tasks", "POST", f"{self.server}/predict", body)
                if self.stopped.wait(chance.uniform(*_THINKS)):
                    return
                answer = {"result": [_answer(int(task["id"]))], "lead_time": 2.0}
                url = f"{self.studio}/api/tasks/{task['id']}/annotations/"
                if self._timed(client, "submit (Label Studio)", "POST", url, answer) is not None:
                    self.submitted.append(int(task["id"]))

    def _asks_health(self) -> None:
        with httpx.Client(timeout=60) as client:
            while not self.stopped.wait(0.1):
                self._timed(client, "/health", "GET", f"{self.server}/health")


def _pages(tasks: list[Json]) -> Iterator[list[Json]]:
    rest = cycle(tasks)
    while True:
        yield list(islice(rest, PAGE))


def _answer(number: int) -> Json:
    value = {"choices": [_CHOICES[number % 2]]}
    return {"from_name": "claims", "to_name": "sentence", "type": "choices", "value": value}
