"""The embedded server, as far as it can be known without starting it."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from annotate.errors import StudioError
from annotate.studio.local import LocalStudio, Server


@pytest.fixture
def studio(tmp_path: Path) -> LocalStudio:
    return LocalStudio(tmp_path / ".annot" / "studio")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield int(listening.getsockname()[1])


def record(studio: LocalStudio, pid: int, created: float) -> None:
    studio.folder.mkdir(parents=True)
    server = Server(pid=pid, created=created, port=8080)
    (studio.folder / "server.json").write_text(server.model_dump_json(), "utf-8")


def files(studio: LocalStudio) -> list[str]:
    """Return the names of what may hold a secret or data, and so not of locks."""
    return sorted(path.name for path in studio.folder.iterdir() if path.name != "lock")


def test_a_fresh_workspace_has_none(studio: LocalStudio) -> None:
    assert (studio.exists, studio.running()) == (False, None)


def test_stopping_none_makes_nothing(studio: LocalStudio, tmp_path: Path) -> None:
    assert studio.stop() is False
    assert list(tmp_path.iterdir()) == []


def test_stopping_again_is_the_same(studio: LocalStudio) -> None:
    studio.folder.mkdir(parents=True)
    assert [studio.stop() for _ in range(3)] == [False] * 3


def test_lost_credentials_are_to_be_restored_and_never_made_anew(studio: LocalStudio) -> None:
    (studio.folder / "data").mkdir(parents=True)
    assert studio.exists
    for attempt in (studio.credentials, studio.launch):
        with pytest.raises(StudioError, match=r"credentials\.json: missing or broken; it is the key .*: restore it$"):
            attempt()
    assert {"credentials.json", "server.json"}.isdisjoint(files(studio))
    assert studio.running() is None


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'{"username": "a", "password": "b"}', b"\xff"])
def test_broken_credentials_are_told_in_a_line_without_what_they_hold(studio: LocalStudio, content: bytes) -> None:
    studio.folder.mkdir(parents=True)
    (studio.folder / "credentials.json").write_bytes(content)
    with pytest.raises(StudioError) as refused:
        studio.credentials()
    assert str(refused.value).endswith("restore it")
    assert "\n" not in str(refused.value)
    assert (studio.folder / "credentials.json").read_bytes() == content


def test_a_port_that_is_taken_is_refused_before_anything_is_started(studio: LocalStudio, taken: int) -> None:
    for _ in range(2):
        with pytest.raises(StudioError, match=f"port {taken} is taken; choose another with --port"):
            studio.launch(taken)
    assert files(studio) == []


def test_starting_at_a_port_that_is_taken_ends_with_that(studio: LocalStudio, taken: int) -> None:
    with pytest.raises(StudioError, match="is taken"), studio.started(taken):
        pytest.fail("it started")
    assert files(studio) == []


def test_the_workspaces_password_stays_out_of_version_control(studio: LocalStudio, taken: int) -> None:
    with pytest.raises(StudioError):
        studio.launch(taken)
    assert (studio.folder.parent / ".gitignore").read_text("utf-8") == "*\n"


def test_the_process_that_was_recorded_runs(studio: LocalStudio) -> None:
    record(studio, os.getpid(), psutil.Process().create_time())
    running = studio.running()
    assert running is not None
    assert (running.pid, running.url) == (os.getpid(), "http://127.0.0.1:8080")


def test_a_later_process_of_the_same_number_is_another(studio: LocalStudio) -> None:
    record(studio, os.getpid(), psutil.Process().create_time() - 60)
    assert studio.running() is None
    assert studio.stop() is False


def test_a_process_that_ended_does_not_run(studio: LocalStudio) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        created = psutil.Process(process.pid).create_time()
        record(studio, process.pid, created)
        assert studio.running() is not None
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert studio.running() is None  # it is there still, as one whose end nobody has asked for
    assert studio.running() is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"pid": -1, "created": 1, "port": 1}', b"\xff"])
def test_a_broken_record_is_none(studio: LocalStudio, content: bytes) -> None:
    studio.folder.mkdir(parents=True)
    (studio.folder / "server.json").write_bytes(content)
    assert studio.running() is None
    assert studio.stop() is False


def test_a_number_that_no_process_can_have_does_not_run(studio: LocalStudio) -> None:
    record(studio, 2**40, 1.0)
    assert studio.running() is None
    assert studio.stop() is False


def test_the_credentials_are_for_their_owner_alone(studio: LocalStudio) -> None:
    studio.folder.mkdir(parents=True)
    # Label Studio is not started: the account is made before, for the server's environment.
    environment = studio._environment()
    path = studio.folder / "credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    account = studio.credentials()
    assert environment["LABEL_STUDIO_USER_TOKEN"] == account.token
    assert studio._environment() == environment


def test_the_servers_environment_is_its_own(studio: LocalStudio) -> None:
    studio.folder.mkdir(parents=True)
    environment = studio._environment()
    assert {"USERNAME", "PORT", "DEBUG", "PYTHONPATH"}.isdisjoint(environment)
    assert environment["HOME"] == str(studio.folder)
    assert environment["COLLECT_ANALYTICS"] == "false"
