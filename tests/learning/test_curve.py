"""What more labels would bring follows from what fewer brought."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import Annotation
from annotate.learning.curve import later, learning_curve
from annotate.learning.encoding import Example
from annotate.learning.validation import Lessons
from annotate.models.learning_curve import LearningCurve
from annotate.models.tokenization import Window
from annotate.quality.evaluation import evaluate
from annotate.schema import LabelSchema

NONE = LearningCurve(labels={})
Make = Callable[..., Annotation]


def lessons(
    make: Make, schema: LabelSchema, n: int, noise: float, usual: float = 0.0
) -> tuple[Lessons, list[Annotation]]:
    """Build sentences whose vectors tell a label by the sum of many parts, which takes many sentences to learn.

    The higher ``usual``, the more sentences carry it.
    """
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(n, 30)).astype(np.float32)
    truth = vectors.sum(axis=1) + noise * chance.normal(size=n) > -usual
    labelled = [
        make(f"word {i}", {"claims": ("Prediction",) * bool(t)}, article=str(i % 9)) for i, t in enumerate(truth)
    ]
    nothing = np.full((1, 1), np.nan, np.float32)
    examples = [
        Example(Window(i, (1,), (None,)), np.array([0, t, np.nan], np.float32), nothing) for i, t in enumerate(truth)
    ]
    return Lessons(labelled, examples, vectors), labelled


def test_a_label_that_is_hard_to_learn_gains_by_more_and_one_that_is_known_does_not(
    annotation: Make, schema: LabelSchema
) -> None:
    mine, labelled = lessons(annotation, schema, 240, 1.0)
    guesses = [each.model_copy(update={"answers": {"claims": ("Prediction",)}}) for each in labelled]
    folds = np.arange(240) % 3
    curve = learning_curve(mine, folds, evaluate(labelled, guesses, schema), schema)
    assert curve is not None
    assert list(curve.labels) == ["Prediction"]  # of the other labels, one answer alone is known
    found = curve.labels["Prediction"]
    assert [point.n for point in found.points][-1] == 160
    assert found.points[0].auc < found.points[-1].auc
    gains = [gain.expected for gain in found.gains]
    assert 0 < gains[0] < gains[1] < gains[2] < 1 - found.f1
    assert all(gain.low <= gain.expected <= gain.high for gain in found.gains)


def test_a_label_that_most_sentences_carry_gains_too(annotation: Make, schema: LabelSchema) -> None:
    # Saying yes throughout reaches an F1 of .9 here, which no linear model of so few sentences can better.
    mine, labelled = lessons(annotation, schema, 240, 3.0, usual=8.0)
    guesses = [each.model_copy(update={"answers": {"claims": ("Prediction",)}}) for each in labelled]
    curve = learning_curve(mine, np.arange(240) % 3, evaluate(labelled, guesses, schema), schema)
    assert curve is not None
    found = curve.labels["Prediction"]
    assert found.f1 > 0.85
    assert found.gains[-1].expected > 0.05 * (1 - found.f1)


def test_gains_are_of_folds_that_learn_from_as_large_a_part_of_what_is_there_later() -> None:
    # Three folds of 240 learn from 160; with 240 more, from 160 more.
    assert later(160, 240).tolist() == pytest.approx([160 * 340 / 240, 160 * 540 / 240, 160 * 1240 / 240])


def test_of_few_sentences_or_without_mistakes_there_is_no_curve(annotation: Make, schema: LabelSchema) -> None:
    mine, labelled = lessons(annotation, schema, 89, 1.0)  # of which folds learn from 59
    assert learning_curve(mine, np.arange(89) % 3, evaluate(labelled, labelled, schema), schema) == NONE
    mine, labelled = lessons(annotation, schema, 240, 0.0)
    plain = Lessons(labelled, mine.examples, np.sign(mine.vectors.sum(axis=1, keepdims=True)))
    assert learning_curve(plain, np.arange(240) % 3, evaluate(labelled, labelled, schema), schema) == NONE


def test_a_fold_that_knows_one_answer_alone_is_not_measured_on(annotation: Make, schema: LabelSchema) -> None:
    mine, labelled = lessons(annotation, schema, 240, 1.0)
    truth = np.nan_to_num(mine.targets[:, 1]) > 0.5
    # A fourth fold without the label, on which every regression would be wrong throughout.
    folds = np.where(~truth & (np.arange(240) % 8 == 0), 3, np.arange(240) % 3)
    found = learning_curve(mine, folds, evaluate(labelled, labelled, schema), schema)
    assert found is not None
    assert found.labels["Prediction"].points[-1].auc > 0.8


def test_a_sentence_in_several_windows_counts_once(annotation: Make, schema: LabelSchema) -> None:
    mine, labelled = lessons(annotation, schema, 240, 1.0)
    found = evaluate(labelled, [each.model_copy(update={"answers": {"claims": ()}}) for each in labelled], schema)
    twice = Lessons(labelled, [*mine.examples, *mine.examples], np.vstack([0.5 * mine.vectors, 1.5 * mine.vectors]))
    folds = np.arange(240) % 3
    once, again = (learning_curve(each, folds, found, schema) for each in (mine, twice))
    assert once is not None
    assert again is not None
    assert again.labels["Prediction"].n == once.labels["Prediction"].n == 240
    assert [point.n for point in again.labels["Prediction"].points] == [p.n for p in once.labels["Prediction"].points]
    pairs = zip(again.labels["Prediction"].points, once.labels["Prediction"].points, strict=True)
    assert all(mine.auc == pytest.approx(theirs.auc, abs=0.02) for mine, theirs in pairs)


def test_what_stands_in_the_fold_is_not_learned(annotation: Make, schema: LabelSchema) -> None:
    mine, labelled = lessons(annotation, schema, 240, 1.0)
    # Thirty sentences of each fold stand in the others too, so that fifty of each are left to learn from.
    labelled = [
        each.model_copy(update={"text": f"word {n // 3}"}) if n < 90 else each for n, each in enumerate(labelled)
    ]
    found = evaluate(labelled, [each.model_copy(update={"answers": {"claims": ()}}) for each in labelled], schema)
    curve = learning_curve(Lessons(labelled, mine.examples, mine.vectors), np.arange(240) % 3, found, schema)
    assert curve is not None
    assert curve.labels["Prediction"].points[-1].n == 100


def test_a_model_without_errors_has_nothing_to_gain(annotation: Make, schema: LabelSchema) -> None:
    mine, labelled = lessons(annotation, schema, 120, 1.0)
    curve = learning_curve(mine, np.arange(120) % 3, evaluate(labelled, labelled, schema), schema)
    assert curve is not None
    assert [gain.expected for gain in curve.labels["Prediction"].gains] == pytest.approx([0, 0, 0])


def test_without_folds_there_is_no_curve(annotation: Make, schema: LabelSchema) -> None:
    mine, _ = lessons(annotation, schema, 20, 1.0)
    assert learning_curve(mine, np.zeros(20, int), None, schema) is None


def test_folds_in_which_a_label_is_not_known_are_left_out(annotation: Make, schema: LabelSchema) -> None:
    mine, labelled = lessons(annotation, schema, 120, 1.0)
    found = evaluate(labelled, labelled, schema)
    in_two_of_four = learning_curve(mine, 1 + np.arange(120) % 2 * 2, found, schema)
    assert in_two_of_four is not None
    assert in_two_of_four.labels["Prediction"].points[-1].n == 60
    assert learning_curve(mine, np.ones(120, int), found, schema) == NONE
