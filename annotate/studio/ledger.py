"""Predictions as tasks of Label Studio, and what people made of them back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from pydantic import ValidationError

from annotate.errors import ConfigError, StudioError
from annotate.ledger.entry import Entry, Verdict
from annotate.progress import Progress, silent
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.ledger_config import EVIDENCE, NOTE, LedgerConfig
from annotate.studio.patience import Patience
from annotate.studio.project import Page, open_page
from annotate.studio.tasks import Json, annotator_of

DUE = "due"
"""The name under which the order of the queue is kept."""

_LAST = date.max.toordinal() + 1
# What becomes of an entry later is not part of its task, and so changes nothing there.
_LATER: dict[str, object] = {"overdue": False, "verdict": None}


@dataclass
class Judged:
    """Predictions with what people made of them, one for each person who did, and what was left out."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def open_ledger(studio: Studio, title: str, config: LedgerConfig, instruction: str, progress: Progress) -> Project:
    """Return the project of the ledger, made where there is none.

    Raises:
        StudioError: A project of that title is no ledger.
    """
    return open_page(studio, title, Page(config.xml, instruction, partial(refuse_other, studio)), progress)


def pull_entries(studio: Studio, title: str, config: LedgerConfig, progress: Progress = silent) -> Judged:
    """Return what people made of predictions.

    Raises:
        StudioError: There is no such project.
        ConfigError: It is no ledger, or asks otherwise than the page of the workspace.
    """
    project = studio.find_project(title)
    if project is None:
        raise StudioError(f"{studio.url}: no project named '{title}'; make it with `annot ledger push SOURCE`")
    try:
        asked = LedgerConfig.parse(project.config)
    except ConfigError as error:
        raise ConfigError(f"project '{title}' is no ledger: {error}") from error
    if (asked.question, asked.outcomes) != (config.question, config.outcomes):
        raise ConfigError(f"project '{title}' asks otherwise than ledger_config.xml; run `annot ledger push SOURCE`")
    progress("Pulling verdicts")
    return Patience(progress)(lambda: to_judged(studio.export(project), config))


def to_judged(tasks: Iterable[Json], config: LedgerConfig) -> Judged:
    """Return what people made of the predictions in exported tasks, in their order."""
    judged = Judged()
    for task in tasks:
        try:
            entry = Entry.model_validate(task["data"].get("entry"))
        except ValidationError:
            judged.problems.append(f"task {task['id']}: not a prediction of annot's: left out")
            continue
        for submitted in task["annotations"]:
            if submitted.get("was_cancelled"):
                continue
            verdict = _verdict(submitted, config)
            if verdict is None:
                judged.problems.append(f"task {task['id']}, annotation {submitted['id']}: no outcome chosen: left out")
            else:
                judged.entries.append(entry.model_copy(update={"verdict": verdict}))
    return judged


def to_ledger_task(entry: Entry) -> Json:
    """Return a prediction's task; its score, by which tasks are served, is its last day."""
    prediction = {"model_version": DUE, "score": _score(entry), "result": []}
    return {"data": ledger_data(entry), "predictions": [prediction]}


def ledger_data(entry: Entry) -> Json:
    """Return what a prediction's task shows, and the prediction whole."""
    known = (entry.outlet, entry.author, entry.published)
    return {
        "uid": entry.uid,
        "uids": sorted(entry.uids),
        "title": entry.title or "",
        "source_line": " · ".join(part for part in known if part),
        "sentence": entry.text,
        "context_before": entry.context_before,
        "context_after": entry.context_after,
        "url": entry.url or "",
        "due": entry.due.isoformat() if entry.due else "",
        "when": _when(entry),
        "how": _how(entry),
        "entry": entry.model_copy(update=_LATER).model_dump(mode="json"),
    }


def _when(entry: Entry) -> str:
    if entry.horizon is None:
        return "Until when: not said"
    until = f"by {entry.due}" if entry.due else "no day can be told"
    return f"Until when: “{entry.horizon.text}”, {until}"


def _how(entry: Entry) -> str:
    if entry.strength is None:
        return "How firmly: not read"
    condition = " · on a condition: if that never came, it cannot be decided" if entry.conditional else ""
    return f"How firmly: {entry.strength.said}, {entry.strength.step}{condition}"


def _score(entry: Entry) -> float:
    """Return the last day as a number from 0 to 1, the same whatever day it is; without one, 1."""
    return entry.due.toordinal() / _LAST if entry.due else 1.0


def _verdict(submitted: Json, config: LedgerConfig) -> Verdict | None:
    given = {item.get("from_name"): item.get("value", {}) for item in submitted["result"]}
    chosen = [config.outcomes[name] for name in _chosen(given, config) if name in config.outcomes]
    if len(chosen) != 1:
        return None
    return Verdict(
        outcome=chosen[0],
        evidence=_text(given, EVIDENCE),
        note=_text(given, NOTE),
        judged_by=annotator_of(submitted),
        judged_at=submitted.get("updated_at") or submitted["created_at"],
    )


def _chosen(given: Mapping[str, Json], config: LedgerConfig) -> Iterator[str]:
    yield from given.get(config.question, {}).get("choices", [])


def _text(given: Mapping[str, Json], name: str) -> str | None:
    said = given.get(name, {}).get("text", [])
    return " ".join(" ".join([said] if isinstance(said, str) else said).split()) or None


def refuse_other(studio: Studio, project: Project) -> None:
    """Raise ``StudioError`` where a project holds tasks and is no ledger."""
    try:
        LedgerConfig.parse(project.config)
    except ConfigError as error:
        if studio.counts(project).n_tasks:
            raise StudioError(f"project '{project.title}' is no ledger; choose another with --project") from error
