"""Labels from a real Label Studio become a model, and the model's suggestions come back to it."""

import json
import shutil
from pathlib import Path

import pytest

from end_to_end.user_shell import Annotator, Quickstarted, Shell, choices, loaded

TRAIN = ("train", "--epochs", "1", "--folds", "2")


@pytest.fixture
def labelled(shell: Shell, annotator: Annotator, tiny_base: Path) -> Shell:
    """A workspace with two short articles that an annotator has labelled, and a small base encoder."""
    with (shell.workspace / "annot.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\nbase = "{tiny_base}"\n')
    for number in (1, 2):
        text = [f"The reckless scheme number {number}.{i} will fail." for i in range(8)]
        (shell.workspace / f"article{number}.txt").write_text("\n".join(text), "utf-8")
    shell.done("push", "--lines", *sorted(shell.workspace.glob("article*.txt")))
    for number, task in enumerate(annotator.tasks()):
        said = [loaded(task["data"]["sentence"], "reckless"), choices("Prediction")] if number % 2 else []
        annotator.submit(task["id"], *(said or [choices("None of these")]))
    shell.done("pull")
    return shell


def test_pulled_labels_train_a_model_that_scores_new_articles(labelled: Shell) -> None:
    assert "v1 is in use" in labelled.done(*TRAIN)
    new = labelled.workspace / "new.txt"
    new.write_text("Another reckless scheme will fail.", "utf-8")
    scores = [json.loads(line) for line in labelled.done("score", new).splitlines()]
    assert [score["model"] for score in scores] == ["v1"]
    assert set(scores[0]["labels"]) == {"Loaded term", "Unsourced claim", "Prediction"}
    card = (labelled.workspace / "models" / "v1" / "README.md").read_text("utf-8")
    assert "16 with answers of people" in card


def test_the_next_model_renews_the_suggestions_of_unlabelled_sentences(labelled: Shell, annotator: Annotator) -> None:
    new = labelled.workspace / "new.txt"
    new.write_text("Another reckless scheme will fail.", "utf-8")
    labelled.done(*TRAIN)
    assert "1 new" in labelled.done("push", new)
    labelled.done(*TRAIN, "--seed", "1", "--use")
    assert "`annot push --refresh` puts those of 'v2' there" in labelled.annot("push", new).stderr
    assert annotator.project["model_version"] == "v1"
    assert "1 pre-annotation renewed" in labelled.done("push", "--refresh", new)
    assert annotator.project["model_version"] == "v2"
    labelled.done("push", "--model", "v1")
    labelled.done("push", "--model", "v2")
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
