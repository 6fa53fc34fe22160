"""The embedded server survives what it is put through."""

import os
import signal
import socket
import time

import psutil
import pytest

from end_to_end.user_shell import Annotator, Quickstarted, Shell, choices


def test_status_start_and_stop_tell_the_truth(demo: Quickstarted) -> None:
    server = demo.local.wait(demo.local.launch())
    assert server.url in demo.done("studio", "status")
    assert server.url in demo.done("studio", "start")
    assert "is stopped" in demo.done("studio", "stop")
    assert not psutil.pid_exists(server.pid)
    assert "does not run" in demo.done("studio", "status")
    assert "was not running" in demo.done("studio", "stop")
    assert f":{server.port}" in demo.done("studio", "start")


def test_a_killed_server_keeps_every_label(demo: Quickstarted, shell: Shell, annotator: Annotator) -> None:
    (shell.workspace / "a.txt").write_text("It will rain. It will snow.", "utf-8")
    shell.done("push", shell.workspace / "a.txt")
    for task in annotator.tasks():
        annotator.submit(task["id"], choices("Prediction"))
    server = demo.local.running()
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    assert "does not answer" in shell.annot("pull").stderr
    demo.done("studio", "start")
    assert shell.done("pull").startswith("2 annotations")


def test_a_push_outlives_a_server_that_is_killed_and_started_again(
    demo: Quickstarted, shell: Shell, annotator: Annotator
) -> None:
    lines = shell.workspace / "many.txt"
    lines.write_text("\n".join(f"Sentence number {number} says what it says." for number in range(4000)), "utf-8")
    push = shell.start("push", lines, "--lines")
    deadline = time.monotonic() + 60
    while not any(p["task_number"] for p in own_projects(annotator)) and time.monotonic() < deadline:
        time.sleep(0.05)
    server = demo.local.running()
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    demo.done("studio", "start")
    _, said = push.communicate()
    assert push.returncode == 0, said
    assert "trying again" in said
    found = annotator.ask("GET", f"tasks?project={annotator.project['id']}&page_size=4000")["tasks"]
    assert len({task["data"]["uid"] for task in found}) == len(found) == 4000


def own_projects(annotator: Annotator) -> list[dict[str, int]]:
    listed = annotator.ask("GET", "projects?page_size=100")["results"]
    return [project for project in listed if project["title"] == annotator.title]


def test_a_port_that_is_taken_is_one_line(demo: Quickstarted) -> None:
    demo.done("studio", "stop")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = demo.annot("studio", "start", "--port", str(taken.getsockname()[1]))
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith("is taken; choose another with --port, or leave it out")
    demo.done("studio", "start")


@pytest.mark.parametrize("command", [("studio", "start"), ("push", "a.txt")])
def test_ctrl_c_leaves_no_server_behind(demo: Quickstarted, shell: Shell, command: tuple[str, ...]) -> None:
    (shell.workspace / "annot.toml").unlink()
    (shell.workspace / "a.txt").write_text("It will rain.", "utf-8")
    where = [shell.workspace / part if part.endswith(".txt") else part for part in command]
    running = shell.start(*where)
    while shell.local.running() is None and running.poll() is None:
        time.sleep(0.05)
    server = shell.local.running()
    assert server is not None
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode != 0
    assert not psutil.pid_exists(server.pid)
    assert {path.name for path in shell.workspace.iterdir()} == {".annot", "a.txt"}
