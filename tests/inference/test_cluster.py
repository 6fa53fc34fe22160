"""A real cluster of two nodes gives what the local engine gives, row for row, though a node is killed half-way."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from annotate.config import open_workspace
from annotate.errors import AnnotError
from annotate.inference.cluster import Cluster
from annotate.workflow.articles import streamed_articles
from annotate.workflow.score import Run, load_chosen

pytest.importorskip("ray")
RAY = Path(sys.executable).with_name("ray")
PORT = 26379


# A token of the test's own, for clusters refuse who has none.
SETTINGS = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_USAGE_STATS_ENABLED": "0"}


def ray(*words: str) -> None:
    subprocess.run([RAY, *words], check=True, env=os.environ | SETTINGS, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Give the address of two nodes on this machine."""
    if not RAY.exists():
        pytest.skip("no ray beside this python")
    before = {process.pid for process in psutil.process_iter()}
    common = ("--num-cpus=2", "--object-store-memory=200000000", "--disable-usage-stats")
    ray("start", "--head", f"--port={PORT}", "--include-dashboard=false", *common)
    ray("start", f"--address=127.0.0.1:{PORT}", *common)
    yield f"127.0.0.1:{PORT}"
    for process in psutil.process_iter(["cmdline"]):
        if process.pid not in before and any("ray" in word for word in process.info["cmdline"] or ()):
            process.kill()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """Give a folder of articles, a table of others, and one that stands there twice."""
    folder = tmp_path_factory.mktemp("corpus")
    for path in (repository / "seeds").glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "again.txt").write_bytes(min((repository / "seeds").glob("*.txt")).read_bytes())
    rows = (
        {"id": n, "text": " ".join(f"The council met {n} times in hall {m}." for m in range(20))} for n in range(300)
    )
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


@pytest.fixture(scope="module")
def local(trained: Path, corpus: Path) -> list[str]:
    workspace = open_workspace(trained)
    documents = streamed_articles(workspace, [str(corpus)])
    return list(Run(load_chosen(workspace), documents).lines())


def command(trained: Path, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "annotate", "-w", str(trained), "score", *map(str, words)]


def test_a_cluster_gives_the_same_rows_though_a_node_is_killed_half_way(
    cluster: str, trained: Path, corpus: Path, local: list[str]
) -> None:
    words = command(trained, corpus, "--engine", "ray", "--address", cluster, "-f", "jsonl")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, env=os.environ | SETTINGS, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    # The second node: its raylet, and a moment later all that it had started.
    raylets = [p for p in psutil.process_iter(["name", "create_time"]) if p.info["name"] == "raylet"]
    max(raylets, key=lambda p: p.info["create_time"]).kill()
    rest = process.stdout.readlines()
    process.stdout.close()
    assert process.wait() == 0
    assert [first, *rest] == local


def test_parquet_goes_in_and_out(cluster: str, trained: Path, corpus: Path, local: list[str], tmp_path: Path) -> None:
    import pyarrow as pa

    table = pa.Table.from_pylist([json.loads(line) for line in (corpus / "table.jsonl").read_text().splitlines()])
    pq.write_table(table, tmp_path / "in.parquet")
    words = command(trained, tmp_path / "in.parquet", "--engine", "ray", "--address", cluster, "-f", "parquet")
    subprocess.run([*words, "-o", tmp_path / "out"], check=True, env=os.environ | SETTINGS)
    rows = pq.read_table(tmp_path / "out").to_pylist()
    expected = [record for record in map(json.loads, local) if "council met" in record["text"]]
    assert sorted(rows, key=lambda row: row["uid"]) == sorted(expected, key=lambda row: row["uid"])


def test_a_cluster_that_does_not_answer_is_told_in_one_line() -> None:
    with pytest.raises(
        AnnotError, match=r"^127\.0\.0\.1:1: no Ray answers there \([^\n]+\); start it with `ray start`$"
    ):
        Cluster("127.0.0.1:1").connect()
