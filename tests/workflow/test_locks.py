"""Of two commands of one workspace the second waits, or refuses in one line."""

import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.config import Workspace, open_workspace
from annotate.errors import AnnotError, StoreError
from annotate.workflow.locks import alone

HOLDER = """
import sys
from pathlib import Path
from annotate.config import open_workspace
from annotate.workflow.locks import alone
print("asking", flush=True)
with alone(open_workspace(Path(sys.argv[1])), "training"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


@pytest.fixture
def holder(workspace: Workspace) -> Iterator["subprocess.Popen[str]"]:
    """Another process that does the job until it is told to end."""
    command = [sys.executable, "-c", HOLDER, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert (process.stdout.readline(), process.stdout.readline()) == ("asking\n", "held\n")
        yield process
        process.kill()


def test_the_second_refuses_in_one_line(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    with pytest.raises(AnnotError) as refused, alone(workspace, "training", wait=False):
        pytest.fail("two do it at once")
    assert str(refused.value) == f"{workspace.root}: another training runs here; wait for it, or stop it"


def test_another_job_goes_on(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    with alone(workspace, "push", wait=False):
        assert holder.poll() is None


def test_the_second_waits_until_the_first_is_done(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    command = [sys.executable, "-c", HOLDER, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as second:
        assert second.stdout is not None
        assert second.stdout.readline() == "asking\n"
        assert select.select([second.stdout], [], [], 0.5)[0] == []
        assert holder.stdin is not None
        holder.stdin.write("\n")
        holder.stdin.flush()
        printed, _ = second.communicate("\n", timeout=30)
    assert (printed, second.returncode, holder.wait(30)) == ("held\n", 0, 0)


def test_a_job_that_was_killed_does_not_stay(workspace: Workspace, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait()
    with alone(workspace, "training", wait=False):
        pass


def test_an_error_ends_the_job(workspace: Workspace) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), alone(workspace, "training", wait=False):
            raise ZeroDivisionError
    with alone(workspace, "training", wait=False):
        pass


def test_where_no_lock_can_be_made_that_is_told(tmp_path: Path) -> None:
    (tmp_path / ".annot").write_text("a file", "utf-8")
    with pytest.raises(StoreError, match="cannot be written"), alone(open_workspace(tmp_path), "training"):
        pytest.fail("it has no lock")


def test_a_time_out_of_the_job_itself_is_not_taken_for_another_job(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError), alone(open_workspace(tmp_path), "training"):
        raise TimeoutError
