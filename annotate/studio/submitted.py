"""What people submitted to a project, in the ways that its status asks for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from annotate.annotation import Annotation, Scores
from annotate.article import Sentence
from annotate.models.scores import to_annotation
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.studio.pace import Submission
from annotate.studio.tasks import Json, annotator_of, to_answered, to_pulled

# What a model of that name says of sentences; ``None`` where it cannot be asked.
Suggest = Callable[[str, Sequence[Sentence]], Sequence[Scores] | None]


class Acceptance(Record):
    """How many answers there are, and how many of them are the model's suggestion as it was."""

    n_answers: int
    n_as_suggested: int


class Submitted:
    """What people submitted, in the ways that it is asked for."""

    def __init__(self, exported: Sequence[Json], schema: LabelSchema) -> None:
        self.annotations: list[Annotation] = to_pulled(to_answered(task, schema) for task in exported).annotations
        self.done: dict[str, set[str]] = defaultdict(set)
        self.skipped: dict[str, set[str]] = defaultdict(set)
        self.moments: dict[str, list[Submission]] = defaultdict(list)
        self.shown: dict[str, Counter[str]] = defaultdict(Counter)
        self.blind_uids = {task["data"].get("uid") for task in exported if task["data"].get("blind")}
        for task in exported:
            for submitted in task["annotations"]:
                self._count(task["data"], submitted)

    def _count(self, data: Json, submitted: Json) -> None:
        who = annotator_of(submitted)
        (self.skipped if submitted.get("was_cancelled") else self.done)[data.get("uid", "")].add(who)
        at = datetime.fromisoformat(submitted["created_at"])
        self.moments[who].append(Submission(at, submitted.get("lead_time")))
        model = (submitted.get("prediction") or {}).get("model_version")
        if model:
            self.shown[data.get("article_id", "")][model] += 1

    @property
    def annotators(self) -> list[str]:
        """Who submitted anything, by number."""
        return sorted(self.moments, key=lambda who: int(who.partition(":")[2]))

    def suggested(self, who: str) -> Acceptance:
        """Return how many of somebody's answers that began with a suggestion left it as it was."""
        origins = [each.origin for each in self.annotations if each.annotator == who and each.origin != "manual"]
        return Acceptance(n_answers=len(origins), n_as_suggested=origins.count("prediction"))

    def blind(self, suggest: Suggest, schema: LabelSchema) -> dict[str, Acceptance]:
        """Return by annotator how many blind answers are what the model would have suggested.

        The model is the one whose suggestions were shown in the same article, so that both are about the same one.
        """
        found: dict[str, list[bool]] = defaultdict(list)
        for model, mine in self._blind_by_model().items():
            scores = suggest(model, [annotation.sentence for annotation in mine])
            for annotation, score in zip(mine, scores or [], strict=False):
                same = _as_sets(annotation) == _as_sets(to_annotation(score, schema))
                found[annotation.annotator].append(same)
        return {who: Acceptance(n_answers=len(same), n_as_suggested=sum(same)) for who, same in found.items()}

    def _blind_by_model(self) -> Mapping[str, list[Annotation]]:
        mine: dict[str, list[Annotation]] = defaultdict(list)
        for annotation in self.annotations:
            models = self.shown[annotation.article_id].most_common(1)
            if annotation.uid in self.blind_uids and models:
                mine[models[0][0]].append(annotation)
        return mine


def _as_sets(annotation: Annotation) -> dict[str, frozenset[object]]:
    return {question: frozenset(answer) for question, answer in annotation.answers.items()}
