"""A user at a shell, and an annotator who works through Label Studio's own API."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import forked
import httpx

from annotate.config import open_workspace
from annotate.studio.local import LocalStudio

# What a user's shell may hold, and Label Studio would read if it were handed on.
MISLEADING = {"PORT": "1", "HOST": "http://example.invalid", "USERNAME": "somebody", "DEBUG": "true"}
# The keyring of whoever runs the tests is none of theirs.
_NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}


@dataclass(frozen=True)
class Shell:
    """A user at a shell, with a workspace and an empty home."""

    workspace: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the shell."""
        own = {"PATH": os.environ["PATH"], "HOME": str(self.home), "COLUMNS": "100"}
        return own | MISLEADING | _NO_KEYRING

    def command(self, *arguments: str | Path) -> Sequence[str]:
        """Return a command as the system is to run it."""
        return [sys.executable, "-m", "annotate", "--workspace", str(self.workspace), *map(str, arguments)]

    def annot(self, *arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in the workspace to its end, with something on standard input."""
        return forked.annot(["--workspace", self.workspace, *arguments], self.environment, given=given)

    def done(self, *arguments: str | Path) -> str:
        """Run a command that must succeed, and return what it printed."""
        result = self.annot(*arguments)
        assert result.returncode == 0, result.stderr
        return result.stdout

    def start(self, *arguments: str | Path) -> "subprocess.Popen[str]":
        """Run a command without waiting for it."""
        return subprocess.Popen(
            self.command(*arguments), env=self.environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    @property
    def local(self) -> LocalStudio:
        """The workspace's embedded server."""
        return LocalStudio(open_workspace(self.workspace).studio)


@dataclass(frozen=True)
class Annotator:
    """Somebody who labels one project, through the API that Label Studio's own page uses."""

    url: str
    token: str
    title: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Send one request, and return what was answered."""
        headers = {"Authorization": f"Token {self.token}"}
        answer = httpx.request(method, f"{self.url}/api/{path}", headers=headers, json=body, timeout=60)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    @property
    def project(self) -> dict[str, Any]:
        """The project, as the API shows it."""
        listed = self.ask("GET", "projects?page_size=100")["results"]
        number = next(project["id"] for project in listed if project["title"] == self.title)
        found: dict[str, Any] = self.ask("GET", f"projects/{number}")
        return found

    def tasks(self) -> list[dict[str, Any]]:
        """Return every task with its data, predictions and annotations."""
        found = self.ask("GET", f"tasks?project={self.project['id']}&fields=all&page_size=1000")
        tasks: list[dict[str, Any]] = found["tasks"]
        return tasks

    def task(self, text: str) -> int:
        """Return the number of the task that shows a sentence."""
        return next(int(task["id"]) for task in self.tasks() if task["data"]["sentence"] == text)

    def submit(self, task: int, *results: dict[str, Any], **more: object) -> int:
        """Submit answers to a task, and return the annotation's number."""
        return int(self.ask("POST", f"tasks/{task}/annotations/", {"result": results, "lead_time": 2.5} | more)["id"])


@dataclass(frozen=True)
class Quickstarted(Shell):
    """A workspace in which `annot quickstart` has run, and what that printed."""

    result: subprocess.CompletedProcess[str]

    @property
    def url(self) -> str:
        """The address of the server, which is started where it does not run."""
        return self.local.wait(self.local.launch()).url

    def annotator(self, title: str) -> Annotator:
        """Return the annotator of a project of that title."""
        return Annotator(self.url, self.local.credentials().token, title[-50:])

    def shell(self, annotator: Annotator, workspace: Path) -> Shell:
        """Return a user in another workspace, which uses this Label Studio and the annotator's project."""
        settings = [
            f'url = "{annotator.url}"',
            f'api_key = "{annotator.token}"',
            f'project = "{annotator.title}"',
            'labels = ["data/labels.jsonl"]',
        ]
        (workspace / "annot.toml").write_text("\n".join(settings), "utf-8")
        return Shell(workspace, self.home)


@contextmanager
def quickstarted(workspace: Path, home: Path, port: int | None = None) -> Iterator[Quickstarted]:
    """Run `annot quickstart` in a workspace, on a server at a port if one is given, and stop its server afterwards."""
    shell = Shell(workspace, home)
    try:
        if port is not None:
            shell.done("studio", "start", "--port", str(port))
        result = subprocess.run(
            shell.command("quickstart"), env=shell.environment, capture_output=True, text=True, check=False
        )
        yield Quickstarted(workspace, home, result)
    finally:
        shell.annot("studio", "stop")


def choices(*names: str) -> dict[str, Any]:
    """Return an answer to the question of the sentence."""
    return {"from_name": "claims", "to_name": "sentence", "type": "choices", "value": {"choices": list(names)}}


def loaded(text: str, term: str) -> dict[str, Any]:
    """Return a marked term."""
    start = text.index(term)
    value = {"start": start, "end": start + len(term), "text": term, "labels": ["Loaded term"]}
    return {"from_name": "terms", "to_name": "sentence", "type": "labels", "value": value}
