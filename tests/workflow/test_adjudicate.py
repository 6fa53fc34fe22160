"""The gold file: written beside the labels, used by training, and never against what people decided."""

from collections.abc import Callable
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.config import Workspace, open_workspace
from annotate.corpus.store import read_records, write_records
from annotate.quality.adjudication import gold
from annotate.quality.gold import Decision, Gold
from annotate.schema import LabelSchema
from annotate.workflow.adjudicate import adjudicate_labels
from annotate.workflow.labels import read_labels

Make = Callable[..., Annotation]
YES, NO = ("Prediction",), ()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


def label(workspace: Workspace, make: Make, *votes: tuple[str, ...]) -> None:
    given = [make("It will fall.", {"claims": vote}, f"user:{n}") for n, vote in enumerate(votes)]
    write_records(workspace.labels_file, given)


def decide(workspace: Workspace, answer: tuple[str, ...]) -> None:
    """Write a person's decision about every sentence into the gold file."""
    voted = list(read_records(workspace.gold_file, Gold))
    write_records(
        workspace.gold_file, [g.decided([Decision(g.uid, "user:7", {"claims": answer}, None)]) for g in voted]
    )


def test_labels_stay_as_they_are_and_gold_lies_beside_them(workspace: Workspace, annotation: Make) -> None:
    label(workspace, annotation, YES, YES, NO)
    before = workspace.labels_file.read_bytes()
    result = adjudicate_labels(workspace)
    assert (result.path, result.changed, workspace.labels_file.read_bytes()) == (workspace.gold_file, True, before)
    assert [g.answers for g in read_records(workspace.gold_file, Gold)] == [{"claims": YES}]
    assert adjudicate_labels(workspace).summary.endswith("gold.jsonl, unchanged")


def test_what_a_person_decided_stands_and_leaves_no_dispute(workspace: Workspace, annotation: Make) -> None:
    label(workspace, annotation, YES, NO)
    assert [g.disputed for g in adjudicate_labels(workspace).gold] == [("claims",)]
    decide(workspace, NO)
    label(workspace, annotation, YES, YES, YES)
    (found,) = adjudicate_labels(workspace).gold
    assert (found.answers, found.decided_by, found.disputed) == ({"claims": NO}, {"claims": "user:7"}, ())
    assert (found.n_votes, found.shares["Prediction"]) == ({"claims": 3}, 1.0)


def test_a_decision_about_a_sentence_without_labels_is_kept(workspace: Workspace, annotation: Make) -> None:
    label(workspace, annotation, YES, NO)
    adjudicate_labels(workspace)
    decide(workspace, YES)
    write_records(workspace.labels_file, [annotation("Another.", {"claims": NO})])
    assert sorted(g.text for g in adjudicate_labels(workspace).gold) == ["Another.", "It will fall."]


def test_training_and_evaluation_read_gold_where_it_is(
    workspace: Workspace, annotation: Make, schema: LabelSchema
) -> None:
    label(workspace, annotation, YES, YES, NO)
    adjudicate_labels(workspace)
    decide(workspace, NO)
    assert [g.answers for g in gold(read_labels(workspace, [], schema), schema)] == [{"claims": NO}]
    assert [g.answers for g in gold(read_labels(workspace, [workspace.gold_file], schema), schema)] == [{"claims": NO}]
    of_people = read_labels(workspace, [workspace.labels_file], schema)
    assert [g.answers for g in gold(of_people, schema)] == [{"claims": YES}]


def test_a_method_that_needs_more_annotators_says_that_the_majority_decided(
    workspace: Workspace, annotation: Make
) -> None:
    label(workspace, annotation, YES, YES, NO)
    assert adjudicate_labels(workspace, method="dawid-skene").by_majority == ["claims"]
    assert adjudicate_labels(workspace).by_majority == []
