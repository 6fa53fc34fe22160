"""`annot review`: labels that are likely mistakes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotate.annotation import Annotation, WordScores
from annotate.config import Workspace
from annotate.errors import TrainingError
from annotate.inference.engine import Model
from annotate.models.training_record import read_out_of_fold, unlearned
from annotate.progress import Progress, silent
from annotate.quality.adjudication import gold
from annotate.quality.label_errors import Suspect, suspects
from annotate.wording import counted
from annotate.workflow.labels import read_labels
from annotate.workflow.score import load_chosen


@dataclass(frozen=True)
class ReviewResult:
    """Answers that are likely mistakes, worst first, of ``n_judged`` sentences that a model judged out of sample.

    ``n_left_out`` more are labelled, but the model has learned from them and kept no other word of them.
    """

    model: str
    suspects: Sequence[Suspect]
    n_judged: int
    n_left_out: int

    @property
    def summary(self) -> str:
        """What was judged, and what came of it, in a line."""
        judged = f"{self.model}: {counted(self.n_judged, 'sentence')} judged"
        left_out = f", {self.n_left_out} left out, for it learned from them" if self.n_left_out else ""
        return f"{judged}{left_out}; {counted(len(self.suspects), 'answer')} in doubt"


def review(workspace: Workspace, labels: Sequence[Path] = (), progress: Progress = silent) -> ReviewResult:
    """Find likely mistakes in label files, else in the workspace's, by the model in use.

    A sentence that it was trained on is judged by the network of the cross-validation that was not.

    Raises:
        TrainingError: There are no labels, or none that the model has not learned from.
    """
    model = load_chosen(workspace, progress)
    labelled = gold(read_labels(workspace, labels, model.schema), model.schema)
    scores = _out_of_sample(model, labelled)
    if not scores:
        raise TrainingError(
            f"{model.config.name}: it learned from every labelled sentence; train another, which keeps more"
        )
    return ReviewResult(
        model=model.config.name,
        suspects=suspects(labelled, scores, model.schema),
        n_judged=len(scores),
        n_left_out=len(labelled) - len(scores),
    )


def _out_of_sample(model: Model, labelled: Sequence[Annotation]) -> list[WordScores]:
    """Score labelled sentences by networks that have not learned from them."""
    held = {score.uid: score for score in read_out_of_fold(model.folder)}
    fresh = [a.sentence for a in unlearned(labelled, model.folder, [*held.values()])]
    return [held[a.uid] for a in labelled if a.uid in held] + model.with_words(fresh)
