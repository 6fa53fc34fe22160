"""People who label and somebody who asks for the server's health, as locust runs them: `locust -f people.py`.

What is asked for is in the JSON file named by ``ANNOT_LOAD`` (see ``load.Load``), the token of Label Studio in
``ANNOT_LOAD_TOKEN``. Each request becomes a line of the plan's record.
"""

import json
import os
import time
from itertools import count, cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from locust import HttpUser, constant, events, task
from locust.exception import StopUser

PLAN = json.loads(Path(os.environ["ANNOT_LOAD"]).read_text("utf-8"))
_TIMEOUT = 60.0  # seconds
_CHOICES = ("Prediction", "None of these")
_THINKS = (1.5, 4.0)  # seconds between two answers
_numbers = count()
_record = Path(PLAN["record"])


@events.request.add_listener
def _note(
    name: str,
    start_time: float,
    response_time: float,
    exception: Exception | None,
    context: dict[str, Any],
    **_: object,
) -> None:
    seconds = response_time / 1000
    asked = {"at": start_time, "what": name, "seconds": seconds, "ok": exception is None, "uid": context.get("uid")}
    with _record.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asked) + "\n")


class Person(HttpUser):
    """Opens a task in Label Studio, asks for a page of suggestions, thinks, and submits; again and again."""

    host = PLAN["studio"]
    wait_time = constant(0)

    def on_start(self) -> None:
        """Take a share of the tasks."""
        number = next(_numbers)
        self.chance = Random(number)  # noqa: S311
        self.mine = iter(PLAN["tasks"][number :: PLAN["n_people"]])
        self.pages = cycle(PLAN["tasks"])
        self.client.headers["Authorization"] = f"Token {os.environ['ANNOT_LOAD_TOKEN']}"

    @task
    def label(self) -> None:
        """Label one sentence."""
        mine = next(self.mine, None)
        if mine is None:
            raise StopUser
        url = f"/api/tasks/{mine['id']}"
        self.client.get(url, name="open a task (Label Studio)", timeout=_TIMEOUT)
        page = list(islice(self.pages, PLAN["page"]))
        body = {"tasks": page, "project": f"{PLAN['project']}.1", "label_config": "", "params": {}}
        name = f"/predict, {len(page)} tasks"
        self.client.post(f"{PLAN['server']}/predict", json=body, name=name, timeout=_TIMEOUT)
        time.sleep(self.chance.uniform(*_THINKS))
        value = {"choices": [_CHOICES[mine["id"] % 2]]}
        result = {"from_name": "claims", "to_name": "sentence", "type": "choices", "value": value}
        answer = {"result": [result], "lead_time": 2.0}
        context = {"uid": mine["data"]["uid"]}
        name = "submit (Label Studio)"
        self.client.post(f"{url}/annotations/", json=answer, name=name, timeout=_TIMEOUT, context=context)


class Monitor(HttpUser):
    """Asks for the server's health ten times a second."""

    host = PLAN["server"]
    wait_time = constant(0.1)
    fixed_count = 1

    @task
    def ask(self) -> None:
        """Ask once."""
        self.client.get("/health", name="/health", timeout=_TIMEOUT)
