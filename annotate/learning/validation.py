"""What a recipe achieves on articles it has not seen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import numpy.typing as npt

from annotate.annotation import Annotation, WordScores
from annotate.learning.calibration import calibrated, fit_curves, fold_in
from annotate.learning.deciding import choose_thresholds
from annotate.learning.encoding import Example, to_examples
from annotate.learning.held import Held, Taught
from annotate.learning.level import level_with
from annotate.learning.network import Network
from annotate.learning.parallel import Job, fit_all
from annotate.learning.probe import Floats, vectors_of
from annotate.learning.training import Course, predict
from annotate.models.scores import to_annotation, to_scores, to_word_scores
from annotate.models.training_record import Recipe
from annotate.progress import Progress, silent
from annotate.quality.apart import apart_from
from annotate.quality.evaluation import Evaluation, evaluate
from annotate.schema import LabelSchema

Folds = npt.NDArray[np.int64]
Chosen = npt.NDArray[np.bool_]
_COMPARED = 1000  # sentences, at about which the levels of networks are compared


@dataclass(frozen=True)
class Lessons:
    """Labelled sentences, their windows, and the vectors of the windows by the encoder that a training starts from."""

    labelled: Sequence[Annotation]
    examples: Sequence[Example]
    vectors: Floats

    @property
    def targets(self) -> Floats:
        """What is known of each window's sentence; *shape:* ``(n_examples, n_sentence_logits)``."""
        return np.stack([example.sentence for example in self.examples])


def prepare(course: Course, labelled: Sequence[Annotation]) -> Lessons:
    """Encode labelled sentences for a course."""
    examples = to_examples(course.base.tokenizer, labelled, course.start.schema, context=course.recipe.context)
    return Lessons(labelled, examples, vectors_of(course.start, examples, course.base.pad_id, course.device))


@dataclass(frozen=True)
class Validated:
    """A network that has learned all labels, and what networks that had not seen a sentence's fold say of it.

    The network says yes as readily as the others do (see ``level_with``).

    ``held`` has no answers to labels of which the fold's network learned nothing. ``of_last_fold`` is the network that
    judged the last fold. Labels of a single article give no folds: nothing is held out, and there is no such network.
    ``memory`` is what processes of their own took, in bytes.
    """

    network: Network
    held: Sequence[Held]
    of_last_fold: Network | None
    memory: int


def cross_validate(course: Course, lessons: Lessons, progress: Progress = silent) -> Validated:
    """Train a network for each fold of articles on the others, which judges that fold, and one on all.

    All learn in batches of the size and at the rate that suit the last, which is then brought to the level of the
    judges (see ``level_with``): so what they tell of thresholds holds for it.
    """
    n, recipe = len(lessons.examples), course.recipe
    suiting = {"batch_size": recipe.batch_for(n), "learning_rate": recipe.rate_for(n)}
    course = replace(course, recipe=recipe.model_copy(update=suiting))
    fold_of = folds_of(lessons.labelled, course.recipe)
    folds = np.array([fold_of[annotation.article_id] for annotation in lessons.labelled])
    numbers = range(int(folds.max()) + 1) if folds.any() else range(0)
    taught = [apart_from(fold, lessons.labelled, folds) for fold in numbers]
    jobs = [_job(course, lessons, rows, f"fold-{fold}") for fold, rows in enumerate(taught)]
    fitted = fit_all([*jobs, _job(course, lessons, np.ones(len(folds), bool), "all")], progress)
    *judges, network = fitted.networks
    if not judges:
        return Validated(network, [], None, fitted.memory)
    compared = np.arange(len(folds)) % -(-len(folds) // _COMPARED) == 0
    mine = _said(network, course, lessons, folds, compared)
    held: list[Held] = []
    shared: list[tuple[list[Held], list[Held]]] = []
    for fold, (judge, rows) in enumerate(zip(judges, taught, strict=True)):
        knows = Taught([lessons.labelled[row] for row in np.flatnonzero(rows)], network.schema)
        of_fold = _said(judge, course, lessons, folds, folds == fold)
        held += [replace(each, truth=knows.judges(each.truth), silent=knows.silent) for each in of_fold.values()]
        theirs = _said(judge, course, lessons, folds, compared & rows)
        shared.append(([*theirs.values()], [mine[row] for row in theirs]))
    fold_in(level_with(shared, network.schema, len(lessons.examples)), network)
    return Validated(network, held, judges[-1], fitted.memory)


def _said(network: Network, course: Course, lessons: Lessons, folds: Folds, chosen: Chosen) -> dict[int, Held]:
    """Return what a network says of the chosen sentences, by row, and leave it on the processor."""
    rows = np.flatnonzero(chosen).tolist()
    labelled = [lessons.labelled[row] for row in rows]
    with course.device.running_out_told():
        found = predict(course.device.place(network), course.base, labelled, course.recipe)
    network.cpu()
    return {row: Held(lessons.labelled[row], int(folds[row]), each) for row, each in zip(rows, found, strict=True)}


def score_held(held: Sequence[Held], schema: LabelSchema) -> list[WordScores]:
    """Score each fold, calibrated and with thresholds as the other folds suggest.

    What a network says of a label that it learned nothing of is left out.
    """
    scores = []
    for fold in sorted({sentence.fold for sentence in held}):
        others = [each for each in held if each.fold != fold]
        curves = fit_curves(others, schema)
        thresholds = choose_thresholds(calibrated(others, curves, schema), schema, curves.evidence)
        for each in calibrated([each for each in held if each.fold == fold], curves, schema):
            mine = to_scores(each.truth.sentence, each.found, schema, "held-out", thresholds)
            scores.append(to_word_scores(mine, each.found, schema).without(each.silent))
    return scores


def evaluate_held(held: Sequence[Held], scores: Sequence[WordScores], schema: LabelSchema) -> Evaluation | None:
    """Evaluate the scores of what was held out; ``None`` without folds."""
    guesses = [to_annotation(score, schema) for score in scores]
    return evaluate([sentence.truth for sentence in held], guesses, schema, scores) if held else None


def folds_of(labelled: Sequence[Annotation], recipe: Recipe) -> dict[str, int]:
    """Deal articles, in a seeded order, each to the fold with the fewest sentences."""
    sizes: dict[str, int] = {}
    for annotation in labelled:
        sizes[annotation.article_id] = sizes.get(annotation.article_id, 0) + 1
    articles = sorted(sizes)
    Random(recipe.seed).shuffle(articles)  # noqa: S311 - not for secrets
    load = [0] * min(recipe.folds, len(articles))
    fold_of: dict[str, int] = {}
    for article in articles:
        fold_of[article] = load.index(min(load))
        load[fold_of[article]] += sizes[article]
    return fold_of


def _job(course: Course, lessons: Lessons, chosen: Chosen, name: str) -> Job:
    """Return the training on some of the sentences; what it reaches on the way is kept under a name."""
    rows = np.flatnonzero(chosen[[example.window.sentence for example in lessons.examples]])
    return Job(replace(course, name=name), [lessons.examples[row] for row in rows])
