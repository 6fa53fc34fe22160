"""Disputes to people in a real Label Studio, and what they decide back."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.corpus.store import read_records, write_records
from annotate.quality.gold import Gold
from end_to_end.user_shell import Annotator, Shell, choices, loaded

SLAMMED = "Critics slammed the <b>reckless</b> scheme."
AGREED = "It will fall."

Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]


def whose(name: str) -> dict[str, Any]:
    """Return the choice of an annotator whose answer stands."""
    value = {"choices": [name]}
    return {"from_name": "annot_whose", "to_name": "sentence", "type": "choices", "value": value}


@pytest.fixture
def adjudicator(annotator: Annotator) -> Annotator:
    """Somebody who decides, in the project of what is disputed."""
    return replace(annotator, title=f"{annotator.title[:37]} adjudication")


@pytest.fixture
def labelled(shell: Shell, annotation: Make, span: Marks) -> Shell:
    """A workspace in which two people agree on one sentence and differ on another."""
    answers: list[tuple[str, Mapping[str, Answer]]] = [
        ("user:1", {"terms": (span(SLAMMED, "slammed"),), "claims": ("Unsourced claim",)}),
        ("user:2", {"terms": (span(SLAMMED, "reckless"),), "claims": ()}),
    ]
    given = [annotation(SLAMMED, answer, who) for who, answer in answers]
    given += [annotation(AGREED, {"terms": (), "claims": ("Prediction",)}, who) for who, _ in answers]
    write_records(shell.workspace / "data" / "labels.jsonl", given)
    return shell


def gold_of(shell: Shell, text: str) -> Gold:
    return next(gold for gold in read_records(shell.workspace / "data" / "gold.jsonl", Gold) if gold.text == text)


def test_what_is_disputed_goes_to_people_with_the_answers_named(labelled: Shell, adjudicator: Annotator) -> None:
    assert "1 sentence new to decide about" in labelled.done("adjudicate", "--push")
    assert "0 sentences new to decide about" in labelled.done("adjudicate", "--push")
    (task,) = adjudicator.tasks()
    assert task["data"]["annot_answers"].splitlines() == [
        "user:1: Loaded term “slammed”; Unsourced claim",
        "user:2: Loaded term “reckless”; None of these",
    ]


def test_an_annotators_answer_can_be_chosen_and_amended(labelled: Shell, adjudicator: Annotator, span: Marks) -> None:
    labelled.done("adjudicate", "--push")
    adjudicator.submit(adjudicator.task(SLAMMED), whose("user:2"), choices("Unsourced claim"))
    assert "1 decided by people, 0 disputed" in labelled.done("adjudicate", "--pull")
    decided = gold_of(labelled, SLAMMED)
    assert decided.answers == {"terms": (span(SLAMMED, "reckless"),), "claims": ("Unsourced claim",)}
    assert {who.split(":")[0] for who in decided.decided_by.values()} == {"user"}
    assert gold_of(labelled, AGREED).decided_by == {"terms": "majority", "claims": "majority"}


def test_a_decision_stands_when_labels_are_adjudicated_again(
    labelled: Shell, adjudicator: Annotator, span: Marks
) -> None:
    before = (labelled.workspace / "data" / "labels.jsonl").read_bytes()
    labelled.done("adjudicate", "--push")
    adjudicator.submit(adjudicator.task(SLAMMED), loaded(SLAMMED, "scheme"), choices("None of these"))
    labelled.done("adjudicate", "--pull")
    decided = gold_of(labelled, SLAMMED)
    assert decided.answers == {"terms": (span(SLAMMED, "scheme"),), "claims": ()}
    assert labelled.done("adjudicate").strip().endswith("gold.jsonl, unchanged")
    assert gold_of(labelled, SLAMMED) == decided
    assert (labelled.workspace / "data" / "labels.jsonl").read_bytes() == before


def test_decisions_cannot_be_pulled_before_anything_was_pushed(labelled: Shell) -> None:
    refused = labelled.annot("adjudicate", "--pull")
    assert refused.returncode == 1
    assert "make it with `annot adjudicate --push`" in refused.stderr
