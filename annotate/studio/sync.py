"""Sentences to Label Studio and labels back, so that doing it again changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotate.annotation import Predict, check_answers
from annotate.article import Article, Sentence
from annotate.errors import ConfigError, StudioError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Project, Studio, Task
from annotate.studio.tasks import Json, Pulled, from_export, to_prediction, to_sentence, to_task
from annotate.wording import counted

_BATCH = 250  # tasks a request: little is lost when one fails, and more would be no faster

Sentences = tuple[Article | None, Sequence[Sentence]]  # with the article they are of, where it is known


@dataclass(frozen=True)
class PreAnnotator:
    """A model that pre-annotates, by the name that its pre-annotations carry."""

    name: str
    predict: Predict


@dataclass(frozen=True)
class Pushed:
    """What a push did: tasks made, sentences that had theirs already, and pre-annotations renewed."""

    project: Project
    n_new: int
    n_unchanged: int
    n_refreshed: int

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        renewed = f", {counted(self.n_refreshed, 'pre-annotation')} renewed" if self.n_refreshed else ""
        return f"{self.n_new} new, {self.n_unchanged} unchanged{renewed}"


def open_project(studio: Studio, title: str, schema: LabelSchema, instruction: str) -> Project:
    """Return the project of that title, made where there is none, with the schema's labeling configuration.

    Raises:
        StudioError: The project is somebody else's, or answers would be lost by changing its configuration.
    """
    project = studio.find_project(title)
    if project is None:
        return studio.create_project(title, schema.xml, instruction)
    if project.config.strip() != schema.xml.strip():
        _refuse_loss(studio, project, schema)
        studio.set_config(project, schema.xml)
    if project.instruction != instruction:
        studio.set_instruction(project, instruction)
    return project


def _asks(project: Project, schema: LabelSchema) -> bool:
    try:
        return LabelSchema.parse(project.config).asks_the_same_as(schema)
    except ConfigError:
        return False


def _refuse_loss(studio: Studio, project: Project, schema: LabelSchema) -> None:
    """Raise ``StudioError`` when there are answers that the schema has no place for; the server looks at some only."""
    try:
        asked = LabelSchema.parse(project.config)
    except ConfigError as error:
        if next(studio.tasks(project), None) is None:
            return
        raise StudioError(f"project '{project.title}' is not annot's; choose another with --project") from error
    for annotation in from_export(studio.export(project), asked).annotations:
        try:
            check_answers(annotation.answers, schema)
        except ConfigError as error:
            raise StudioError(f"project '{project.title}': answers would be lost: {error}; put it back") from error


class Push:
    """A push into one project, with a model to pre-annotate or without."""

    def __init__(
        self, studio: Studio, project: Project, schema: LabelSchema, pre_annotator: PreAnnotator | None = None
    ) -> None:
        self.studio = studio
        self.project = project
        self.schema = schema
        self.pre_annotator = pre_annotator

    def __call__(self, articles: Sequence[Sentences], progress: Progress = silent) -> Pushed:
        """Make a task of every sentence that has none.

        Tasks that nobody has labelled get pre-annotations of the model where they have none, and the model's become
        the ones that are shown.

        Raises:
            StudioError: The server refuses or is lost. What was made stays, and another push makes the rest.
        """
        progress("Comparing with Label Studio")
        there = {task.data.get("uid"): task for task in self.studio.tasks(self.project)}
        wanted = {sentence.uid: (sentence, article) for article, mine in articles for sentence in mine}
        new = [pair for uid, pair in wanted.items() if uid not in there]
        for start in range(0, len(new), _BATCH):
            progress("Pushing sentences", start, len(new))
            self.studio.import_tasks(self.project, self._tasks(new[start : start + _BATCH]))
        progress("Pushing sentences", len(new), len(new))
        n_refreshed = self._refresh(list(there.values()), progress)
        return Pushed(self.project, len(new), len(wanted) - len(new), n_refreshed)

    def _tasks(self, pairs: Sequence[tuple[Sentence, Article | None]]) -> list[Json]:
        tasks: list[Json] = [{"data": to_task(sentence, article)} for sentence, article in pairs]
        if self.pre_annotator is not None:
            scores = self.pre_annotator.predict([sentence for sentence, _ in pairs])
            for task, score in zip(tasks, scores, strict=True):
                task["predictions"] = [to_prediction(score, self.schema)]
        return tasks

    def _refresh(self, there: Sequence[Task], progress: Progress) -> int:
        model = self.pre_annotator
        if model is None:
            return 0
        open_tasks = [task for task in self._without(model, there) if not task.is_labeled and "uid" in task.data]
        for start in range(0, len(open_tasks), _BATCH):
            progress("Renewing pre-annotations", start, len(open_tasks))
            batch = open_tasks[start : start + _BATCH]
            scores = model.predict([to_sentence(task.data) for task in batch])
            predictions = [
                to_prediction(score, self.schema) | {"task": task.id} for task, score in zip(batch, scores, strict=True)
            ]
            self.studio.import_predictions(self.project, predictions)
        if model.name != self.project.shown_version:
            self.studio.show_version(self.project, model.name)
        return len(open_tasks)

    def _without(self, model: PreAnnotator, there: Sequence[Task]) -> list[Task]:
        """Return the tasks that the model has not pre-annotated."""
        if model.name == self.project.shown_version:
            return [task for task in there if not task.is_pre_annotated]
        done = self.studio.pre_annotated(self.project, model.name)
        return [task for task in there if task.id not in done]


def pull(studio: Studio, title: str, schema: LabelSchema) -> Pulled:
    """Return everything that people have submitted; raises ``StudioError`` when there is no such project."""
    project = studio.find_project(title)
    if project is None:
        raise StudioError(f"{studio.url}: no project named '{title}'; make it with `annot push SOURCE`")
    if not _asks(project, schema):
        raise ConfigError(f"project '{title}' asks other questions than the labeling configuration; run `annot push`")
    return from_export(studio.export(project), schema)
