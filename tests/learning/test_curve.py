"""What more labels would bring follows from what fewer brought."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import Annotation
from annotate.learning.curve import learning_curve
from annotate.learning.encoding import Example
from annotate.learning.validation import Lessons
from annotate.models.learning_curve import LearningCurve
from annotate.models.tokenization import Window
from annotate.quality.evaluation import evaluate
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]


def lessons(make: Make, schema: LabelSchema, n: int, noise: float) -> tuple[Lessons, list[Annotation]]:
    """Build sentences whose vectors tell a label by the sum of many parts, which takes many sentences to learn."""
    chance = np.random.default_rng(0)
    vectors = chance.normal(size=(n, 30)).astype(np.float32)
    truth = vectors.sum(axis=1) + noise * chance.normal(size=n) > 0
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
    assert found.points[0].f1 < found.points[-1].f1
    gains = [gain.expected for gain in found.gains]
    assert 0 < gains[0] < gains[1] < gains[2] < 1 - found.f1
    assert all(gain.low <= gain.expected <= gain.high for gain in found.gains)


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
    assert learning_curve(mine, np.ones(120, int), found, schema) == LearningCurve(labels={})
