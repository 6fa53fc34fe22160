"""A real cluster of two nodes gives what the local engine gives, row for row, though a node is killed half-way."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotate.config import open_workspace
from annotate.workflow.articles import streamed_articles
from annotate.workflow.score import Run, load_chosen

RAY = Path(sys.executable).with_name("ray")
SIDE = 'outlet = "The Planet"\n'
# A token of the test's own, for clusters refuse who has none.
SETTINGS = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_USAGE_STATS_ENABLED": "0"}


@dataclass(frozen=True)
class Node:
    """A node of a cluster: `ray start`, and all that it started."""

    process: "subprocess.Popen[bytes]"

    def running(self) -> list[psutil.Process]:
        """Return what runs on the node; of a worker's, the command line says what it is at."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def works(self) -> bool:
        """Tell whether a worker has something to do."""
        return any(
            " ".join(each.cmdline()).startswith("ray::") and "IDLE" not in each.name() for each in self.running()
        )

    def kill(self) -> None:
        """End it as a loss of power would."""
        for process in [psutil.Process(self.process.pid), *self.running()]:
            process.kill()
        self.process.wait(30)


@dataclass(frozen=True)
class Nodes:
    """Two nodes on this machine, and the address of the first."""

    address: str
    head: Node
    second: Node


@pytest.fixture(scope="module")
def nodes() -> Iterator[Nodes]:
    # Sockets lie in the folder, and their names may not be long.
    folder = tempfile.mkdtemp(prefix="annot-ray-")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    port = f"--port={address.rpartition(':')[2]}"
    head = started("--head", port, "--num-cpus=2", "--include-dashboard=false", f"--temp-dir={folder}")
    wait_for(address)
    second = started(f"--address={address}", "--num-cpus=1")
    try:
        yield Nodes(address, head, second)
    finally:
        for node in (head, second):
            if node.process.poll() is None:
                node.kill()
        shutil.rmtree(folder)


def started(*words: str) -> Node:
    common = ("--block", "--object-store-memory=100000000", "--disable-usage-stats")
    command = [str(RAY), "start", *words, *common]
    return Node(subprocess.Popen(command, env=os.environ | SETTINGS, stdout=subprocess.DEVNULL))


def wait_for(address: str) -> None:
    host, _, port = address.partition(":")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port))).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no Ray at {address}")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Give a folder of articles, a table of others, and one that stands there twice; some have a side file."""
    folder = tmp_path_factory.mktemp("corpus")
    for path in (repository / "seeds").glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "again.txt").write_bytes(min((repository / "seeds").glob("*.txt")).read_bytes())
    rows = (
        {"id": n, "text": " ".join(f"The council met {n} times in hall {m}." for m in range(20))} for n in range(300)
    )
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    for name in ("table", max((repository / "seeds").glob("*.txt")).stem):
        (folder / f"{name}.toml").write_text(SIDE, "utf-8")
    return folder


@pytest.fixture(scope="module")
def local(trained: Path, corpus: Path) -> list[str]:
    workspace = open_workspace(trained)
    documents = streamed_articles(workspace, [str(corpus)])
    return list(Run(load_chosen(workspace), documents).lines())


def command(trained: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "annotate", "-w", str(trained), "score", *map(str, words), "--engine", "ray"]


def test_parquet_goes_in_and_out(nodes: Nodes, trained: Path, corpus: Path, local: list[str], tmp_path: Path) -> None:
    table = pa.Table.from_pylist([json.loads(line) for line in (corpus / "table.jsonl").read_text().splitlines()])
    pq.write_table(table, tmp_path / "in.parquet")
    (tmp_path / "in.toml").write_text(SIDE, "utf-8")
    words = command(trained, tmp_path / "in.parquet", "--address", nodes.address, "-f", "parquet")
    subprocess.run([*words, "-o", tmp_path / "out"], check=True, env=os.environ | SETTINGS)
    rows = pq.read_table(tmp_path / "out").to_pylist()
    expected = [record for record in map(json.loads, local) if "council met" in record["text"]]
    assert sorted(rows, key=lambda row: row["uid"]) == sorted(expected, key=lambda row: row["uid"])


def test_a_cluster_gives_the_same_rows_though_a_node_is_killed_half_way(
    nodes: Nodes, trained: Path, corpus: Path, local: list[str]
) -> None:
    words = command(trained, corpus, "--address", nodes.address, "-f", "jsonl")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ | SETTINGS, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert nodes.second.works()
    nodes.second.kill()
    rest = process.stdout.readlines()
    process.stdout.close()
    assert process.wait() == 0
    assert [first, *rest] == local


def test_a_cluster_that_does_not_answer_is_told_in_one_line(trained: Path, corpus: Path) -> None:
    words = command(trained, corpus, "--address", "127.0.0.1:1")
    refused = subprocess.run(words, env=os.environ | SETTINGS, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    (line,) = refused.stderr.splitlines()
    assert line.startswith("annot: 127.0.0.1:1: no Ray answers there (")
    assert line.endswith("); start it with `ray start`")


def test_where_ray_is_not_installed_a_line_says_how_to_get_it(trained: Path, corpus: Path) -> None:
    absent = "import sys; sys.modules['ray'] = None; from annotate.__main__ import main; main()"
    words = [sys.executable, "-c", absent, *command(trained, corpus)[3:]]
    refused = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "annot: Ray is not installed: pip install 'annotate[ray]'\n"
