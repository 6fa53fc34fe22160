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

    They are over ``n_sentences``, of which ``n_drafts`` are labelled by drafts alone. ``n_learned_from`` more stand in
    articles that the model was trained on and do not count; where no others are labelled, the figures are those of
    its training, cross-validated by article.
    """

    model: str
    evaluation: Evaluation
    n_sentences: int
    n_drafts: int
    n_learned_from: int
    cross_validated: bool

    @property
    def basis(self) -> str:
        """What the figures rest on, in a line."""
        if self.cross_validated:
            basis = f"cross-validated by article on the {counted(self.n_sentences, 'sentence')} it learned from"
        else:
            basis = (
                f"{counted(self.n_sentences, 'sentence')}, without {self.n_learned_from} of articles it learned from"
            )
        return f"{basis}; {self.n_drafts} are drafts of a model, not people's" if self.n_drafts else basis


def evaluate_model(workspace: Workspace, labels: Sequence[Path] = (), progress: Progress = silent) -> EvaluateResult:
    """Compare the model in use, or the one that the settings name, with label files, else with the workspace's.

    Raises:
        TrainingError: There are no labels, or none of an article that the model has not learned from; without label
            files given, only where the model was not measured in training either.
    """
    model = load_chosen(workspace, progress)
    record = read_training_record(model.folder)
    labelled = gold(read_labels(workspace, labels, model.schema), model.schema)
    known = set(record.data.articles)
    unseen = [annotation for annotation in labelled if annotation.article_id not in known]
    if unseen:
        guesses = [to_annotation(score, model.schema) for score in model([a.sentence for a in unseen])]
        figures = evaluate(unseen, guesses, model.schema)
        n_drafts = sum(annotation.origin == "draft" for annotation in unseen)
        n_left = len(labelled) - len(unseen)
        return EvaluateResult(model.config.name, figures, len(unseen), n_drafts, n_left, cross_validated=False)
    if labels or record.evaluation is None:
        raise TrainingError(f"{model.config.name}: every labelled article is one it learned from; label another first")
    data = record.data
    n_drafts = data.origins.get("draft", 0)
    return EvaluateResult(model.config.name, record.evaluation, data.n_sentences, n_drafts, 0, cross_validated=True)
