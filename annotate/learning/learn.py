"""From labelled sentences to a network with its thresholds and figures."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from annotate.annotation import Annotation, WordScores, articles_of
from annotate.corpus.store import writing
from annotate.learning import snapshot
from annotate.learning.base import load_base
from annotate.learning.calibration import calibrated, fit_curves, fold_in
from annotate.learning.checkpoint import Trained
from annotate.learning.curve import learning_curve
from annotate.learning.deciding import choose_thresholds
from annotate.learning.device import find_device
from annotate.learning.encoding import to_examples
from annotate.learning.export import HeldOut, Original, check_export
from annotate.learning.held import Held
from annotate.learning.room import check_room, extent_of, peak_memory
from annotate.learning.starter import start_from
from annotate.learning.training import Course, new_network, warmed_up
from annotate.learning.validation import (
    Lessons,
    Validated,
    cross_validate,
    evaluate_held,
    folds_of,
    prepare,
    score_held,
)
from annotate.models.scores import to_annotation
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import to_windows
from annotate.models.training_record import DEFAULT_BASE, Cost, Recipe, TrainingData, TrainingRecord
from annotate.progress import Progress, renamed, silent
from annotate.quality.assessment import Assessment, Sides, assess
from annotate.quality.baseline import baseline
from annotate.schema import LabelSchema

_NAMED = ("annotate", "torch", "transformers", "onnxruntime")


@dataclass(frozen=True)
class Material:
    """The labels to learn from and what describes them, those to warm up on, and a folder to keep what is reached.

    With ``resume`` a training goes on from what is in the folder, else it is cleared first.

    ``annotators`` holds what every annotator said, to measure people by. ``starter`` are labels that few labels may
    start from (see ``start_from``).
    """

    labelled: Sequence[Annotation]
    data: TrainingData
    annotators: Sequence[Annotation] = ()
    warmup: Sequence[Annotation] = ()
    starter: Sequence[Annotation] = ()
    folder: Path | None = None
    resume: bool = False


@dataclass(frozen=True)
class Learned(Validated):
    """The same, calibrated, and with thresholds that the folds suggest."""

    thresholds: Thresholds


def learn(material: Material, schema: LabelSchema, recipe: Recipe, progress: Progress = silent) -> Trained:
    """Measure the recipe on articles held out in turn, then train on all of them.

    Raises:
        ModelError: The base encoder cannot be used, or not be exported.
        TrainingError: There is no such device, or not enough memory.
        StoreError: What has been reached cannot be kept, or there is not enough room on the disk.
    """
    began = time.monotonic()
    device = find_device(recipe.device)
    base = load_base(recipe.base)
    if material.folder is not None:
        of_room = recipe.model_copy(update={"folds": min(recipe.folds, len(articles_of(material.labelled)))})
        stages = (material.labelled, material.warmup, material.starter)
        extent = extent_of(*(to_windows(base.tokenizer, stage, context=recipe.context) for stage in stages))
        check_room(base, of_room, extent, device, material.folder)
    course = Course(new_network(base, schema, recipe), base, device, recipe, material.folder)
    if recipe.base != DEFAULT_BASE:
        with writing(Path(gettempdir())):
            check_export(Original(course.start.eval(), base, recipe.context), material.labelled)
    if material.folder is not None:
        snapshot.prepare(material.folder, resume=material.resume)
    if material.warmup:
        examples = to_examples(base.tokenizer, material.warmup, schema, context=recipe.context)
        course = warmed_up(course, examples, "warmup", renamed(progress, "Warming up"))
    course, started_from = start_from(material.starter, material.labelled, course, progress)
    if started_from:
        data = material.data.model_copy(update={"warmup_articles": articles_of(material.starter)})
        material = replace(material, data=data)
    lessons = prepare(course, material.labelled)
    learned = learn_all(course, lessons, progress)
    progress("Measuring")
    scores = score_held(learned.held, schema)
    record = _record(course, lessons, learned.held, scores, material)
    memory = peak_memory() + learned.memory + device.peak_memory()
    cost = Cost(seconds=round(time.monotonic() - began, 1), memory=memory, device=device.name)
    record = record.model_copy(update={"cost": cost, "started_from": started_from})
    return Trained(base, learned.network, learned.thresholds, record, scores, _held_out(learned))


def learn_all(course: Course, lessons: Lessons, progress: Progress = silent) -> Learned:
    """Let networks judge each fold of articles, then train one on all, calibrated and with thresholds by the folds."""
    schema = course.start.schema
    validated = cross_validate(course, lessons, progress)
    curves = fit_curves(validated.held, schema)
    for network in (validated.network, validated.of_last_fold):
        if network is not None:
            fold_in(curves, network)
    thresholds = choose_thresholds(calibrated(validated.held, curves, schema), schema, curves.evidence)
    return Learned(thresholds=thresholds, **vars(validated))


def _held_out(learned: Learned) -> HeldOut | None:
    """Return the last fold's network with what it learned from and what was held out from it."""
    network, held = learned.of_last_fold, learned.held
    if network is None:
        return None
    last = max(each.fold for each in held)
    learned_from = [each.truth for each in held if each.fold != last]
    return HeldOut(network, learned_from, [each.truth for each in held if each.fold == last], learned.thresholds)


def _record(
    course: Course, lessons: Lessons, held: Sequence[Held], scores: Sequence[WordScores], material: Material
) -> TrainingRecord:
    """Return what is known of a training, but its cost."""
    schema, recipe = course.start.schema, course.recipe
    evaluation = evaluate_held(held, scores, schema)
    fold_of = folds_of(lessons.labelled, recipe)
    folds = np.array([fold_of[annotation.article_id] for annotation in lessons.labelled])
    return TrainingRecord(
        data=material.data,
        recipe=recipe.settled(len(lessons.examples)).model_copy(update={"base": course.base.title}),
        evaluation=evaluation,
        measured=_assessed(held, scores, material.annotators, schema),
        baseline=baseline(lessons.labelled, fold_of, schema) if held else None,
        curve=learning_curve(lessons, folds, evaluation, schema),
        versions={package: version(package) for package in _NAMED},
    )


def _assessed(
    held: Sequence[Held], scores: Sequence[WordScores], annotators: Sequence[Annotation], schema: LabelSchema
) -> Assessment | None:
    guesses = [to_annotation(score, schema) for score in scores]
    return assess(Sides([each.truth for each in held], guesses, scores, annotators), schema) if held else None
