"""The loop on a team's server: Label Studio on PostgreSQL."""

from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.corpus.store import read_records
from end_to_end.team_server import Team, why_not
from end_to_end.user_shell import Annotator, Shell, choices

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
SENTENCES = [f"The council sold harbour number {number}." for number in range(9)] + ["😀 قال الوزير إن النظام سيسقط."]


def test_ten_sentences_go_there_and_two_labels_come_back(team: Team, tmp_path: Path) -> None:
    team.wait()
    shell = Shell(tmp_path, tmp_path)
    (tmp_path / "annot.toml").write_text(f'url = "{team.url}"\napi_key = "{team.token}"\n', "utf-8")
    ten = tmp_path / "ten.txt"
    ten.write_text("\n".join(SENTENCES), "utf-8")
    assert shell.done("push", ten, "--lines").startswith("10 new, 0 unchanged")
    assert shell.done("push", ten, "--lines").startswith("0 new, 10 unchanged")
    annotator = Annotator(team.url, team.token, "annot")
    for text in SENTENCES[-2:]:
        annotator.submit(annotator.task(text), choices("Prediction"))
    assert shell.done("pull").startswith("2 annotations, 0 skipped")
    pulled = read_records(tmp_path / "data" / "labels.jsonl", Annotation)
    assert {each.text: each.answers["claims"] for each in pulled} == dict.fromkeys(SENTENCES[-2:], ("Prediction",))
    with team.cluster.connect() as connection:
        assert connection.execute("SELECT count(*) FROM task").fetchone() == (10,)
        assert connection.execute("SELECT count(*) FROM task_completion").fetchone() == (2,)
