"""Predictions to Label Studio: an upsert by sentence, which asks anew about what was judged too early and is due."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from functools import partial

from annotate.errors import StudioError
from annotate.ledger.entry import Entry
from annotate.progress import Progress, silent
from annotate.studio.client import Studio
from annotate.studio.compare import Place
from annotate.studio.entities import Project, Task
from annotate.studio.ledger import DUE, ledger_data, to_judged, to_ledger_task
from annotate.studio.ledger_config import LedgerConfig
from annotate.studio.patience import Patience
from annotate.studio.queue import set_order
from annotate.studio.touched import delete_untouched
from annotate.wording import counted

_ROUNDS = 100  # looks at the project


@dataclass(frozen=True)
class Predictions:
    """The predictions to be pushed, and the ids of the articles that they are from.

    With ``prune``, tasks of what these articles no longer predict are deleted, unless somebody touched them.
    """

    entries: Sequence[Entry]
    articles: Set[str] = frozenset()
    prune: bool = False


@dataclass
class LedgerDifference:
    """How predictions differ from the tasks that are there.

    ``new`` have no task, ``again`` none but those in which they were judged too early before they were due. ``edited``
    has the prediction by task, ``gone`` the tasks of what its articles no longer predict.
    """

    new: list[Entry] = field(default_factory=list)
    again: list[Entry] = field(default_factory=list)
    n_unchanged: int = 0
    edited: dict[int, Entry] = field(default_factory=dict)
    gone: list[Place] = field(default_factory=list)
    doubled: list[list[Place]] = field(default_factory=list)
    n_there: int = 0

    @property
    def summary(self) -> str:
        """What differs, in a line."""
        counts = (len(self.new), self.n_unchanged, len(self.edited), len(self.gone))
        again = f", {len(self.again)} to be judged again" if self.again else ""
        return "{} new, {} unchanged, {} edited, {} gone".format(*counts) + again


@dataclass
class LedgerPushed:
    """What a push found, and how many tasks it deleted."""

    difference: LedgerDifference
    n_pruned: int = 0
    n_healed: int = 0

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        pruned = f", {self.n_pruned} deleted" if self.n_pruned else ""
        healed = f", {counted(self.n_healed, 'double')} deleted" if self.n_healed else ""
        return f"{self.difference.summary}{pruned}{healed}"


def push_entries(studio: Studio, project: Project, wanted: Predictions, progress: Progress = silent) -> LedgerPushed:
    """Make a task of every prediction that has none, and bring the others up to date.

    A prediction is known again by any of its sentences. Tasks that people have touched are never deleted. What the
    server holds is listed anew after every failure, until everything is there.

    Raises:
        StudioError: The server refuses or is lost. What was made stays, and another push makes the rest.
    """
    looking, patience = Patience(progress), Patience(progress)
    look = partial(look_at, studio, project, wanted)
    found = looking(look)
    pushed = LedgerPushed(found)
    for _ in range(_ROUNDS):
        if patience.attempt(partial(_carry_out, studio, project, found, pushed, wanted)):
            break
        found = looking(look)
    else:
        raise StudioError(f"project '{project.title}' keeps changing; push again when others are done")
    if project.shown_version != DUE:
        studio.show_version(project, DUE)
    # By "uncertainty" means: the lowest score first. The score of a task is its last day.
    set_order(studio, project, "uncertainty")
    return pushed


def look_at(studio: Studio, project: Project, wanted: Predictions) -> LedgerDifference:
    """Find how predictions differ from the tasks of a project."""
    there = list(studio.tasks(project))
    return compare_entries(wanted, there, _judged_too_early(studio, project, wanted.entries, there))


def compare_entries(wanted: Predictions, there: Sequence[Task], too_early: Set[int] = frozenset()) -> LedgerDifference:
    """Find what is new, edited, gone or doubled; what has ``too_early`` tasks alone is to be judged again."""
    by_uid: dict[str, dict[int, Task]] = {}
    for task in there:
        for uid in _uids(task):
            by_uid.setdefault(uid, {})[task.id] = task
    found = LedgerDifference(n_there=len(there))
    for entry in wanted.entries:
        known = {number: task for uid in entry.uids for number, task in by_uid.get(uid, {}).items()}
        mine = {number: task for number, task in known.items() if number not in too_early}
        if not mine:
            (found.again if known else found.new).append(entry)
            continue
        if len(mine) > 1:
            found.doubled.append([_place(task) for task in mine.values()])
        data = ledger_data(entry)
        changed = [n for n, task in mine.items() if any(task.data.get(name) != data[name] for name in data)]
        found.edited |= dict.fromkeys(changed, entry)
        found.n_unchanged += not changed
    predicted = {uid for entry in wanted.entries for uid in entry.uids}
    found.gone = [_place(task) for task in there if not predicted & _uids(task) and _is_of(task, wanted.articles)]
    return found


def _uids(task: Task) -> set[str]:
    return {*task.data.get("uids", []), task.data.get("uid", "")}


def _place(task: Task) -> Place:
    return Place(task.id, task.data.get("uid", ""))


def _is_of(task: Task, articles: Set[str]) -> bool:
    """Tell whether all that a task's prediction stands in was read: readers' comments may have been left out."""
    entry = task.data.get("entry") or {}
    statements = [entry, *entry.get("repeats", [])]
    return all(each.get("article_id") in articles and each.get("section") != "comment" for each in statements)


def _judged_too_early(
    studio: Studio, project: Project, entries: Iterable[Entry], there: Iterable[Task]
) -> frozenset[int]:
    """Return the tasks of overdue predictions that were judged too early, and nothing else, until their last day."""
    last_days = {uid: entry.due.isoformat() for entry in entries if entry.overdue and entry.due for uid in entry.uids}
    last_day = {task.id: last_days[uid] for task in there if task.n_submitted for uid in _uids(task) & last_days.keys()}
    config = LedgerConfig.parse(project.config)
    found = set()
    for task in studio.export(project, sorted(last_day)):
        verdicts = [entry.verdict for entry in to_judged([task], config).entries if entry.verdict]
        last = max((verdict.judged_at for verdict in verdicts), default="9999")
        if all(verdict.outcome == "too early" for verdict in verdicts) and last[:10] <= last_day[task["id"]]:
            found.add(int(task["id"]))
    return frozenset(found)


def _carry_out(
    studio: Studio, project: Project, found: LedgerDifference, pushed: LedgerPushed, wanted: Predictions
) -> bool:
    """Do what is to be done; return whether the project is known to be as it should be."""
    n_pruned, n_healed = delete_untouched(studio, project, found.gone if wanted.prune else [], found.doubled)
    pushed.n_pruned += n_pruned
    pushed.n_healed += n_healed
    if n_pruned or n_healed:
        return False
    for task, entry in found.edited.items():
        studio.change_task(task, data=ledger_data(entry))
    if found.edited:
        studio.delete_predictions(project, list(found.edited))
        made = ({"task": task, **to_ledger_task(entry)["predictions"][0]} for task, entry in found.edited.items())
        studio.import_predictions(project, list(made))
    missing = [*found.new, *found.again]
    studio.import_tasks(project, [to_ledger_task(entry) for entry in missing])
    return not missing or studio.counts(project).n_tasks == found.n_there + len(missing)
