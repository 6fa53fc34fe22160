"""Labels are judged by networks that have not learned from them."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from annotate.annotation import Annotation
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import write_records
from annotate.errors import TrainingError
from annotate.models.folder import OUT_OF_FOLD
from annotate.models.training_record import read_out_of_fold
from annotate.workflow.review import review

Make = Callable[..., Annotation]
NEW = ["The regime will fall.", "Its army has lost its tanks."]


@pytest.fixture
def workspace(trained: Path, tmp_path: Path) -> Workspace:
    """A copy of the workspace with the tiny model."""
    copytree(trained, tmp_path / "copy")
    return open_workspace(tmp_path / "copy")


def test_what_it_learned_from_is_judged_by_its_cross_validation(
    workspace: Workspace, starter: list[Annotation]
) -> None:
    result = review(workspace)
    assert (result.model, result.n_judged, result.n_left_out) == ("tiny", len(starter), 0)
    held = {score.uid: score for score in read_out_of_fold(workspace.models / "tiny")}
    chosen = [suspect for suspect in result.suspects if suspect.label != "Loaded term"]
    assert chosen
    assert all(suspect.probability == held[suspect.uid].labels[suspect.label] for suspect in chosen)
    for label in {suspect.label for suspect in result.suspects}:
        qualities = [suspect.quality for suspect in result.suspects if suspect.label == label]
        assert qualities == sorted(qualities)
    assert result.summary == f"tiny: {len(starter)} sentences judged; {len(result.suspects)} answers in doubt"


def test_new_sentences_are_judged_by_the_model_itself(workspace: Workspace, annotation: Make, tmp_path: Path) -> None:
    write_records(tmp_path / "new.jsonl", [annotation(text, {"claims": ("Prediction",)}, article="n") for text in NEW])
    assert (review(workspace, [tmp_path / "new.jsonl"])).n_judged == 2


def test_without_the_cross_validation_only_new_articles_are_judged(
    workspace: Workspace, starter: list[Annotation], annotation: Make, tmp_path: Path
) -> None:
    (workspace.models / "tiny" / OUT_OF_FOLD).unlink()
    with pytest.raises(TrainingError, match="tiny: it learned from every labelled sentence"):
        review(workspace)
    new = [annotation(text, {"claims": ("Prediction",)}, article="n") for text in NEW]
    write_records(tmp_path / "both.jsonl", [*starter, *new])
    result = review(workspace, [tmp_path / "both.jsonl"])
    assert (result.n_judged, result.n_left_out) == (2, len(starter))
    assert f"2 sentences judged, {len(starter)} left out, for it learned from them" in result.summary
