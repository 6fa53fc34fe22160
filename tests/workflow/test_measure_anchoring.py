"""What is suggested is found out anew from the model that was shown."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import write_records
from annotate.errors import TrainingError
from annotate.inference.engine import load_model
from annotate.models.scores import to_annotation
from annotate.workflow.anchoring import measure_anchoring

Make = Callable[..., Annotation]
TEXTS = [f"The regime will fall in {year}." for year in range(1990, 2010)]


@pytest.fixture
def workspace(trained: Path) -> Workspace:
    return open_workspace(trained)


def labels(workspace: Workspace, make: Make, shown: str) -> list[Annotation]:
    """Let an annotator take over every suggestion that is shown, and answer "none" where none is."""
    sentences = [make(text, {"terms": (), "claims": ()}, article=text) for text in TEXTS]
    model = load_model(workspace.models / "tiny")
    suggested = [
        to_annotation(score, model.schema).answers for score in model([each.sentence for each in sentences[::2]])
    ]
    followed = [
        each.model_copy(update={"answers": answers, "origin": "prediction", "shown": shown})
        for each, answers in zip(sentences[::2], suggested, strict=True)
    ]
    return followed + [each.model_copy(update={"blind": True}) for each in sentences[1::2]]


def test_who_takes_over_every_suggestion_follows_the_model_always(
    workspace: Workspace, annotation: Make, tmp_path: Path
) -> None:
    write_records(tmp_path / "labels.jsonl", labels(workspace, annotation, "tiny"))
    found = measure_anchoring(workspace, [tmp_path / "labels.jsonl"])
    assert found.accepted.value == 1.0
    followed = [label.followed for label in found.labels]
    assert [each.shown for each in followed if each is not None] == [1.0, 1.0, 1.0]
    assert all(each is not None and (each.n_shown, each.n_blind) == (10, 10) for each in followed)


def test_a_model_that_is_gone_is_told(workspace: Workspace, annotation: Make, tmp_path: Path) -> None:
    write_records(tmp_path / "labels.jsonl", labels(workspace, annotation, "gone"))
    told: list[str] = []
    found = measure_anchoring(workspace, [tmp_path / "labels.jsonl"], note=told.append)
    assert all(label.followed is None and label.rate.n_shown == 10 for label in found.labels)
    assert "how far answers follow what is suggested" in told[0]
    assert "models/gone: no such model" in told[0]


def test_labels_of_models_alone_are_refused(workspace: Workspace) -> None:
    with pytest.raises(TrainingError, match="none of the labels is a person's"):
        measure_anchoring(workspace)
