"""The front of the queue: sentences that "Label All Tasks" serves before all others.

Label Studio serves by the score of the suggestions, the lowest first, and sentences without a suggestion last. Where
more than one person has an account it draws by chance among those with a suggestion instead (1.23.2). So there the
chosen sentences alone keep one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from annotate.article import Article, Sentence
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project, Task
from annotate.studio.patience import Patience
from annotate.studio.pre_annotation import PreAnnotator, Refresh, is_open
from annotate.studio.queue import set_order
from annotate.studio.tasks import BLIND, Json, to_task

# How sure a model is has six digits, so that no other suggestion has a score as low, but for one of exactly 0.
_STEP = 1e-9
_FRONT = 1e-6  # above every score of the front, which has room for 999 sentences

Pair = tuple[Sentence, Article | None]  # with the article it is of, where that is known


@dataclass(frozen=True)
class FrontAnnotator(PreAnnotator):
    """A model whose suggestions for chosen sentences, by uid with their place from 0, have the lowest scores.

    With ``alone`` the others get none.
    """

    places: Mapping[str, int] = field(default_factory=dict)
    alone: bool = False

    def __call__(self, sentences: Sequence[Sentence], schema: LabelSchema) -> list[Json | None]:
        """Return the pre-annotation of each sentence (see ``PreAnnotator``)."""
        made = super().__call__(sentences, schema)
        return [self._placed(sentence.uid, one) for sentence, one in zip(sentences, made, strict=True)]

    def _placed(self, uid: str, made: Json | None) -> Json | None:
        if uid not in self.places:
            return None if self.alone else made
        return made and made | {"score": self.score(uid)}

    def score(self, uid: str) -> float:
        """Return the score of a chosen sentence's suggestion."""
        return (self.places[uid] + 1) * _STEP


class Front(Refresh):
    """Renew suggestions so that those of the chosen sentences are served first, and those chosen before no more."""

    def __init__(self, studio: Studio, project: Project, schema: LabelSchema, model: FrontAnnotator) -> None:
        super().__init__(studio, project, schema, model)
        self.front = model

    def _is_stale(self, task: Task, made: Sequence[tuple[str, float]]) -> bool:
        if task.data.get(BLIND) or (self.front.alone and task.data["uid"] not in self.front.places):
            return bool(made)
        if super()._is_stale(task, made):
            return True
        score = made[0][1]
        if task.data["uid"] in self.front.places:
            return abs(score - self.front.score(task.data["uid"])) > _STEP / 2
        return 0 < score < _FRONT


class Served(NamedTuple):
    """What came of it: how many sentences are new in the project, and whether the others keep their suggestions."""

    n_new: int
    others_shown: bool


@dataclass(frozen=True)
class Queue:
    """The queue of a project, and the model whose suggestions it shows."""

    studio: Studio
    project: Project
    schema: LabelSchema
    model: PreAnnotator

    def serve_first(self, chosen: Sequence[Pair], progress: Progress = silent) -> Served:
        """Have sentences served before all others, in their order; make tasks of those that have none.

        Raises:
            StudioError: The server refuses or is lost. What was done stays, and another call does the rest.
        """
        front = self._front({sentence.uid: place for place, (sentence, _) in enumerate(chosen)})
        patience = Patience(progress)
        before = patience(self._there)
        patience(lambda: self._import(chosen, front))
        Front(self.studio, self.project, self.schema, front)(progress)
        set_order(self.studio, self.project, "uncertainty")
        return Served(len(front.places.keys() - before), others_shown=not front.alone)

    def renew(self, progress: Progress = silent) -> int:
        """Give open tasks the model's suggestions, and leave in front what is there; return how many changed.

        Raises:
            StudioError: The server refuses or is lost. Another call does the rest.
        """
        places = Patience(progress)(self._places)
        if not places:
            return Refresh(self.studio, self.project, self.schema, self.model)(progress)
        return Front(self.studio, self.project, self.schema, self._front(places))(progress)

    def _front(self, places: Mapping[str, int]) -> FrontAnnotator:
        alone = len(self.studio.people()) > 1
        return FrontAnnotator(self.model.name, self.model.predict, places=places, alone=alone)

    def _places(self) -> dict[str, int]:
        """Return the places of open tasks that are in front, by uid, as the scores of their suggestions tell them."""
        made = self.studio.predictions(self.project).items()
        scores = ((task, score) for task, suggestions in made for _, score in suggestions)
        front = {task: round(score / _STEP) - 1 for task, score in scores if 0 < score < _FRONT}
        tasks = self.studio.tasks_among(self.project, sorted(front))
        return {str(task.data["uid"]): front[task.id] for task in tasks if is_open(task)}

    def _there(self) -> set[str]:
        """Return the uids of the project's tasks; an empty one stands for tasks without."""
        return {str(task.data.get("uid", "")) for task in self.studio.tasks(self.project)}

    def _import(self, chosen: Sequence[Pair], front: FrontAnnotator) -> None:
        """Make the tasks that are missing: looked up first, so that none is made twice after a failure."""
        there = self._there()
        new = [(sentence, article) for sentence, article in chosen if sentence.uid not in there]
        made = front([sentence for sentence, _ in new], self.schema)
        tasks = [{"data": to_task(*pair), "predictions": [one]} for pair, one in zip(new, made, strict=True)]
        self.studio.import_tasks(self.project, tasks)
