"""Predictions to Label Studio, the one that is due first before the others, and what people made of them back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from pydantic import ValidationError

from annotate.errors import ConfigError, StudioError
from annotate.ledger.entry import Entry, Verdict
from annotate.progress import Progress, silent
from annotate.studio.client import Studio
from annotate.studio.compare import Place, surplus
from annotate.studio.entities import Project, Task
from annotate.studio.ledger_config import EVIDENCE, NOTE, LedgerConfig
from annotate.studio.patience import Patience
from annotate.studio.project import Page, open_page
from annotate.studio.queue import set_order
from annotate.studio.tasks import Json
from annotate.studio.touched import touched_among
from annotate.wording import counted

_BATCH = 250  # tasks a request
_ROUNDS = 100  # looks at the project
_DUE = "due"  # the name under which the order of the queue is kept
_LAST = date.max.toordinal() + 1
# What becomes of an entry later is not part of its task, and so changes nothing there.
_LATER: dict[str, object] = {"overdue": False, "verdict": None}


@dataclass
class LedgerPushed:
    """How many predictions were new, as they were, or changed, and how many tasks too many were deleted."""

    n_new: int = 0
    n_unchanged: int = 0
    n_edited: int = 0
    n_healed: int = 0

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        healed = f", {counted(self.n_healed, 'double')} deleted" if self.n_healed else ""
        return f"{self.n_new} new, {self.n_unchanged} unchanged, {self.n_edited} edited{healed}"


@dataclass
class _Found:
    """How predictions differ from the tasks that are there; ``edited`` has the entry by task."""

    new: list[Entry] = field(default_factory=list)
    n_unchanged: int = 0
    edited: dict[int, Entry] = field(default_factory=dict)
    doubled: list[list[Place]] = field(default_factory=list)
    n_there: int = 0


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
    return open_page(studio, title, Page(config.xml, instruction, partial(_refuse_other, studio)), progress)


def push_entries(
    studio: Studio, project: Project, entries: Sequence[Entry], progress: Progress = silent
) -> LedgerPushed:
    """Make a task of every prediction that has none, and bring the others up to date.

    A prediction is known again by any of its sentences. Tasks that people have touched are never deleted. What the
    server holds is listed anew after every failure, until everything is there.

    Raises:
        StudioError: The server refuses or is lost. What was made stays, and another push makes the rest.
    """
    patience, pushed = Patience(progress), LedgerPushed()
    look = partial(_look, studio, project, entries)
    found = patience(look)
    pushed.n_new, pushed.n_unchanged, pushed.n_edited = len(found.new), found.n_unchanged, len(found.edited)
    for _ in range(_ROUNDS):
        if patience.attempt(partial(_carry_out, studio, project, found, pushed)):
            break
        found = patience(look)
    else:
        raise StudioError(f"project '{project.title}' keeps changing; push again when others are done")
    if project.shown_version != _DUE:
        studio.show_version(project, _DUE)
    # By "uncertainty" means: the lowest score first. The score of a task is its last day.
    set_order(studio, project, "uncertainty")
    return pushed


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
    prediction = {"model_version": _DUE, "score": _score(entry), "result": []}
    return {"data": _data(entry), "predictions": [prediction]}


def _data(entry: Entry) -> Json:
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
    words = f"“{entry.strength.expression}”, " if entry.strength.expression else "plainly, "
    condition = " · on a condition: if that never came, it cannot be decided" if entry.conditional else ""
    return f"How firmly: {words}{entry.strength.step}{condition}"


def _score(entry: Entry) -> float:
    """Return the last day as a number from 0 to 1, the same whatever day it is; without one, 1."""
    return entry.due.toordinal() / _LAST if entry.due else 1.0


def _look(studio: Studio, project: Project, entries: Sequence[Entry]) -> _Found:
    there = list(studio.tasks(project))
    by_uid: dict[str, dict[int, Task]] = {}
    for task in there:
        for uid in {*task.data.get("uids", []), task.data.get("uid", "")}:
            by_uid.setdefault(uid, {})[task.id] = task
    found = _Found(n_there=len(there))
    for entry in entries:
        mine = {number: task for uid in entry.uids for number, task in by_uid.get(uid, {}).items()}
        if not mine:
            found.new.append(entry)
            continue
        if len(mine) > 1:
            found.doubled.append([Place(number, task.data.get("uid", "")) for number, task in mine.items()])
        wanted = _data(entry)
        changed = [n for n, task in mine.items() if any(task.data.get(name) != wanted[name] for name in wanted)]
        found.edited |= dict.fromkeys(changed, entry)
        found.n_unchanged += not changed
    return found


def _carry_out(studio: Studio, project: Project, found: _Found, pushed: LedgerPushed) -> bool:
    """Do what is to be done; return whether the project is known to be as it should be."""
    n_deleted = _heal(studio, project, found, pushed)
    if n_deleted:
        return False
    for task, entry in found.edited.items():
        studio.change_task(task, data=_data(entry))
    if found.edited:
        edited = list(found.edited)
        studio.delete_predictions(project, edited)
        made = ({"task": task, **to_ledger_task(entry)["predictions"][0]} for task, entry in found.edited.items())
        studio.import_predictions(project, list(made))
    for start in range(0, len(found.new), _BATCH):
        studio.import_tasks(project, [to_ledger_task(entry) for entry in found.new[start : start + _BATCH]])
    return not found.new or studio.counts(project).n_tasks == found.n_there + len(found.new)


def _heal(studio: Studio, project: Project, found: _Found, pushed: LedgerPushed) -> int:
    """Delete tasks of one prediction that nobody has touched, down to one; return how many that were."""
    touched, untouched = touched_among(studio, project, [place for places in found.doubled for place in places])
    healed = {task for places in found.doubled for task in surplus(places, touched, untouched)}
    if healed:
        studio.delete_tasks(project, sorted(healed))
        pushed.n_healed += len(healed)
    return len(healed)


def _verdict(submitted: Json, config: LedgerConfig) -> Verdict | None:
    given = {item.get("from_name"): item.get("value", {}) for item in submitted["result"]}
    chosen = [config.outcomes[name] for name in _chosen(given, config) if name in config.outcomes]
    if len(chosen) != 1:
        return None
    by = submitted["completed_by"]
    return Verdict(
        outcome=chosen[0],
        evidence=_text(given, EVIDENCE),
        note=_text(given, NOTE),
        judged_by=f"user:{int(by['id'] if isinstance(by, dict) else by)}",
        judged_at=submitted.get("updated_at") or submitted["created_at"],
    )


def _chosen(given: Mapping[str, Json], config: LedgerConfig) -> Iterator[str]:
    yield from given.get(config.question, {}).get("choices", [])


def _text(given: Mapping[str, Json], name: str) -> str | None:
    said = given.get(name, {}).get("text", [])
    return " ".join(" ".join([said] if isinstance(said, str) else said).split()) or None


def _refuse_other(studio: Studio, project: Project) -> None:
    try:
        LedgerConfig.parse(project.config)
    except ConfigError as error:
        if studio.counts(project).n_tasks:
            raise StudioError(f"project '{project.title}' is no ledger; choose another with --project") from error
