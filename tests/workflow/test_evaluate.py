"""What a model is measured on: labels of articles it has not seen, else those of its training."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from annotate.annotation import Annotation, Scores
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import write_records
from annotate.errors import SourceError, TrainingError
from annotate.models.folder import OUT_OF_FOLD
from annotate.models.training_record import read_training_record
from annotate.quality.assessment import Assessment, LabelAssessment
from annotate.quality.figure import Figure
from annotate.workflow.evaluate import EvaluateResult, evaluate_file, evaluate_model

Make = Callable[..., Annotation]
NEW = ["The regime will fall.", "Its army has lost its tanks.", "It is a fact."]


@pytest.fixture
def workspace(trained: Path) -> Workspace:
    return open_workspace(trained)


@pytest.fixture
def unseen(annotation: Make) -> list[Annotation]:
    """Three sentences of an article that the tiny model has not learned from; a person answered for two."""
    origins = ["manual", "prediction-changed", "draft"]
    answers = {"terms": (), "claims": ("Prediction",)}
    return [annotation(text, answers, origin=o, article="new") for text, o in zip(NEW, origins, strict=True)]


def of_label(result: EvaluateResult, name: str) -> LabelAssessment:
    return next(label for label in result.assessment.labels if label.label == name)


def test_labels_of_unseen_articles_are_what_it_is_measured_on(
    workspace: Workspace, starter: list[Annotation], unseen: list[Annotation], tmp_path: Path
) -> None:
    again = starter[0].model_copy(update={"uid": "again", "article_id": "new"})  # as an agency's sentence stands again
    write_records(tmp_path / "labels.jsonl", [*starter, *unseen, again])
    result = evaluate_model(workspace, [tmp_path / "labels.jsonl"])
    assert (result.guesses, result.cross_validated) == ("tiny", False)
    assert (result.assessment.n_sentences, result.n_drafts, result.n_learned_from) == (3, 1, len(starter) + 1)
    prediction, unsourced = (of_label(result, name) for name in ("Prediction", "Unsourced claim"))
    assert (prediction.n_sentences, prediction.n_positive, unsourced.n_positive) == (3, 3, 0)
    assert prediction.calibration is not None


def test_files_of_its_own_articles_alone_are_refused(
    workspace: Workspace, starter: list[Annotation], tmp_path: Path
) -> None:
    write_records(tmp_path / "labels.jsonl", starter)
    with pytest.raises(TrainingError, match="tiny: every labelled sentence is known from its training"):
        evaluate_model(workspace, [tmp_path / "labels.jsonl"])


def test_without_unseen_articles_the_figures_are_those_of_its_training(
    workspace: Workspace, starter: list[Annotation]
) -> None:
    result = evaluate_model(workspace)
    record = read_training_record(workspace.models / "tiny")
    assert result.cross_validated
    assert result.assessment.n_sentences == record.data.n_sentences == len({label.uid for label in starter})
    assert (result.n_drafts, result.n_learned_from) == (record.data.origins["draft"], None)
    assert record.measured is not None
    assert values(result.assessment) == values(record.measured)
    assert of_label(result, "Unsourced claim").figures["f1"].low is not None


def values(assessment: Assessment) -> list[dict[str, float | None]]:
    return [{name: figure.value for name, figure in label.figures.items()} for label in assessment.labels]


def test_without_the_scores_of_its_cross_validation_the_figures_are_those_of_its_record(
    workspace: Workspace, tmp_path: Path
) -> None:
    copytree(workspace.root, tmp_path / "copy")
    folder = tmp_path / "copy" / "models" / "tiny"
    (folder / OUT_OF_FOLD).unlink()
    result = evaluate_model(open_workspace(tmp_path / "copy"))
    assert result.cross_validated
    assert result.assessment == read_training_record(folder).measured


def test_a_model_is_no_better_than_itself(workspace: Workspace, unseen: list[Annotation], tmp_path: Path) -> None:
    result = evaluate_model(workspace, compared="tiny")
    assert result.compared == "tiny"
    found = of_label(result, "Unsourced claim").differences["f1"]
    assert (found.difference.value, found.p) == (0.0, 1.0)
    write_records(tmp_path / "labels.jsonl", unseen)
    there = evaluate_model(workspace, [tmp_path / "labels.jsonl"], compared=str(workspace.models / "tiny"))
    assert of_label(there, "Prediction").differences["recall"].difference.value == 0.0


def test_a_file_is_measured_against_another(workspace: Workspace, annotation: Make, tmp_path: Path) -> None:
    truth = [annotation(text, {"claims": ("Prediction",)}, article=text) for text in NEW]
    guesses = [annotation(text, {"claims": ("Prediction",) * (text != NEW[0])}, article=text) for text in NEW]
    write_records(tmp_path / "gold.jsonl", truth)
    write_records(tmp_path / "guesses.jsonl", guesses)
    result = evaluate_file(workspace, tmp_path / "guesses.jsonl", [tmp_path / "gold.jsonl"], tmp_path / "gold.jsonl")
    label = of_label(result, "Prediction")
    assert [label.figures[name].value for name in ("precision", "recall")] == pytest.approx([1.0, 2 / 3])
    assert label.differences["recall"].difference.value == pytest.approx(-1 / 3)
    assert result.title == "guesses.jsonl: 3 sentences of 3 articles"
    assert result.assessment.ceiling == "no ceiling: one annotator"


def test_a_file_of_scores_is_measured_with_its_probabilities(
    workspace: Workspace, starter: list[Annotation], tmp_path: Path
) -> None:
    write_records(tmp_path / "gold.jsonl", starter)
    result = evaluate_file(workspace, workspace.models / "tiny" / OUT_OF_FOLD, [tmp_path / "gold.jsonl"])
    assert values(result.assessment) == values(evaluate_model(workspace).assessment)
    assert all(label.calibration for label in result.assessment.labels)


def test_a_file_without_a_labelled_sentence_or_with_other_labels_is_refused(
    workspace: Workspace, unseen: list[Annotation], tmp_path: Path
) -> None:
    write_records(tmp_path / "new.jsonl", unseen)
    with pytest.raises(SourceError, match=r"new.jsonl: no sentence that is labelled; check --against"):
        evaluate_file(workspace, tmp_path / "new.jsonl")
    score = Scores(**dict(unseen[0].sentence), model="m", labels={"Irony": 0.5})
    write_records(tmp_path / "scores.jsonl", [score])
    with pytest.raises(SourceError, match="scored for other labels than Loaded term, Prediction, Unsourced claim"):
        evaluate_file(workspace, tmp_path / "scores.jsonl")


def test_several_files_are_taken_together(
    workspace: Workspace, unseen: list[Annotation], annotation: Make, tmp_path: Path
) -> None:
    write_records(tmp_path / "a.jsonl", unseen[2:])
    write_records(tmp_path / "b.jsonl", [annotation(NEW[2], {"claims": ()}, article="new"), *unseen[:1]])
    result = evaluate_model(workspace, [tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert (result.assessment.n_sentences, result.n_drafts) == (2, 0)
    assert of_label(result, "Prediction").n_positive == 1


def test_a_question_that_nobody_answered_is_not_measured(
    workspace: Workspace, annotation: Make, tmp_path: Path
) -> None:
    write_records(tmp_path / "labels.jsonl", [annotation(NEW[0], {"claims": ()}, article="new")])
    result = evaluate_model(workspace, [tmp_path / "labels.jsonl"])
    assert of_label(result, "Prediction").n_sentences == 1
    assert of_label(result, "Loaded term").n_sentences == 0


def test_without_labels_there_is_nothing_to_measure_on(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").touch()
    with pytest.raises(TrainingError, match="no labels"):
        evaluate_model(workspace, [tmp_path / "labels.jsonl"])
    with pytest.raises(SourceError, match="missing"):
        evaluate_model(workspace, [tmp_path / "missing.jsonl"])


@pytest.mark.parametrize(
    ("n", "told", "basis"),
    [
        (
            3,
            {"n_drafts": 0, "n_learned_from": 9},
            "3 sentences, without 9 known from its training",
        ),
        (
            1,
            {"n_drafts": 1, "n_learned_from": 0},
            "1 sentence, without 0 known from its training; 1 are drafts of a model, not people's",
        ),
        (9, {"n_drafts": 0, "cross_validated": True}, "cross-validated by article on the 9 sentences it learned from"),
        (
            9,
            {"n_drafts": 4, "cross_validated": True},
            "cross-validated by article on the 9 sentences it learned from; 4 are drafts of a model, not people's",
        ),
        (9, {"n_drafts": 0}, "9 sentences of 5 articles"),
    ],
)
def test_what_the_figures_rest_on_is_said(n: int, told: dict[str, object], basis: str) -> None:
    assessment = Assessment(n_sentences=n, n_articles=5, mean_f1=Figure(value=None), ceiling="", labels=())
    assert EvaluateResult.model_validate({"guesses": "m", "assessment": assessment} | told).basis == basis
