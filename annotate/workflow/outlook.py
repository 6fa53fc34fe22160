"""Whether more labels pay: a model's learning curve, beside what the annotators reach."""

from collections.abc import Sequence

from annotate.annotation import Annotation
from annotate.inference.engine import Model
from annotate.models.training_record import read_training_record
from annotate.quality.ceiling import ceiling
from annotate.selection.outlook import Outlook, outlooks


def labelling_outlook(model: Model, annotations: Sequence[Annotation]) -> list[Outlook]:
    """Return what more labels are expected to bring a model, label by label; nothing where it has no learning curve."""
    curve = read_training_record(model.folder).curve
    if curve is None:
        return []
    reached = ceiling(annotations, {annotation.uid for annotation in annotations}, model.schema)
    people = {label: figures["f1"].mean for label, figures in reached.labels.items() if "f1" in figures}
    return outlooks(curve, people)
