"""`annot evaluate`: a model against labels of articles that it has not learned from, or a file against another."""

from collections.abc import Sequence
from pathlib import Path

from annotate.annotation import Annotation, Scores
from annotate.article import Sentence
from annotate.config import Workspace
from annotate.errors import SourceError, TrainingError
from annotate.inference.engine import Model
from annotate.models.scores import to_annotation
from annotate.models.training_record import read_out_of_fold, read_training_record, unlearned, without_texts_of
from annotate.progress import Progress, silent
from annotate.quality.adjudication import gold
from annotate.quality.assessment import Assessment, Sides, assess
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.wording import counted
from annotate.workflow.answers import read_guesses
from annotate.workflow.labels import read_labels
from annotate.workflow.score import load_chosen
from annotate.workflow.test_set import read_test_set


class EvaluateResult(Record):
    """Figures of a model's or a file's answers, and what they rest on.

    ``guesses`` names whose answers they are, ``compared`` whose they are compared with. ``n_drafts`` of the sentences
    are labelled by drafts alone. ``n_learned_from`` more do not count, for they stand in articles that the model was
    trained on, or it learned from them elsewhere; where no others are labelled, the figures are those of its training,
    cross-validated by article.
    """

    guesses: str
    compared: str | None = None
    n_drafts: int
    n_learned_from: int | None = None
    cross_validated: bool = False
    assessment: Assessment

    @property
    def title(self) -> str:
        """Whose figures they are, and what they rest on."""
        return f"{self.guesses}: {self.basis}"

    @property
    def basis(self) -> str:
        """What the figures rest on, in a line."""
        sentences = counted(self.assessment.n_sentences, "sentence")
        if self.cross_validated:
            basis = f"cross-validated by article on the {sentences} it learned from"
        elif self.n_learned_from is not None:
            basis = f"{sentences}, without {self.n_learned_from} known from its training"
        else:
            basis = f"{sentences} of {counted(self.assessment.n_articles, 'article')}"
        return f"{basis}; {self.n_drafts} are drafts of a model, not people's" if self.n_drafts else basis


def evaluate_model(
    workspace: Workspace, labels: Sequence[Path] = (), compared: str | None = None, progress: Progress = silent
) -> EvaluateResult:
    """Compare the model in use, or the one that the settings name, with label files, else with the workspace's.

    With the name or folder of a second model, both are measured, on what neither has learned from.

    Raises:
        TrainingError: There are no labels, or none of an article that no model has learned from; without label files
            given, only where a model was not measured in training either.
    """
    models = _load(workspace, compared, progress)
    schema = models[0].schema
    names = [model.config.name for model in models]
    annotations = read_labels(workspace, labels, schema)
    labelled = gold(annotations, schema)
    unseen = _unseen(labelled, models)
    if unseen:
        scores = [model([annotation.sentence for annotation in unseen]) for model in models]
        sides = _sides(unseen, scores, annotations, schema)
        return _result(names, sides, schema, n_learned_from=len(labelled) - len(unseen))
    if labels:
        raise TrainingError(f"{names[0]}: every labelled sentence is known from its training; label another article")
    held = [read_out_of_fold(model.folder) for model in models]
    judged = _in_all(labelled, held)
    if judged:
        return _result(names, _sides(judged, held, annotations, schema), schema, cross_validated=True)
    if compared is not None:
        raise TrainingError(f"{' and '.join(names)}: no labelled sentence that neither has learned from; label another")
    return _from_record(models[0])


def evaluate_test(workspace: Workspace, progress: Progress = silent) -> EvaluateResult:
    """Compare the model in use, or the one that the settings name, with the labels of the workspace's test set.

    Raises:
        TrainingError: None of it is labelled, or none that the model has not learned from.
    """
    model = load_chosen(workspace, progress)
    annotations, kept = read_labels(workspace, (), model.schema), read_test_set(workspace)
    labelled = [annotation for annotation in gold(annotations, model.schema) if annotation.uid in kept]
    if not labelled:
        raise TrainingError(f"{workspace.test_file}: none of its sentences is labelled; run `annot next`, then label")
    fresh = unlearned(labelled, model.folder, read_out_of_fold(model.folder))
    if not fresh:
        raise TrainingError(
            f"{model.config.name}: it learned from every article of the test set; train another, of more than one "
            "article and without --with-test"
        )
    sides = _sides(fresh, [model([annotation.sentence for annotation in fresh])], annotations, model.schema)
    return _result([model.config.name], sides, model.schema)


def evaluate_file(
    workspace: Workspace, guesses: Path, against: Sequence[Path] = (), compared: Path | None = None
) -> EvaluateResult:
    """Compare a file of annotations or scores with label files, else with the workspace's labels.

    With a second such file, the two are compared with each other too.

    Raises:
        SourceError: A file is broken, or has no sentence that is labelled.
        TrainingError: There are no labels.
    """
    schema = LabelSchema.read(workspace.schema_file)
    annotations = read_labels(workspace, against, schema)
    files = [guesses] if compared is None else [guesses, compared]
    answers = [read_guesses(workspace, file, schema) for file in files]
    judged = _in_all(gold(annotations, schema), [each.annotations for each in answers])
    if not judged:
        raise SourceError(f"{' and '.join(map(str, files))}: no sentence that is labelled; check --against")
    others = answers[1].annotations if compared is not None else ()
    sides = Sides(judged, answers[0].annotations, answers[0].scores, annotations, others)
    return _result([file.name for file in files], sides, schema)


def _load(workspace: Workspace, compared: str | None, progress: Progress) -> list[Model]:
    models = [load_chosen(workspace, progress)]
    if compared is not None:
        settings = workspace.settings.model_copy(update={"model": compared})
        models.append(load_chosen(workspace.model_copy(update={"settings": settings}), progress))
    return models


def _unseen(labelled: Sequence[Annotation], models: Sequence[Model]) -> list[Annotation]:
    """Return the labels of articles, and of texts, that none of the models has learned from."""
    known = {article for model in models for article in read_training_record(model.folder).data.learned_from}
    learned = [sentence for model in models for sentence in read_out_of_fold(model.folder)]
    return [each for each in without_texts_of(learned, labelled) if each.article_id not in known]


def _in_all(labelled: Sequence[Annotation], others: Sequence[Sequence[Sentence]]) -> list[Annotation]:
    """Return the labels of the sentences that stand in each of some lists."""
    uids = [{sentence.uid for sentence in mine} for mine in others]
    return [annotation for annotation in labelled if all(annotation.uid in each for each in uids)]


def _sides(
    truth: Sequence[Annotation],
    scores: Sequence[Sequence[Scores]],
    annotators: Sequence[Annotation],
    schema: LabelSchema,
) -> Sides:
    """Set one or two models' scores against the truth."""
    guesses = [[to_annotation(score, schema) for score in mine] for mine in scores]
    return Sides(truth, guesses[0], scores[0], annotators, guesses[1] if len(guesses) > 1 else ())


def _result(
    names: Sequence[str],
    sides: Sides,
    schema: LabelSchema,
    n_learned_from: int | None = None,
    *,
    cross_validated: bool = False,
) -> EvaluateResult:
    return EvaluateResult(
        guesses=names[0],
        compared=names[1] if len(names) > 1 else None,
        n_drafts=sum(annotation.origin == "draft" for annotation in sides.truth),
        n_learned_from=n_learned_from,
        cross_validated=cross_validated,
        assessment=assess(sides, schema),
    )


def _from_record(model: Model) -> EvaluateResult:
    """Return the figures that a training left, where no labelled sentence has a score of its cross-validation."""
    record = read_training_record(model.folder)
    if record.measured is None:
        raise TrainingError(
            f"{model.config.name}: every labelled sentence is known from its training; label another article"
        )
    return EvaluateResult(
        guesses=model.config.name,
        n_drafts=record.data.origins.get("draft", 0),
        cross_validated=True,
        assessment=record.measured,
    )
