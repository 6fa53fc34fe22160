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
import pyarrow.parquet as pq
import pytest
from messy import fill

from annotate.config import open_workspace
from annotate.errors import SourceError
from annotate.scoring.parquet import to_columns
from annotate.workflow.articles import Listeners, streamed_articles
from annotate.workflow.score import Run, load_chosen, score_documents

RAY = Path(sys.executable).with_name("ray")
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


@dataclass(frozen=True)
class Local:
    """What the local engine gives: scores as lines, and what it tells of broken files."""

    lines: list[str]
    problems: list[str]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Give a folder of everything, and a table that takes a while."""
    folder = tmp_path_factory.mktemp("corpus")
    fill(folder, repository / "seeds")
    rows = (
        {"id": n, "text": " ".join(f"The council met {n} times in hall {m}." for m in range(20))} for n in range(600)
    )
    (folder / "z.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


@pytest.fixture(scope="module")
def local(trained: Path, corpus: Path) -> Local:
    workspace = open_workspace(trained)
    problems: list[SourceError] = []
    documents = streamed_articles(workspace, [str(corpus)], listeners=Listeners(problems.append))
    return Local(list(Run(load_chosen(workspace), documents).lines()), [*map(str, problems)])


def command(trained: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "annotate", "-w", str(trained), "score", *map(str, words), "--engine", "ray"]


def done(*words: str | Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, env=os.environ | SETTINGS | settings, capture_output=True, text=True, check=False)


def test_parquet_goes_in_and_out(nodes: Nodes, trained: Path, corpus: Path, tmp_path: Path) -> None:
    source, output = corpus / "table.parquet", tmp_path / "out"
    words = command(trained, source, "--address", nodes.address, "-f", "parquet", "-o", output, "--device", "CPU")
    assert done(*words).returncode == 0
    workspace = open_workspace(trained)
    model = load_chosen(workspace)
    expected = to_columns(score_documents(model, list(streamed_articles(workspace, [str(source)]))), model.schema)
    written = pq.read_table(output)
    assert written.schema.equals(expected.schema)
    assert written.sort_by("uid") == expected.sort_by("uid")
    again = done(*words)
    assert again.stderr == (
        f"annot: {output}: is not empty, and rows would be mixed with old ones; empty it, or name another\n"
    )
    assert pq.read_table(output).num_rows == expected.num_rows


def test_what_a_worker_cannot_do_is_told_in_one_line(nodes: Nodes, trained: Path, corpus: Path) -> None:
    words = command(trained, corpus / "table.parquet", "--address", nodes.address, "--device", "unheard-of")
    failed = done(*words)
    assert (failed.returncode, failed.stdout) == (1, "")
    *_, line = failed.stderr.splitlines()
    assert line.startswith("annot: the cluster stopped: device 'unheard-of': the onnxruntime here has ")
    assert "Traceback" not in failed.stderr
    on_gpus = done(*words[:-4], "--device", "CUDA", "--engine", "ray", "--address", nodes.address)
    assert on_gpus.stderr == "annot: device 'CUDA': the cluster has no GPU; leave out --device\n"


def test_a_wrong_token_is_told_in_one_line(nodes: Nodes, trained: Path, corpus: Path) -> None:
    words = command(trained, corpus, "--address", nodes.address)
    assert done(*words, RAY_AUTH_TOKEN=secrets.token_hex(32)).stderr == (
        f"annot: {nodes.address}: Ray refuses: set RAY_AUTH_MODE=token and its token here\n"
    )


def test_a_cluster_gives_the_same_rows_though_a_node_is_killed_half_way(
    nodes: Nodes, trained: Path, corpus: Path, local: Local, tmp_path: Path
) -> None:
    words = command(trained, corpus, "--address", nodes.address, "-f", "jsonl")
    told = tmp_path / "told"
    with told.open("w") as stderr:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=stderr, env=os.environ | SETTINGS, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert nodes.second.works()
    nodes.second.kill()
    rest = process.stdout.readlines()
    process.stdout.close()
    assert process.wait() == 1  # for there are broken files
    assert [first, *rest] == local.lines
    problems = [line.removeprefix("annot: ") for line in told.read_text().splitlines() if line.startswith("annot: ")]
    assert problems[:-1] == local.problems


def test_a_cluster_that_does_not_answer_is_told_in_one_line(trained: Path, corpus: Path) -> None:
    words = command(trained, corpus, "--address", "127.0.0.1:1")
    refused = done(*words)
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


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["-o", "s3://bucket/x.jsonl"], "object storage is written to with -f parquet"),
        (["-o", "s3://bucket/x.jsonl", "--engine", "local"], "object storage is written to with --engine ray"),
        (["--skip-near-duplicates"], "with Ray, near-duplicates are not looked for"),
    ],
)
def test_what_ray_cannot_do_is_refused(trained: Path, corpus: Path, words: list[str], reason: str) -> None:
    given = command(trained, corpus)
    refused = done(*given[:-2], *(words if "--engine" in words else [*given[-2:], *words]))
    assert refused.returncode == 2
    assert reason in refused.stderr
