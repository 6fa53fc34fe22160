"""Labels from a real Label Studio become a model, and the model's suggestions come back to it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from end_to_end.user_shell import Annotator, Quickstarted, Shell, choices, loaded

TRAIN = ("train", "--epochs", "1", "--folds", "2")


@dataclass(frozen=True)
class Taught:
    """A workspace in which a model was trained on an annotator's labels, and what that printed."""

    shell: Shell
    annotator: Annotator
    printed: str


@pytest.fixture(scope="module")
def taught(demo: Quickstarted, tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Taught:
    """Two short articles that an annotator has labelled, and a small base encoder trained on them."""
    workspace = tmp_path_factory.mktemp("taught")
    annotator = demo.annotator(workspace.name)
    shell = demo.shell(annotator, workspace)
    with (workspace / "annot.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\nbase = "{tiny_base}"\n')
    for number in (1, 2):
        text = [f"The reckless scheme number {number}.{i} will fail." for i in range(8)]
        (workspace / f"article{number}.txt").write_text("\n".join(text), "utf-8")
    shell.done("push", "--lines", *sorted(workspace.glob("article*.txt")))
    for number, task in enumerate(annotator.tasks()):
        said = [loaded(task["data"]["sentence"], "reckless"), choices("Prediction")] if number % 2 else []
        annotator.submit(task["id"], *(said or [choices("None of these")]))
    shell.done("pull")
    (workspace / "new.txt").write_text("Another reckless scheme will fail.", "utf-8")
    return Taught(shell, annotator, shell.done(*TRAIN))


def test_pulled_labels_train_a_model_that_scores_new_articles(taught: Taught) -> None:
    assert "v1 is in use" in taught.printed
    there = taught.shell.workspace
    scores = [json.loads(line) for line in taught.shell.done("score", there / "new.txt", "-m", "v1").splitlines()]
    assert [score["model"] for score in scores] == ["v1"]
    assert set(scores[0]["labels"]) == {"Loaded term", "Unsourced claim", "Prediction"}
    assert "16 with answers of people" in (there / "models" / "v1" / "README.md").read_text("utf-8")


def test_the_next_model_renews_the_suggestions_of_unlabelled_sentences(taught: Taught) -> None:
    shell, annotator = taught.shell, taught.annotator
    new = shell.workspace / "new.txt"
    assert "1 new" in shell.done("push", new)
    shell.done(*TRAIN, "--seed", "1", "--use")
    assert "`annot push --refresh` puts those of 'v2' there" in shell.annot("push", new).stderr
    assert annotator.project["model_version"] == "v1"
    assert "1 pre-annotation renewed" in shell.done("push", "--refresh", new)
    assert annotator.project["model_version"] == "v2"
    shell.done("push", "--model", "v1")
    shell.done("push", "--model", "v2")
    task = next(task for task in annotator.tasks() if task["data"]["sentence"].startswith("Another"))
    assert sorted(prediction["model_version"] for prediction in task["predictions"]) == ["v2"]


def test_an_accepted_suggestion_is_told_from_a_corrected_one(
    demo: Quickstarted, shell: Shell, annotator: Annotator
) -> None:
    shutil.copytree(demo.workspace / "models", shell.workspace / "models")
    text = "Their regime will certainly fall within weeks."
    (shell.workspace / "a.txt").write_text(f"{text}\n{text[:-1]}, they say.", "utf-8")
    shell.done("push", "--lines", shell.workspace / "a.txt")
    first, second = annotator.tasks()
    shown = first["predictions"][0]
    suggested = [item | {"origin": "prediction"} for item in shown["result"]]
    annotator.submit(first["id"], *suggested, parent_prediction=shown["id"])
    annotator.submit(second["id"], choices("Prediction"), parent_prediction=second["predictions"][0]["id"])
    shell.done("pull")
    lines = (shell.workspace / "data" / "labels.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["origin"] for line in lines] == ["prediction", "prediction-changed"]


def test_people_take_the_place_of_drafts(
    demo: Quickstarted, shell: Shell, annotator: Annotator, tiny_base: Path
) -> None:
    shell.done("push", demo.workspace / "seeds" / "003_e738a841f138be96.txt")
    for task in annotator.tasks()[:3]:
        annotator.submit(task["id"], choices("None of these"))
    shell.done("pull")
    own, drafts = shell.workspace / "data" / "labels.jsonl", demo.workspace / "seeds" / "labels.jsonl"
    shell.done(*TRAIN, "--base", tiny_base, "--labels", own, "--labels", drafts)
    record = json.loads((shell.workspace / "models" / "v1" / "metrics.json").read_text("utf-8"))
    n_sentences = len({json.loads(line)["uid"] for line in drafts.read_text("utf-8").splitlines()})
    assert record["data"]["origins"] == {"manual": 3, "draft": n_sentences - 3}
