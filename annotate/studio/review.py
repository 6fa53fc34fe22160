"""Answers in doubt to Label Studio: a task a sentence, worst first, with what was answered as its pre-annotation."""

from collections.abc import Sequence

from annotate.annotation import Annotation, LabelledSpan, ScoredSpan, Scores
from annotate.progress import Progress, silent
from annotate.quality.label_errors import Suspect
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.tasks import Json, to_prediction, to_task

_GIVEN = "given"  # under which the answers in doubt are shown


def push_for_review(
    studio: Studio, project: Project, found: Sequence[Suspect], schema: LabelSchema, progress: Progress = silent
) -> int:
    """Make a task of every sentence that has none, in the order of the suspects, and return how many are new.

    A task's data say what is in doubt, for the data manager; annotators are shown the answers that were given, and not
    what the model would say instead.
    """
    there = {task.data.get("uid") for task in studio.tasks(project)}
    by_sentence: dict[str, list[Suspect]] = {}
    for suspect in found:
        by_sentence.setdefault(suspect.uid, []).append(suspect)
    new = [to_review_task(mine, schema) for uid, mine in by_sentence.items() if uid not in there]
    progress("Pushing sentences", 0, len(new))
    studio.import_tasks(project, new)
    progress("Pushing sentences", len(new), len(new))
    if project.shown_version != _GIVEN and new:
        studio.show_version(project, _GIVEN)
    return len(new)


def to_review_task(mine: Sequence[Suspect], schema: LabelSchema) -> Json:
    """Return the task of one sentence's suspects, which come worst first."""
    worst = mine[0]
    data = to_task(worst.sentence, None) | {"in_doubt": "; ".join(f"{each.label}: {each.why}" for each in mine)}
    prediction = to_prediction(_as_scores(worst, schema), schema)
    # What was not answered is not to be shown as answered with "none".
    result = [item for item in prediction["result"] if item["from_name"] in worst.answers]
    return {"data": data, "predictions": [prediction | {"result": result, "score": worst.quality}]}


def _as_scores(given: Annotation, schema: LabelSchema) -> Scores:
    """Return answers as a model that is sure of them would give them."""
    items = [item for answer in given.answers.values() for item in answer]
    spans = tuple(ScoredSpan(**dict(span), score=1) for span in items if isinstance(span, LabelledSpan))
    carried = {item.label if isinstance(item, LabelledSpan) else item for item in items}
    order = [label.name for label in schema.labels]
    return Scores(
        **dict(given.sentence),
        model=_GIVEN,
        labels={name: float(name in carried) for name in order},
        spans=spans,
        decided=tuple(name for name in order if name in carried),
    )
