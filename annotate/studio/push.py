"""Sentences to Label Studio: an upsert by uid, which another push completes wherever it ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from annotate.errors import StudioError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.compare import Difference, Sentences, Wanted, compare
from annotate.studio.entities import Project
from annotate.studio.patience import Patience
from annotate.studio.pre_annotation import PreAnnotator, Refresh
from annotate.studio.queue import Order, set_order
from annotate.studio.task_requests import IMPORTED
from annotate.studio.tasks import BLIND, Json
from annotate.studio.touched import delete_untouched
from annotate.wording import counted

_ROUNDS = 100  # looks at the project; the first does where nothing fails and nobody else pushes


@dataclass(frozen=True)
class PushOptions:
    """What a push does besides making what is missing.

    ``prune`` deletes tasks of sentences that left their article, ``comments`` pushes readers' comments too, ``refresh``
    renews the pre-annotations of open tasks. A model that is less sure than ``min_score`` says nothing. Of the
    sentences, the share ``overlap`` is for two people; of the new ones, the share ``blind`` gets no pre-annotation.
    With ``dry_run`` nothing is sent. All shares are 0 to 1. ``order`` is that of the queue: unless given, what the
    model is least sure of comes first where suggestions are shown, else articles are read from their start.
    """

    model: PreAnnotator | None = None
    dry_run: bool = False
    prune: bool = False
    comments: bool = False
    refresh: bool = False
    min_score: float = 0
    blind: float = 0
    overlap: float = 0
    order: Order | None = None

    def wanted(self, articles: Iterable[Sentences]) -> Wanted:
        """Collect what is to be pushed: every sentence, without readers' comments unless they are asked for."""
        pairs = [(sentence, article) for article, sentences in articles for sentence in sentences]
        taken = {s.uid: (s, article) for s, article in pairs if self.comments or s.section != "comment"}
        return Wanted(taken, frozenset(s.uid for s, _ in pairs) - taken.keys(), self.overlap, self.blind)


@dataclass
class Pushed:
    """What a push found, and what it did about it beyond that; ``project`` is ``None`` where there is none yet."""

    project: Project | None
    difference: Difference
    n_pruned: int = 0
    n_healed: int = 0
    n_refreshed: int = 0

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        done = [
            f"{self.n_pruned} deleted" if self.n_pruned else "",
            f"{counted(self.n_healed, 'double')} deleted" if self.n_healed else "",
            f"{counted(self.n_refreshed, 'pre-annotation')} renewed" if self.n_refreshed else "",
        ]
        return ", ".join([self.difference.summary, *filter(None, done)])

    @property
    def changed(self) -> bool:
        """Whether anything was done."""
        found = self.difference
        return any((found.new, found.edited, self.n_pruned, self.n_healed, self.n_refreshed))


class Push:
    """A push into one project, with a model to pre-annotate or without."""

    def __init__(self, studio: Studio, project: Project, schema: LabelSchema, options: PushOptions) -> None:
        self.studio = studio
        self.project = project
        self.schema = schema
        self.options = options

    def __call__(self, articles: Iterable[Sentences], progress: Progress = silent) -> Pushed:
        """Make a task of every sentence that has none, and put right those that differ.

        What the server holds is listed first, and again after every failure and wherever others pushed at the same
        time, until the project is as it should be.

        Raises:
            StudioError: The server refuses or is lost. What was made stays, and another push makes the rest.
        """
        wanted = self.options.wanted(articles)
        # Each of its own: that a look succeeds says nothing of whether the changes do, and the other way round.
        looking, patience = Patience(progress), Patience(progress)
        found = looking(lambda: self._look(wanted, progress))
        pushed = Pushed(self.project, found)
        for _ in range(_ROUNDS):
            if patience.attempt(partial(self._carry_out, found, wanted, pushed, patience)):
                break
            found = looking(lambda: self._look(wanted, progress))
        else:
            raise StudioError(f"project '{self.project.title}' keeps changing; push again when others are done")
        model = self.options.model
        if model and (self.options.refresh or (self.project.shown_version is None and pushed.difference.n_there)):
            pushed.n_refreshed = Refresh(self.studio, self.project, self.schema, model)(progress)
        suggests = model is not None or self.project.shown_version is not None
        set_order(self.studio, self.project, self.options.order or ("uncertainty" if suggests else "reading"))
        return pushed

    def _look(self, wanted: Wanted, progress: Progress) -> Difference:
        progress("Comparing with Label Studio")
        return compare(wanted, self.studio.tasks(self.project))

    def _carry_out(self, found: Difference, wanted: Wanted, pushed: Pushed, patience: Patience) -> bool:
        """Do what is to be done; return whether the project is known to be as it should be."""
        self._change(found, patience)
        n_deleted = self._delete(found, pushed)
        self._import(found.new, wanted, patience)
        if found.new and wanted.overlap:
            return False  # only another look tells which tasks to widen
        if not (found.new or n_deleted):
            return True
        return self.studio.counts(self.project).n_tasks == found.n_there + len(found.new) - n_deleted

    def _import(self, uids: Sequence[str], wanted: Wanted, patience: Patience) -> None:
        for start in range(0, len(uids), IMPORTED):  # each with its suggestions, which take long to make
            patience.progress("Pushing sentences", start, len(uids))
            self.studio.import_tasks(self.project, self._tasks(uids[start : start + IMPORTED], wanted))
            patience.renew()
        patience.progress("Pushing sentences", len(uids), len(uids))

    def _tasks(self, uids: Sequence[str], wanted: Wanted) -> list[Json]:
        tasks: dict[str, Json] = {uid: {"data": wanted.data(uid)} for uid in uids}
        if self.options.model is not None:
            shown = [wanted.sentences[uid][0] for uid in uids if BLIND not in tasks[uid]["data"]]
            for sentence, made in zip(shown, self.options.model(shown, self.schema), strict=True):
                if made is not None:
                    tasks[sentence.uid]["predictions"] = [made]
        return list(tasks.values())

    def _change(self, found: Difference, patience: Patience) -> None:
        """Bring the data of tasks up to date, and have some answered by two people."""
        n_changes = len(found.edited) + len(found.to_widen)
        for number, (task, data) in enumerate(found.edited.items()):
            patience.progress("Changing tasks", number, n_changes)
            self.studio.change_task(task, data=data)
            patience.renew()
        for number, (task, is_done) in enumerate(found.to_widen.items(), start=len(found.edited)):
            patience.progress("Changing tasks", number, n_changes)
            # The server does not work out anew whether another overlap makes a task done.
            self.studio.change_task(task, overlap=2, is_labeled=is_done)
            patience.renew()

    def _delete(self, found: Difference, pushed: Pushed) -> int:
        """Delete doubles, and what is gone where that is wanted; return how many tasks that was."""
        gone = found.gone if self.options.prune else []
        n_pruned, n_healed = delete_untouched(self.studio, self.project, gone, found.doubled)
        pushed.n_pruned += n_pruned
        pushed.n_healed += n_healed
        return n_pruned + n_healed
