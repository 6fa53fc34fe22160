"""A new model against the one in use, on sentences that neither has learned from."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from annotate.annotation import Annotation, Scores
from annotate.config import Workspace
from annotate.models.folder import read_schema
from annotate.models.scores import to_annotation
from annotate.models.training_record import read_out_of_fold, read_training_record, without_texts_of
from annotate.progress import Progress, silent
from annotate.quality.comparison import shared
from annotate.quality.evaluation import evaluate
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.workflow.score import load_exported


class Rivalry(Record):
    """The mean F1 of a new model and of its ``rival`` on the same ``n_sentences``, over the labels that these carry.

    Without such sentences there is none. ``forgotten`` are labels that the rival has learned, and the new one has not.
    """

    rival: str
    n_sentences: int
    f1: float | None
    rival_f1: float | None
    forgotten: tuple[str, ...] = ()

    @property
    def is_worse(self) -> bool:
        """Whether the new model is worse than its rival."""
        return bool(self.forgotten) or (self.f1 or 0.0) < (self.rival_f1 or 0.0)

    @property
    def summary(self) -> str:
        """How they compare, in words."""
        relation = "worse than" if self.is_worse else "at least as good as"
        return f"{relation} '{self.rival}': {'; '.join(self._reasons)}"

    @property
    def _reasons(self) -> Iterator[str]:
        if self.forgotten:
            yield f"it has not learned {', '.join(map(repr, self.forgotten))}, which '{self.rival}' has"
        if self.f1 is not None and self.rival_f1 is not None:
            yield f"mean F1 {self.f1:.3f} and {self.rival_f1:.3f} on the same {self.n_sentences} sentences"


def rivalry(
    workspace: Workspace, new: Path, rival: Path, labelled: Sequence[Annotation], progress: Progress = silent
) -> Rivalry | None:
    """Compare two models; ``None`` where they have no such sentences, and no label was forgotten.

    Raises:
        AnnotError: The rival is gone or broken, cannot answer the questions, or cannot be exported.
    """
    schema = read_schema(rival, LabelSchema.read(workspace.schema_file))
    known = _unlearned(workspace, rival, labelled, progress)
    mine = {score.uid: score for score in read_out_of_fold(new)}
    judged = [each for each in labelled if each.uid in known and each.uid in mine]
    forgotten = _forgotten(new, rival, schema)
    nothing = Rivalry(rival=rival.name, n_sentences=0, f1=None, rival_f1=None, forgotten=forgotten)
    if not judged:
        return nothing if forgotten else None
    new_says, rival_says = ([to_annotation(scores[each.uid], schema) for each in judged] for scores in (mine, known))
    pairs = ((new_says, rival_says), (rival_says, new_says))
    sides = [_evaluated(judged, shared(*pair, schema), schema) for pair in pairs]
    if not sides[0]:
        return nothing if forgotten else None
    ours, theirs = (round(sum(side.values()) / len(side), 6) for side in sides)
    return nothing.model_copy(update={"n_sentences": len(judged), "f1": ours, "rival_f1": theirs})


def _forgotten(new: Path, rival: Path, schema: LabelSchema) -> tuple[str, ...]:
    """Return the labels of a schema that a rival has learned, and a new model has not."""
    mine, theirs = (read_training_record(folder).data.labels for folder in (new, rival))
    return tuple(label.name for label in schema.labels if label.name in theirs and label.name not in mine)


def _unlearned(
    workspace: Workspace, folder: Path, labelled: Sequence[Annotation], progress: Progress
) -> dict[str, Scores]:
    """Return what a model says of sentences that it has not learned from: held out once, or of articles new to it."""
    learned, held = read_training_record(folder).data.learned_from, read_out_of_fold(folder)
    others = [each.sentence for each in without_texts_of(held, labelled) if each.article_id not in learned]
    fresh = load_exported(workspace, folder, progress)(others) if others else []
    return {score.uid: score for score in (*held, *fresh)}


def _evaluated(truth: Sequence[Annotation], said: Sequence[Annotation], schema: LabelSchema) -> dict[str, float]:
    """Return the F1 of each label that some sentence carries; of others it is defined only once there is a mistake."""
    found = evaluate(truth, said, schema)
    return {name: each.sentences.f1 or 0.0 for name, each in found.items() if each.n_positive}
