"""A failing client, network or disk loses and doubles nothing; `python -m benchmarks.sync_faults` tries more."""

import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotate.errors import StudioError
from annotate.studio.client import Studio
from benchmarks.sync_faults import proxy as faults
from benchmarks.sync_faults.proxy import Fault, Proxy, running
from benchmarks.sync_faults.scene import Scene, command
from end_to_end.user_shell import Annotator, Shell, choices

ROOT = Path(__file__).parents[2]


@pytest.fixture
def scene(annotator: Annotator) -> Scene:
    return Scene(annotator.url, annotator.token, number=1200, n_answered=5).begun()


@pytest.mark.parametrize(
    ("fault", "timeout"),
    [(faults.error_500_afterwards, 120), (faults.reset, 120), (faults.silence, 10)],
    ids=["error_500_afterwards", "reset", "silence"],
)
def test_a_push_through_a_network_that_fails_now_and_then_arrives(scene: Scene, fault: Fault, timeout: float) -> None:
    with Studio(scene.url, scene.token) as studio:
        port = int(studio.url.rpartition(":")[2])
    with running(Proxy(("127.0.0.1", port), fault, share=0.3, seed=3)) as proxy:
        scene.push(url=proxy.url, timeout=timeout)
        assert proxy.n_spoilt > 0
    assert scene.losses() == []


def test_a_push_that_is_killed_is_completed_by_the_next(scene: Scene) -> None:
    with subprocess.Popen([sys.executable, *command(scene)], cwd=ROOT, stdout=subprocess.PIPE) as push:
        deadline = time.monotonic() + 60
        with Studio(scene.url, scene.token) as studio:
            project = scene.project(studio)
            while studio.counts(project).n_tasks <= 5 and push.poll() is None and time.monotonic() < deadline:
                time.sleep(0.05)
        push.kill()
    assert scene.losses() == []


def test_a_project_that_is_deleted_meanwhile_is_one_line(scene: Scene, annotator: Annotator) -> None:
    with Studio(scene.url, scene.token) as studio:
        number = scene.project(studio).id

    def delete(client: object, server: object, request: bytes) -> None:
        annotator.ask("DELETE", f"projects/{number}/")
        raise ConnectionError

    port = int(scene.url.rpartition(":")[2])
    with running(Quiet(("127.0.0.1", port), delete, share=1)) as proxy, pytest.raises(StudioError) as told:
        scene.push(url=proxy.url)
    assert "somebody may have deleted the project" in str(told.value)
    assert "\n" not in str(told.value)


class Quiet(Proxy):
    """A proxy whose own errors are meant."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


def test_a_full_disk_leaves_the_labels_as_they_were(shell: Shell, annotator: Annotator) -> None:
    path = shell.workspace / "a.txt"
    path.write_text("\n".join(f"Sentence number {number} says what it says." for number in range(40)), "utf-8")
    shell.done("push", "--lines", path)
    first, *others = annotator.tasks()
    annotator.submit(first["id"], choices("Prediction"))
    shell.done("pull")
    labels = shell.workspace / "data" / "labels.jsonl"
    before = labels.read_bytes()
    for task in others[:5]:
        annotator.submit(task["id"], choices("Prediction"))
    limit = len(before) + 100  # bytes a file may have: for one label, and not for six

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    pull = subprocess.run(
        shell.command("pull"), env=shell.environment, capture_output=True, text=True, check=False, preexec_fn=small_disk
    )
    assert (pull.returncode, labels.read_bytes()) == (1, before)
    assert "cannot be written" in pull.stderr
    assert "Traceback" not in pull.stderr
    assert shell.done("pull").startswith("6 annotations")
