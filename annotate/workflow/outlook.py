"""Whether more labels pay: the learning curve of a workspace's models, beside what its annotators reach."""

from collections.abc import Iterable, Sequence

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.inference.engine import Model
from annotate.models.training_record import TrainingRecord, read_training_record
from annotate.quality.ceiling import ceiling
from annotate.selection.outlook import Outlook, Point, outlooks
from annotate.workflow.model import list_models


def labelling_outlook(workspace: Workspace, model: Model, annotations: Sequence[Annotation]) -> list[Outlook]:
    """Return what more labels are expected to bring a model, label by label; nothing where it was not measured."""
    own = read_training_record(model.folder)
    others = [listed.record for listed in list_models(workspace) if listed.record is not None]
    reached = ceiling(annotations, {annotation.uid for annotation in annotations}, model.schema)
    people = {label: figures["f1"].mean for label, figures in reached.labels.items() if "f1" in figures}
    return outlooks(learning_curve(own, others), people)


def learning_curve(own: TrainingRecord, others: Iterable[TrainingRecord]) -> list[Point]:
    """Return what was reached with how many sentences: by a model, and by others of its recipe that had fewer."""
    if own.evaluation is None:
        return []
    now = own.data.n_sentences
    comparable = [
        record
        for record in others
        if record.recipe == own.recipe
        and record.data.n_sentences < now
        and record.evaluation is not None
        and record.evaluation.keys() == own.evaluation.keys()
    ]
    points = [
        Point(
            record.data.n_sentences,
            {label: found.sentences.f1 or 0.0 for label, found in (record.evaluation or {}).items()},
        )
        for record in [*comparable, own]
    ]
    return sorted(points, key=lambda point: point.n)
