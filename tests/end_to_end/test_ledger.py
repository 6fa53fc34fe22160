"""Predictions in a real Label Studio: due ones first, each once, and no verdict lost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from annotate.annotation import Annotation
from annotate.article import Article
from annotate.corpus.store import write_records
from annotate.errors import ConfigError, StudioError
from annotate.ledger.entry import Entry, Statement
from annotate.ledger.horizon import find_horizon
from annotate.ledger.strength import find_strength
from annotate.progress import silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.ledger import open_ledger, pull_entries, to_ledger_task
from annotate.studio.ledger_config import LedgerConfig
from annotate.studio.ledger_push import LedgerPushed, Predictions, push_entries
from annotate.studio.project import open_project
from end_to_end.user_shell import Annotator, Shell

Make = Callable[..., Annotation]

LATE, EARLY, NEVER = "It will rise by 2019.", "It will fall by 2016.", "It will end before he leaves office."


def push(studio: Studio, project: Project, *entries: Entry) -> LedgerPushed:
    return push_entries(studio, project, Predictions(entries))


def outcome(choice: str) -> dict[str, Any]:
    value = {"choices": [choice]}
    return {"from_name": "outcome", "to_name": "sentence", "type": "choices", "value": value}


def written(name: str, text: str) -> dict[str, Any]:
    return {"from_name": name, "to_name": "sentence", "type": "textarea", "value": {"text": [text]}}


@pytest.fixture
def judge(annotator: Annotator) -> Annotator:
    """Somebody who judges, in the project of the ledger."""
    return replace(annotator, title=f"{annotator.title[:43]} ledger")


@pytest.fixture
def studio(annotator: Annotator) -> Iterator[Studio]:
    with Studio(annotator.url, annotator.token) as studio:
        yield studio


@pytest.fixture
def config(repository: Path) -> LedgerConfig:
    return LedgerConfig.read(repository / "ledger_config.xml")


@pytest.fixture
def project(studio: Studio, judge: Annotator, config: LedgerConfig) -> Project:
    return open_ledger(studio, judge.title, config, "<p>Find out.</p>", silent)


@pytest.fixture
def entry(annotation: Make) -> Callable[..., Entry]:
    """Give a function that reads a prediction."""

    def make(text: str, article: str = "a") -> Entry:
        known = Article(id=article, title="The war", outlet="Wire", published="2015-06-11", text=text)
        statement = Statement.of(annotation(text, {}, article=article).sentence, known)
        read = {"horizon": find_horizon(text, statement.day), "strength": find_strength(text)}
        return Entry(**dict(statement), found_by="person", annotator="user:1", **read)

    return make


def test_predictions_are_pushed_judged_and_pulled(shell: Shell, judge: Annotator, annotation: Make) -> None:
    source = shell.workspace / "rats.txt"
    source.write_text(f"{LATE}\n\n{NEVER}\n\n{EARLY}\n\nIt fell.\n", "utf-8")
    source.with_suffix(".toml").write_text('published = 2015-06-11\noutlet = "Wire"\n', "utf-8")
    sentences = [json.loads(line) for line in shell.done("ingest", source).splitlines()]
    asked = [("Prediction",) if "will" in each["text"] else () for each in sentences]
    labels = [
        Annotation.model_validate(each | {"annotator": "user:1", "answers": {"claims": says}, "origin": "manual"})
        for each, says in zip(sentences, asked, strict=True)
    ]
    write_records(shell.workspace / "data" / "labels.jsonl", labels)
    assert shell.done("ledger", "push", source, "--dry-run") == "3 new, 0 unchanged, 0 edited, 0 gone\n"
    assert shell.done("ledger", "push", source).startswith("3 new, 0 unchanged, 0 edited, 0 gone: ")
    assert 'outcome="came true"' in judge.project["label_config"]  # which the server keeps, and asks nothing by
    served = judge.ask("GET", f"projects/{judge.project['id']}/next")
    assert served["data"]["sentence"] == EARLY
    judge.submit(served["id"], outcome("Did not"), written("evidence", "https://example.org/x"), written("note", "No."))
    assert judge.ask("GET", f"projects/{judge.project['id']}/next")["data"]["sentence"] == LATE
    assert shell.done("ledger", "pull").startswith("1 verdict on 1 prediction: ")
    shown = [json.loads(line) for line in shell.done("ledger", source, "-f", "jsonl").splitlines()]
    verdicts = {each["text"]: each["verdict"] for each in shown}
    assert verdicts[EARLY]["outcome"] == "did not"
    assert (verdicts[EARLY]["evidence"], verdicts[EARLY]["note"]) == ("https://example.org/x", "No.")
    assert verdicts[LATE] is None
    record = json.loads(shell.done("ledger", "record", "-f", "jsonl"))
    assert (record["source"], record["n_settled"], record["share"]) == ("Wire", 1, None)


def test_what_is_due_earlier_is_served_first_though_it_came_later(
    studio: Studio, project: Project, entry: Callable[..., Entry], judge: Annotator
) -> None:
    push(studio, project, entry(LATE), entry(NEVER))
    push(studio, project, entry(EARLY), entry(LATE), entry(NEVER))
    assert judge.ask("GET", f"projects/{judge.project['id']}/next")["data"]["sentence"] == EARLY


def test_a_verdict_outlives_joining_editing_and_doubles(
    studio: Studio, project: Project, entry: Callable[..., Entry], judge: Annotator, config: LedgerConfig
) -> None:
    late, elsewhere = entry(LATE), entry(LATE, article="b")
    push(studio, project, late)
    judge.submit(judge.task(LATE), outcome("Came true"))
    studio.import_tasks(project, [to_ledger_task(late), to_ledger_task(late)])
    joined = elsewhere.model_copy(update={"repeats": (late,)})
    pushed = push(studio, project, joined)
    assert (pushed.difference.new, pushed.n_healed) == ([], 2)
    assert push(studio, project, joined).summary == "0 new, 1 unchanged, 0 edited, 0 gone"
    (task,) = judge.tasks()
    assert task["data"]["uid"] == elsewhere.uid
    assert [made["model_version"] for made in task["predictions"]] == ["due"]
    (found,) = pull_entries(studio, judge.title, config).entries
    assert (found.uids, found.verdict and found.verdict.outcome) == (joined.uids, "came true")


def test_what_was_judged_too_early_is_served_again_once_it_is_due(
    studio: Studio, project: Project, entry: Callable[..., Entry], judge: Annotator, config: LedgerConfig
) -> None:
    coming, day = entry("It will fall by 2090."), date(2091, 1, 1)
    push(studio, project, coming, entry(NEVER))
    judge.submit(judge.task(coming.text), outcome("Too early"))
    assert push(studio, project, coming).summary == "0 new, 1 unchanged, 0 edited, 0 gone"
    assert push(studio, project, coming.at(day)).summary == "0 new, 0 unchanged, 0 edited, 0 gone, 1 to be judged again"
    assert push(studio, project, coming.at(day)).summary == "0 new, 1 unchanged, 0 edited, 0 gone"
    served = judge.ask("GET", f"projects/{judge.project['id']}/next")
    assert served["data"]["sentence"] == coming.text
    judge.submit(served["id"], outcome("Did not"))
    verdicts = [found.verdict for found in pull_entries(studio, judge.title, config).entries if found.verdict]
    assert [verdict.outcome for verdict in verdicts] == ["too early", "did not"]


def test_what_its_article_no_longer_predicts_is_pruned_unless_touched(
    studio: Studio, project: Project, entry: Callable[..., Entry], judge: Annotator
) -> None:
    gone, judged, elsewhere = entry(LATE), entry(EARLY), entry(NEVER, article="b")
    push(studio, project, gone, judged, elsewhere)
    judge.submit(judge.task(EARLY), outcome("Did not"))
    wanted = Predictions([], articles={"a"})
    assert push_entries(studio, project, wanted).summary == "0 new, 0 unchanged, 0 edited, 2 gone"
    pruned = push_entries(studio, project, replace(wanted, prune=True))
    assert pruned.summary == "0 new, 0 unchanged, 0 edited, 2 gone, 1 deleted"
    assert {task["data"]["sentence"] for task in judge.tasks()} == {EARLY, NEVER}


def test_a_project_that_is_no_ledger_is_refused(
    studio: Studio, judge: Annotator, schema: LabelSchema, config: LedgerConfig
) -> None:
    pull = partial(pull_entries, studio, judge.title, config)
    with pytest.raises(StudioError, match="make it with `annot ledger push SOURCE`"):
        pull()
    project = open_project(studio, judge.title, schema, "")
    assert 'ledger="true"' in judge.project["label_config"]
    with pytest.raises(ConfigError, match="is no ledger: not a page for verdicts"):
        pull()
    shown = ("title", "source_line", "sentence", "context_before", "context_after")
    studio.import_tasks(project, [{"data": dict.fromkeys(shown, "x")}])
    with pytest.raises(StudioError, match="is no ledger; choose another with --project"):
        open_ledger(studio, judge.title, config, "", silent)
