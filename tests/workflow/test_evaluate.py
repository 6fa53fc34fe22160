"""What a model is measured on: labels of articles it has not seen, else those of its training."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import write_records
from annotate.errors import SourceError, TrainingError
from annotate.models.training_record import read_training_record
from annotate.quality.evaluation import Evaluation
from annotate.workflow.evaluate import EvaluateResult, evaluate_model

Make = Callable[..., Annotation]
NEW = ["The regime will fall.", "Its army has lost its tanks.", "It is a fact."]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANNOT_MODEL", "ANNOT_LABELS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def workspace(trained: Path) -> Workspace:
    return open_workspace(trained)


@pytest.fixture
def unseen(annotation: Make) -> list[Annotation]:
    """Three sentences of an article that the tiny model has not learned from; a person answered for two."""
    origins = ["manual", "prediction-changed", "draft"]
    answers = {"terms": (), "claims": ("Prediction",)}
    return [annotation(text, answers, origin=o, article="new") for text, o in zip(NEW, origins, strict=True)]


def test_labels_of_unseen_articles_are_what_it_is_measured_on(
    workspace: Workspace, starter: list[Annotation], unseen: list[Annotation], tmp_path: Path
) -> None:
    write_records(tmp_path / "labels.jsonl", [*starter, *unseen])
    result = evaluate_model(workspace, [tmp_path / "labels.jsonl"])
    assert (result.model, result.cross_validated) == ("tiny", False)
    assert (result.n_sentences, result.n_drafts, result.n_learned_from) == (3, 1, len(starter))
    assert result.evaluation["Prediction"].n_sentences == 3
    assert result.evaluation["Prediction"].n_positive == 3
    assert result.evaluation["Unsourced claim"].n_positive == 0


def test_files_of_its_own_articles_alone_are_refused(
    workspace: Workspace, starter: list[Annotation], tmp_path: Path
) -> None:
    write_records(tmp_path / "labels.jsonl", starter)
    with pytest.raises(TrainingError, match="tiny: every labelled article is one it learned from"):
        evaluate_model(workspace, [tmp_path / "labels.jsonl"])


def test_without_unseen_articles_the_figures_are_those_of_its_training(
    workspace: Workspace, starter: list[Annotation]
) -> None:
    result = evaluate_model(workspace)
    record = read_training_record(workspace.models / "tiny")
    assert result.evaluation == record.evaluation
    assert result.cross_validated
    assert result.n_sentences == record.data.n_sentences == len({label.uid for label in starter})
    assert (result.n_drafts, result.n_learned_from) == (record.data.origins["draft"], 0)


def test_several_files_are_taken_together(
    workspace: Workspace, unseen: list[Annotation], annotation: Make, tmp_path: Path
) -> None:
    write_records(tmp_path / "a.jsonl", unseen[2:])
    write_records(tmp_path / "b.jsonl", [annotation(NEW[2], {"claims": ()}, article="new"), *unseen[:1]])
    result = evaluate_model(workspace, [tmp_path / "a.jsonl", tmp_path / "b.jsonl"])
    assert (result.n_sentences, result.n_drafts) == (2, 0)
    assert result.evaluation["Prediction"].n_positive == 1


def test_a_question_that_nobody_answered_is_not_measured(
    workspace: Workspace, annotation: Make, tmp_path: Path
) -> None:
    write_records(tmp_path / "labels.jsonl", [annotation(NEW[0], {"claims": ()}, article="new")])
    evaluation = evaluate_model(workspace, [tmp_path / "labels.jsonl"]).evaluation
    assert evaluation["Prediction"].n_sentences == 1
    assert "Loaded term" not in evaluation or evaluation["Loaded term"].n_sentences == 0


def test_without_labels_there_is_nothing_to_measure_on(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").touch()
    with pytest.raises(TrainingError, match="no labels"):
        evaluate_model(workspace, [tmp_path / "labels.jsonl"])
    with pytest.raises(SourceError, match="missing"):
        evaluate_model(workspace, [tmp_path / "missing.jsonl"])


EMPTY: Evaluation = {}


@pytest.mark.parametrize(
    ("result", "basis"),
    [
        (
            EvaluateResult("m", EMPTY, 3, 0, 9, cross_validated=False),
            "3 sentences, without 9 of articles it learned from",
        ),
        (
            EvaluateResult("m", EMPTY, 1, 1, 0, cross_validated=False),
            "1 sentence, without 0 of articles it learned from; 1 are drafts of a model, not people's",
        ),
        (
            EvaluateResult("m", EMPTY, 9, 0, 0, cross_validated=True),
            "cross-validated by article on the 9 sentences it learned from",
        ),
        (
            EvaluateResult("m", EMPTY, 9, 4, 0, cross_validated=True),
            "cross-validated by article on the 9 sentences it learned from; 4 are drafts of a model, not people's",
        ),
    ],
)
def test_what_the_figures_rest_on_is_said(result: EvaluateResult, basis: str) -> None:
    assert result.basis == basis
