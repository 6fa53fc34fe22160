"""Pre-annotations: what a model suggests for a task, and renewing that for tasks that nobody has answered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from annotate.annotation import Predict
from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project, Task
from annotate.studio.patience import Patience
from annotate.studio.tasks import BLIND, Json, is_annots, to_prediction, to_sentence

_BATCH = 250  # tasks a request


@dataclass(frozen=True)
class PreAnnotator:
    """A model that pre-annotates, by the name that its pre-annotations carry.

    One that is less sure of its answers than ``min_score`` (0 to 1) says nothing.
    """

    name: str
    predict: Predict
    min_score: float = 0

    def __call__(self, sentences: Sequence[Sentence], schema: LabelSchema) -> list[Json | None]:
        """Return the pre-annotation of each sentence, or ``None`` where the model says nothing.

        Raises:
            ModelError: The model answers about other sentences than it was asked about.
            ConfigError: Its answers do not fit the questions.
        """
        found = list(self.predict(sentences))
        if [(one.uid, one.text) for one in found] != [(one.uid, one.text) for one in sentences]:
            raise ModelError(f"model '{self.name}' answers about other sentences than it was asked about")
        made = [to_prediction(scores, schema) | {"model_version": self.name} for scores in found]
        return [one if one["score"] >= self.min_score else None for one in made]


class Refresh:
    """Renew the pre-annotations of a project's open tasks: those that nobody has answered or skipped.

    Blind tasks get none. Tasks with answers keep the pre-annotation that the answers came from.
    """

    def __init__(self, studio: Studio, project: Project, schema: LabelSchema, model: PreAnnotator) -> None:
        self.studio = studio
        self.project = project
        self.schema = schema
        self.model = model
        self.is_shown = project.shown_version == model.name
        self.n_done = 0

    def __call__(self, progress: Progress = silent) -> int:
        """Give open tasks the model's pre-annotation in place of all others; return how many changed.

        Raises:
            StudioError: The server refuses or is lost. Another call does the rest.
        """
        patience = Patience(progress)
        return patience(lambda: self._round(patience, progress))

    def _round(self, patience: Patience, progress: Progress) -> int:
        made = self.studio.predictions(self.project)
        if any(version == self.model.name for each in made.values() for version, _ in each):
            self._show()
        stale = [task.id for task in self._open() if self._is_stale(task, made.get(task.id, []))]
        del made
        for start in range(0, len(stale), _BATCH):
            progress("Renewing pre-annotations", start, len(stale))
            # Anew, for somebody may have answered one in the meantime.
            tasks = self.studio.tasks_among(self.project, stale[start : start + _BATCH])
            self._renew([task for task in tasks if is_open(task)])
            patience.renew()
        return self.n_done

    def _open(self) -> Iterable[Task]:
        return (task for task in self.studio.tasks(self.project) if is_open(task))

    def _is_stale(self, task: Task, made: Sequence[tuple[str, float]]) -> bool:
        """Tell whether a task has anything but one pre-annotation of this model that is good enough."""
        if task.data.get(BLIND):
            return bool(made)
        return len(made) != 1 or made[0][0] != self.model.name or made[0][1] < self.model.min_score

    def _renew(self, tasks: Sequence[Task]) -> None:
        asked = [task for task in tasks if not task.data.get(BLIND)]
        made = self.model([to_sentence(task.data) for task in asked], self.schema)
        new = [one | {"task": task.id} for task, one in zip(asked, made, strict=True) if one is not None]
        had = [task.id for task in tasks if task.n_predictions]
        self.studio.delete_predictions(self.project, had)
        if new:
            self.studio.import_predictions(self.project, new)
            self._show()
        self.n_done += len({one["task"] for one in new} | set(had))

    def _show(self) -> None:
        """Make the model's pre-annotations the ones that annotators see; the server must know one of them."""
        if not self.is_shown:
            self.studio.show_version(self.project, self.model.name)
            self.is_shown = True


def is_open(task: Task) -> bool:
    """Tell whether a task is one of ours that nobody has answered or skipped."""
    return is_annots(task.data) and task.n_submitted == 0
