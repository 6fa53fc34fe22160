"""A newcomer runs the quickstart, and runs it again."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import psutil
import pytest

from annotate.article import Sentence
from annotate.corpus.ingest import documents_of
from annotate.corpus.store import write_text
from annotate.models.training_record import read_training_record
from end_to_end.user_shell import Annotator, Quickstarted, quickstarted

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstarted]:
    """A workspace with half of the starter labels, and nothing else but what the quickstart brings.

    This trains the real base encoder, which takes twice as long on all of the labels.
    """
    workspace = tmp_path_factory.mktemp("workspace")
    labels = (SEEDS / "labels.jsonl").read_text("utf-8").splitlines(keepends=True)
    half = set(sorted({json.loads(line)["uid"] for line in labels})[::2])
    write_text(workspace / "seeds" / "labels.jsonl", [line for line in labels if json.loads(line)["uid"] in half])
    with quickstarted(workspace, tmp_path_factory.mktemp("home")) as newcomer:
        yield newcomer


def seed_sentences() -> list[Sentence]:
    return [s for d in documents_of(sorted(map(str, SEEDS.glob("*.txt")))) for s in getattr(d, "sentences", ())]


def owner(newcomer: Quickstarted) -> Annotator:
    return Annotator(newcomer.url, newcomer.local.credentials().token, "annot")


def state_of(workspace: Path) -> dict[str, tuple[int, str]]:
    """Return time of change and digest of every file that a user would look at."""
    paths = [
        *workspace.glob("*.*"),
        *workspace.glob("data/*"),
        *workspace.glob("models/**/*"),
        *workspace.glob("seeds/*"),
    ]
    return {str(p): (p.stat().st_mtime_ns, sha256(p.read_bytes()).hexdigest()) for p in paths if p.is_file()}


def test_it_says_where_to_go_how_to_log_in_and_what_to_type(newcomer: Quickstarted) -> None:
    assert newcomer.result.returncode == 0, newcomer.result.stderr
    account = newcomer.local.credentials()
    assert re.search(r"http://127\.0\.0\.1:\d+/projects/\d+", newcomer.result.stdout)
    assert account.username in newcomer.result.stdout
    assert account.password in newcomer.result.stdout
    assert "annot pull" in newcomer.result.stdout


def test_progress_shows_on_standard_error_and_no_token_anywhere(newcomer: Quickstarted) -> None:
    for activity in ("Training", "Pushing sentences"):
        assert activity in newcomer.result.stderr
    token = newcomer.local.credentials().token
    assert token not in newcomer.result.stdout + newcomer.result.stderr
    assert token not in newcomer.local.log.read_text("utf-8")


def test_every_sentence_is_a_task_with_the_models_pre_annotation(newcomer: Quickstarted) -> None:
    tasks = owner(newcomer).tasks()
    assert sorted(task["data"]["uid"] for task in tasks) == sorted(
        sentence.uid for sentence in seed_sentences() if sentence.section != "comment"
    )
    assert owner(newcomer).project["model_version"] == "starter"
    assert [[shown["model_version"] for shown in task["predictions"]] for task in tasks] == [["starter"]] * len(tasks)


def test_annotators_read_the_codebook_as_instructions(newcomer: Quickstarted) -> None:
    instruction = owner(newcomer).project["expert_instruction"]
    assert "<h4>1. Loaded term (span)</h4>" in instruction
    assert "<table" in instruction


def test_the_report_is_one_file_that_needs_no_network(newcomer: Quickstarted) -> None:
    report = (newcomer.workspace / "report.html").read_text("utf-8")
    assert "Loaded term" in report
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", report)


def test_a_second_run_changes_nothing_and_says_so(newcomer: Quickstarted) -> None:
    before = state_of(newcomer.workspace)
    tasks = [task["id"] for task in owner(newcomer).tasks()]
    again = newcomer.annot("quickstart")
    assert again.returncode == 0, again.stderr
    assert "nothing to do" in again.stdout
    assert state_of(newcomer.workspace) == before
    assert [task["id"] for task in owner(newcomer).tasks()] == tasks


def test_it_trains_a_model_that_beats_guessing_on_articles_it_has_not_seen(newcomer: Quickstarted) -> None:
    evaluation = read_training_record(newcomer.workspace / "models" / "starter").evaluation
    assert evaluation is not None
    for label, figures in evaluation.items():
        assert figures.mcc is not None, label
        assert figures.mcc > 0.1, label


def test_the_server_listens_on_loopback_only(newcomer: Quickstarted) -> None:
    server = newcomer.local.running()
    assert server is not None
    connections = psutil.Process(server.pid).net_connections(kind="inet")
    listening = {c.laddr.ip for c in connections if c.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_password_and_token_are_readable_by_their_owner_only(newcomer: Quickstarted) -> None:
    path = newcomer.local.folder / "credentials.json"
    assert path.stat().st_mode & 0o777 == 0o600
