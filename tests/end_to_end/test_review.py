"""Answers in doubt in a real Label Studio: a project of their own, worst first."""

import json
from dataclasses import replace
from pathlib import Path

from end_to_end.user_shell import Annotator, Quickstarted, Shell

SEEDS = Path(__file__).parents[2] / "seeds" / "labels.jsonl"


def test_answers_in_doubt_are_opened_worst_first_once(demo: Quickstarted, shell: Shell, annotator: Annotator) -> None:
    model = demo.workspace / "models" / "starter"
    words = ("review", "--labels", SEEDS, "-m", model, "--limit", "12", "--push")
    suspects = [json.loads(line) for line in shell.done(*words).splitlines()]
    reviewer = replace(annotator, title=f"{annotator.title[:43]} review")
    tasks = sorted(reviewer.tasks(), key=lambda task: int(task["id"]))
    order = list(dict.fromkeys(suspect["uid"] for suspect in suspects))
    assert [task["data"]["uid"] for task in tasks] == order
    assert reviewer.project["model_version"] == "given"
    answers = {suspect["uid"]: suspect["answers"] for suspect in suspects}
    for task in tasks:
        (shown,) = task["predictions"]
        marked = [item["value"] for item in shown["result"] if item["type"] == "labels"]
        given = answers[task["data"]["uid"]]["terms"]
        assert [(value["start"], value["end"]) for value in marked] == [(span["start"], span["end"]) for span in given]
    again = shell.annot(*words)
    assert "0 sentences new" in again.stderr
    assert len(reviewer.tasks()) == len(order)


def test_what_a_reviewer_decides_is_pulled(demo: Quickstarted, shell: Shell, annotator: Annotator) -> None:
    model = demo.workspace / "models" / "starter"
    shell.done("review", "--labels", SEEDS, "-m", model, "--limit", "3", "--push")
    reviewer = replace(annotator, title=f"{annotator.title[:43]} review")
    task = reviewer.tasks()[0]
    reviewer.submit(int(task["id"]), *task["predictions"][0]["result"])
    pulled = shell.done("pull", "--project", reviewer.title, "-o", shell.workspace / "data" / "review.jsonl")
    assert pulled.startswith("1 annotation")
