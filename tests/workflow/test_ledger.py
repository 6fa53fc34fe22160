"""Whose word counts, what is missing, and verdicts in a file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotate.annotation import Annotation, Scores
from annotate.article import Article, Citation
from annotate.cli.main import app
from annotate.config import Workspace, open_workspace
from annotate.corpus.segmentation import Document
from annotate.corpus.store import read_records, write_records
from annotate.errors import ModelError, SourceError, StudioError
from annotate.ledger.entry import Entry, Verdict
from annotate.schema import LabelSchema
from annotate.workflow.articles import Listeners
from annotate.workflow.ledger import LedgerOptions, find_predictions, find_scored_predictions, read_ledger
from annotate.workflow.score import load_chosen
from annotate.workflow.sync_ledger import pull_ledger
from annotate.workflow.verdicts import read_track_records, read_verdicts, replace_verdicts, with_verdicts

TODAY = date(2026, 11, 27)
FALL, FELL = "It will fall in the coming weeks.", "It has fallen since."

Make = Callable[..., Annotation]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(tmp_path)


@pytest.fixture
def said(annotation: Make) -> list[Annotation]:
    """What a person says of two sentences."""
    return [annotation(FALL, {"claims": ("Prediction",)}), annotation(FELL, {"claims": ()}, article="b")]


def documents(said: list[Annotation], published: str | None = "2017-06-11") -> list[Document]:
    return [
        Document(
            article=Article(id=each.article_id, published=published, source="x.txt", text=each.text),
            sentences=(each.sentence,),
        )
        for each in said
    ]


def judged(entry: Entry, outcome: str, who: str = "user:1", when: str = "2026-01-01T00:00:00Z") -> Entry:
    verdict = Verdict.model_validate({"outcome": outcome, "judged_by": who, "judged_at": when})
    return entry.model_copy(update={"verdict": verdict})


def read(
    workspace: Workspace, documents_: list[Document], options: LedgerOptions | None = None
) -> tuple[list[Entry], list[str]]:
    options, notes = options or LedgerOptions(TODAY), list[str]()
    found = find_predictions(workspace, documents_, options, Listeners(note=notes.append))
    return read_ledger(workspace, found, options, notes.append), notes


def test_labels_alone_make_a_ledger(workspace: Workspace, said: list[Annotation]) -> None:
    write_records(workspace.labels_file, said)
    entries, notes = read(workspace, documents(said))
    assert [(entry.text, entry.found_by, entry.overdue) for entry in entries] == [(FALL, "person", True)]
    assert notes == ["no model: only labels tell what predicts, and 2 of 2 sentences have one"]


def test_a_missing_day_and_one_to_come_are_said(workspace: Workspace, said: list[Annotation]) -> None:
    write_records(workspace.labels_file, said)
    entries, notes = read(workspace, documents(said, None))
    assert notes[1:] == ["2 articles without a day of publication: relative horizons stay relative"]
    assert [entry.due for entry in entries] == [None]
    _, notes = read(workspace, documents(said[:1], "2031-01-01"))
    assert notes[1:] == ["x.txt: published 2031-01-01, which is after 2026-11-27: taken as unknown; correct the date"]


def test_without_model_and_labels_there_is_one_clear_line(workspace: Workspace, said: list[Annotation]) -> None:
    with pytest.raises(ModelError, match="no model and no labels, so nothing tells what predicts"):
        read(workspace, documents(said))


def test_a_person_counts_before_the_model_and_the_model_before_a_draft(
    trained: Path, schema: LabelSchema, annotation: Make, tmp_path: Path
) -> None:
    model = load_chosen(open_workspace(trained, labels=["none.jsonl"]))
    texts = [f"{word} will fall in May." for word in ("Aleppo", "Homs", "Idlib")]
    sentences = [annotation(text, {}).sentence for text in texts]
    says = ["Prediction" in score.decided for score in model(sentences)]
    others = [() if each else ("Prediction",) for each in says]
    labels = [
        annotation(text, {"claims": other}, origin=origin)
        for text, other, origin in zip(texts, others, ("manual", "draft", "manual"), strict=True)
    ]
    path = tmp_path / "labels.jsonl"
    write_records(path, labels)
    options = LedgerOptions(TODAY, labels=[path])
    found, _ = read(open_workspace(trained, labels=["none.jsonl"]), documents(labels), options)
    found_by = {entry.text: entry.found_by for entry in found}
    assert [found_by.get(text) for text in texts] == [
        None if says[0] else "person",
        "model" if says[1] else None,
        None if says[2] else "person",
    ]


def test_readers_comments_are_left_out_unless_asked_for(workspace: Workspace, said: list[Annotation]) -> None:
    comment = said[0].model_copy(update={"section": "comment"})
    write_records(workspace.labels_file, [comment])
    assert read(workspace, documents([comment]))[0] == []
    assert len(read(workspace, documents([comment]), LedgerOptions(TODAY, comments=True))[0]) == 1


def test_scores_make_a_ledger_and_people_count_before_them(
    workspace: Workspace, said: list[Annotation], schema: LabelSchema, annotation: Make
) -> None:
    write_records(workspace.labels_file, said)
    other = annotation("It may rise in the coming weeks.", {}, article="c")
    names = [label.name for label in schema.labels]
    scores = [
        Scores(
            **dict(each.sentence), model="m", labels=dict.fromkeys(names, 0.6), decided=("Prediction",),
            article=Citation(outlet="Wire", published=published),
        )
        for each, published in zip([*said, other], ("2017-06-11", None, "spring"), strict=True)
    ]  # fmt: skip
    found = find_scored_predictions(workspace, scores, LedgerOptions(TODAY))
    entries = read_ledger(workspace, found, LedgerOptions(TODAY))
    assert [(entry.text, entry.found_by, entry.outlet, entry.due) for entry in entries] == [
        (FALL, "person", "Wire", date(2017, 7, 11)),
        (other.text, "model", "Wire", None),
    ]
    with pytest.raises(SourceError, match="two models"):
        find_scored_predictions(workspace, [scores[0].model_copy(update={"model": "n"}), *scores], LedgerOptions(TODAY))


def test_the_latest_verdict_on_any_of_its_sentences_counts(workspace: Workspace, said: list[Annotation]) -> None:
    write_records(workspace.labels_file, said)
    (entry,), _ = read(workspace, documents(said))
    first, then = judged(entry, "too early"), judged(entry, "came true", "user:2", "2026-02-01T00:00:00Z")
    write_records(workspace.verdicts_file, [then, first])
    (again,), _ = read(workspace, documents(said))
    assert again.verdict == then.verdict
    assert not again.overdue
    joined = entry.model_copy(update={"uid": "0" * 16, "repeats": (entry,)})
    assert with_verdicts([joined], read_verdicts(workspace.verdicts_file), TODAY)[0].verdict == then.verdict


def test_verdicts_that_the_server_no_longer_has_are_kept_beside(workspace: Workspace, said: list[Annotation]) -> None:
    write_records(workspace.labels_file, said)
    (entry,), _ = read(workspace, documents(said))
    path, mine, theirs = workspace.verdicts_file, judged(entry, "came true"), judged(entry, "did not", "user:2")
    assert replace_verdicts(path, [mine]) == (path, True, None)
    assert replace_verdicts(path, [mine]) == (path, False, None)
    assert replace_verdicts(path, [mine, theirs]) == (path, True, None)
    _, changed, kept = replace_verdicts(path, [mine])
    assert changed
    assert kept is not None
    assert list(read_records(kept, Entry)) == [mine, theirs]


def test_no_verdicts_are_one_clear_line(workspace: Workspace) -> None:
    with pytest.raises(SourceError, match="no verdicts yet; run `annot ledger push SOURCE`"):
        read_track_records(workspace.verdicts_file, "outlet", 20)


@pytest.mark.parametrize("words", [["ledger"], ["ledger", "show"]])
def test_sources_alone_are_shown(repository: Path, tmp_path: Path, words: list[str]) -> None:
    labels, seed = repository / "seeds" / "labels.jsonl", repository / "seeds" / "003_e738a841f138be96.txt"
    arguments = ["-w", str(tmp_path), *words, str(seed), "--labels", str(labels), "--today", "2026-11-27"]
    result = CliRunner().invoke(app, [*arguments, "-o", str(tmp_path / "ledger.jsonl")])
    assert result.exit_code == 0, result.output
    entries = list(read_records(tmp_path / "ledger.jsonl", Entry))
    snow = next(entry for entry in entries if entry.text.startswith("In a few weeks, snow"))
    assert (snow.found_by, snow.due) == ("draft", None)
    assert snow.horizon is not None
    assert snow.horizon.text == "In a few weeks"


def test_a_pull_before_any_push_starts_no_server(workspace: Workspace) -> None:
    with pytest.raises(StudioError, match="nothing was pushed from here yet"):
        pull_ledger(workspace)


def test_a_source_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["-w", str(tmp_path), "ledger", str(tmp_path / "none.txt")])
    assert result.exit_code == 1
    assert "none.txt" in result.output
