"""What a recipe achieves on articles it has not seen, and the thresholds that follow from it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from sklearn.metrics import f1_score

from annotate.annotation import Annotation, WordScores
from annotate.learning.base import Base
from annotate.learning.training import fit, predict
from annotate.models.scores import Probabilities, to_annotation, to_scores, to_word_scores
from annotate.models.training_record import Recipe
from annotate.progress import Progress, silent
from annotate.quality.adjudication import covered
from annotate.quality.evaluation import Evaluation, evaluate
from annotate.schema import LabelSchema, Question

_NEUTRAL = 0.5
_FEWEST_POSITIVES = 10  # with fewer, the best threshold on the labels at hand is chance
_CANDIDATES = np.round(np.arange(0.1, 0.91, 0.05), 2)


@dataclass(frozen=True)
class Held:
    """A labelled sentence, the fold of articles it is in, and what a network that had not seen that fold says of it."""

    truth: Annotation
    fold: int
    found: Probabilities


def cross_validate(
    base: Base, labelled: Sequence[Annotation], schema: LabelSchema, recipe: Recipe, progress: Progress = silent
) -> list[Held]:
    """Train a network for each fold of articles on the others, and let it judge that fold.

    Labels of a single article give no folds, and an empty list.
    """
    fold_of = _folds(labelled, recipe)
    n_folds = max(fold_of.values()) + 1
    if n_folds == 1:
        return []
    held: list[Held] = []
    for fold in range(n_folds):
        inside = [a for a in labelled if fold_of[a.article_id] == fold]
        outside = [a for a in labelled if fold_of[a.article_id] != fold]
        network = fit(base, outside, schema, recipe, _share(progress, fold, n_folds))
        found = predict(base, network, inside)
        held += [Held(truth, fold, mine) for truth, mine in zip(inside, found, strict=True)]
    return held


def choose_thresholds(held: Sequence[Held], schema: LabelSchema) -> dict[str, float]:
    """Return, by label, the threshold with the best F1 over sentences, or over words for spans."""
    return {
        label: _best_threshold(_judged(held, schema, question, label))
        for question in schema.questions
        if question.kind != "single choice"
        for label in question.names
    }


def score_held(held: Sequence[Held], schema: LabelSchema) -> list[WordScores]:
    """Score each fold with the thresholds that the other folds suggest."""
    scores = []
    for fold in sorted({sentence.fold for sentence in held}):
        thresholds = choose_thresholds([sentence for sentence in held if sentence.fold != fold], schema)
        scores += [_score(sentence, schema, thresholds) for sentence in held if sentence.fold == fold]
    return scores


def evaluate_held(held: Sequence[Held], scores: Sequence[WordScores], schema: LabelSchema) -> Evaluation | None:
    """Evaluate the scores of what was held out; ``None`` without folds."""
    guesses = [to_annotation(score, schema) for score in scores]
    return evaluate([sentence.truth for sentence in held], guesses, schema, scores) if held else None


def _score(held: Held, schema: LabelSchema, thresholds: Mapping[str, float]) -> WordScores:
    scores = to_scores(held.truth.sentence, held.found, schema, "held-out", thresholds)
    return to_word_scores(scores, held.found, schema)


def _folds(labelled: Sequence[Annotation], recipe: Recipe) -> dict[str, int]:
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


def _judged(held: Sequence[Held], schema: LabelSchema, question: Question, label: str) -> list[tuple[float, bool]]:
    """Return probability and truth of every sentence, or every word for spans, of which the label is known."""
    if question.kind == "spans":
        answered = [sentence for sentence in held if question.name in sentence.truth.answers]
        column = [name for q in schema.span_questions for name in q.names].index(label)
        return [pair for sentence in answered for pair in _judged_words(sentence, question.name, label, column)]
    column = [name for q in schema.choice_questions for name in q.names].index(label)
    said = ((sentence, sentence.truth.says(question, label)) for sentence in held)
    return [(float(sentence.found.choices[column]), carries) for sentence, carries in said if carries is not None]


def _judged_words(held: Held, question: str, label: str, column: int) -> Iterator[tuple[float, bool]]:
    marked = covered(held.truth.answers[question], label)
    for word, probabilities in held.found.words.items():
        yield float(probabilities[column]), not marked.isdisjoint(range(*word))


def _best_threshold(judged: Sequence[tuple[float, bool]]) -> float:
    truth = np.array([true for _, true in judged], dtype=bool)
    if truth.sum() < _FEWEST_POSITIVES:
        return _NEUTRAL
    probabilities = np.array([probability for probability, _ in judged])
    scores = [f1_score(truth, probabilities >= threshold) for threshold in _CANDIDATES]
    return float(_CANDIDATES[int(np.argmax(scores))])


def _share(progress: Progress, fold: int, n_folds: int) -> Progress:
    def report(_: str, /, done: int = 0, total: int | None = None) -> None:
        progress("Cross-validating", fold * (total or 0) + done, n_folds * (total or 0))

    return report
