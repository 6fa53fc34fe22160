"""`annot evaluate`: a model against labels of articles that it has not learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotate.config import Workspace
from annotate.errors import TrainingError
from annotate.models.scores import to_annotation
from annotate.models.training_record import read_training_record
from annotate.progress import Progress, silent
from annotate.quality.adjudication import gold
from annotate.quality.evaluation import Evaluation, evaluate
from annotate.wording import counted
from annotate.workflow.labels import read_labels
from annotate.workflow.score import load_chosen


@dataclass(frozen=True)
class EvaluateResult:
    """Figures by label, and what they rest on.

    Of ``n_sentences`` labelled ones, ``n_learned_from`` stand in articles that the model was trained on and do not
    count. Where that leaves none, the figures are the model's own from cross-validation by article.
    """

    model: str
    evaluation: Evaluation
    n_sentences: int
    n_learned_from: int
    n_drafts: int

    @property
    def cross_validated(self) -> bool:
        """Whether the figures are those of the model's training."""
        return self.n_sentences == self.n_learned_from

    @property
    def basis(self) -> str:
        """What the figures rest on, in a line."""
        if self.cross_validated:
            basis = f"cross-validated by article, for it learned from all {counted(self.n_sentences, 'sentence')}"
        else:
            unseen = self.n_sentences - self.n_learned_from
            basis = f"{counted(unseen, 'sentence')}, without {self.n_learned_from} of articles it learned from"
        return f"{basis}; {self.n_drafts} are drafts of a model, not people's" if self.n_drafts else basis


def evaluate_model(workspace: Workspace, labels: Sequence[Path] = (), progress: Progress = silent) -> EvaluateResult:
    """Compare the model in use, or the one that the settings name, with label files, else with the workspace's.

    Raises:
        TrainingError: There are no labels, or only of articles that the model was trained on without being measured.
    """
    model = load_chosen(workspace, progress)
    record = read_training_record(model.folder)
    labelled = gold(read_labels(workspace, labels, model.schema), model.schema)
    known = set(record.data.articles)
    unseen = [annotation for annotation in labelled if annotation.article_id not in known]
    if unseen:
        guesses = [to_annotation(score, model.schema) for score in model([a.sentence for a in unseen])]
        figures: Evaluation | None = evaluate(unseen, guesses, model.schema)
    else:
        figures = record.evaluation
    if figures is None:
        raise TrainingError(f"{model.config.name}: every labelled article is one it learned from; label another first")
    n_drafts = sum(annotation.origin == "draft" for annotation in unseen or labelled)
    return EvaluateResult(model.config.name, figures, len(labelled), len(labelled) - len(unseen), n_drafts)
