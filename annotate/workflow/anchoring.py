"""`annot anchoring`: what it does to answers that annotators see suggestions."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.corpus.ingest import unheard
from annotate.corpus.readers.item import Note
from annotate.errors import ModelError, TrainingError
from annotate.inference.engine import load_model
from annotate.models.scores import to_annotation
from annotate.progress import Progress, silent
from annotate.quality.anchoring import Anchoring, anchoring
from annotate.quality.ceiling import is_of_a_person
from annotate.schema import LabelSchema
from annotate.workflow.labels import read_labels


def measure_anchoring(
    workspace: Workspace, labels: Sequence[Path] = (), progress: Progress = silent, note: Note = unheard
) -> Anchoring:
    """Compare answers given with a suggestion and without, in label files, else in the workspace's.

    What the model that was shown most says of every sentence is found out anew; where it is gone, a note says so and
    what rests on it is left out.

    Raises:
        TrainingError: There are no labels, or none of a person.
    """
    schema = LabelSchema.read(workspace.schema_file)
    annotations = [each for each in read_labels(workspace, labels, schema) if is_of_a_person(each)]
    if not annotations:
        raise TrainingError("none of the labels is a person's; label sentences in Label Studio, then run `annot pull`")
    return anchoring(annotations, schema, _suggestions(workspace, annotations, schema, progress, note))


def _suggestions(
    workspace: Workspace, annotations: Sequence[Annotation], schema: LabelSchema, progress: Progress, note: Note
) -> dict[str, Annotation] | None:
    """Return by sentence what the model says that was shown most, leaving out sentences where another was shown."""
    shown = Counter(each.shown for each in annotations if each.shown is not None)
    if not shown:
        return None
    name = shown.most_common(1)[0][0]
    try:
        model = load_model(workspace.models / name, schema, progress)
    except ModelError as error:
        note(f"not measured: how far answers follow what is suggested: {error}")
        return None
    wanted = {each.uid: each.sentence for each in annotations if each.shown in (None, name)}
    return {score.uid: to_annotation(score, schema) for score in model(list(wanted.values()))}
