"""Whose answers `annot agreement` measures, and by what it divides them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.article import Article
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import write_records
from annotate.errors import TrainingError
from annotate.workflow.adjudicate import adjudicate_labels
from annotate.workflow.agreement import agreement

Make = Callable[..., Annotation]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def answers(make: Make, *people: str, origin: str = "manual", week: int = 1) -> list[Annotation]:
    texts = ["It will fall.", "It has fallen."]
    given = [make(text, {"claims": ("Prediction",)}, who, origin, article=text) for text in texts for who in people]
    return [each.model_copy(update={"created_at": f"2026-06-{week:02}T00:00:00Z"}) for each in given]


def test_people_alone_are_measured_where_there_are_any(workspace: Workspace, annotation: Make) -> None:
    drafts = answers(annotation, "model:a", "model:b", origin="draft")
    write_records(workspace.labels_file, [*drafts, *answers(annotation, "user:1", "user:2")])
    report = agreement(workspace)
    assert (report.drafts, report.annotators) == (False, ("user:1", "user:2"))


def test_drafts_are_measured_where_there_is_nothing_else_and_said_to_be_drafts(
    workspace: Workspace, annotation: Make
) -> None:
    write_records(workspace.labels_file, answers(annotation, "model:a", "model:b", origin="draft"))
    report = agreement(workspace)
    assert (report.drafts, report.annotators) == (True, ("model:a", "model:b"))


def test_what_was_adjudicated_is_nobodys_answer(workspace: Workspace, annotation: Make) -> None:
    write_records(workspace.labels_file, answers(annotation, "user:1", "user:2"))
    before = agreement(workspace)
    adjudicate_labels(workspace)
    assert agreement(workspace) == before
    with pytest.raises(TrainingError, match="only adjudicated labels"):
        agreement(workspace, [workspace.gold_file])


def test_outlets_and_weeks_divide_the_sentences(workspace: Workspace, annotation: Make) -> None:
    early, late = answers(annotation, "user:1", week=1), answers(annotation, "user:2", week=8)
    write_records(workspace.labels_file, [*early, late[0]])
    articles = [Article(id=each.article_id, outlet="Herald", text=each.text) for each in early]
    write_records(workspace.root / "articles.jsonl", articles)
    report = agreement(workspace, articles=workspace.root / "articles.jsonl")
    parts = [part for part in report.questions[1].labels[1].parts if part.by != "article"]
    # One sentence was answered twice, the second time in the later week.
    assert [(part.by, part.name, part.n_units) for part in parts] == [
        ("outlet", "Herald", 1),
        ("week", "2026-W24", 1),
    ]
