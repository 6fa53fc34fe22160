"""What a profile knows beside a model's scores: people's answers, and how the model errs."""

from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.models.folder import METRICS
from annotate.models.scores import to_annotation
from annotate.models.training_record import TrainingRecord, read_out_of_fold, read_training_record
from annotate.quality.adjudication import gold
from annotate.quality.bootstrap import Floats
from annotate.quality.tallies import pair_up, tally
from annotate.schema import LabelSchema
from annotate.scoring.adjusted import Confusion, Errors, design_effect
from annotate.scoring.people import People
from annotate.scoring.profile import Evidence
from annotate.workflow.labels import read_labels

_KNOWN = 0.9  # of the sentences that a model was measured on, the part whose labels must still be there


def load_evidence(
    workspace: Workspace, schema: LabelSchema, model: Path | None, labels: Sequence[Path] = ()
) -> Evidence:
    """Read people's answers from label files, else from the workspace's, and the errors of a model from its folder.

    Raises:
        SourceError: A file of labels is broken, or holds answers to other questions.
        ModelError: The model's folder is broken.
    """
    answers = known_answers(workspace, schema, labels)
    return Evidence(people_of(answers), errors_of(model, answers, schema), learned_by(model))


def known_answers(workspace: Workspace, schema: LabelSchema, labels: Sequence[Path] = ()) -> list[Annotation]:
    """Read one answer a sentence from label files, else from the workspace's, where there are any."""
    known = labels or workspace.label_files or workspace.gold_file.is_file()
    return gold(read_labels(workspace, labels, schema), schema) if known else []


def people_of(answers: Sequence[Annotation]) -> People:
    """Return the answers of people; drafts of a model are none."""
    return {answer.uid: answer for answer in answers if answer.origin != "draft"}


def learned_by(model: Path | None) -> Set[str]:
    """Return the ids of the articles that a model has learned from."""
    return set(read_training_record(model).data.learned_from) if _is_told(model) and model else set()


def errors_of(model: Path | None, answers: Sequence[Annotation], schema: LabelSchema) -> Errors:
    """Return how a model erred by label where cross-validation measured it.

    It is known by article where the labels that it was measured on are at hand.
    """
    if model is None or not _is_told(model):
        return {}
    record = read_training_record(model)
    if record.evaluation is None:
        return {}
    found = dict(_counted(record, schema))
    pairs = pair_up(answers, [to_annotation(score, schema) for score in read_out_of_fold(model)])
    for question in schema.questions:
        for label in question.names:
            by_article = tally(pairs, question, label)["sentences"]
            if label in found and by_article.sum() >= _KNOWN * (found[label].n_positive + found[label].n_negative):
                found[label] = _by_article(by_article)
    return found


def _is_told(model: Path | None) -> bool:
    """Tell whether a model's folder says how it was trained."""
    return model is not None and (model / METRICS).is_file()


def _counted(record: TrainingRecord, schema: LabelSchema) -> list[tuple[str, Confusion]]:
    evaluation = record.evaluation or {}
    known = [(label.name, evaluation[label.name]) for label in schema.labels if label.name in evaluation]
    return [
        (
            name,
            Confusion(
                n_positive=each.n_positive,
                n_found=each.sentences.true_positive,
                n_negative=each.n_sentences - each.n_positive,
                n_alarms=each.sentences.false_positive,
            ),
        )
        for name, each in known
        if each.n_sentences
    ]


def _by_article(counts: Floats) -> Confusion:
    hits, alarms, misses, rejections = np.moveaxis(counts, -1, 0)
    return Confusion(
        n_positive=float((hits + misses).sum()),
        n_found=float(hits.sum()),
        n_negative=float((alarms + rejections).sum()),
        n_alarms=float(alarms.sum()),
        positive_effect=design_effect(hits, hits + misses),
        negative_effect=design_effect(alarms, alarms + rejections),
    )
