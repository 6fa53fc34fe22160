"""What more labels would bring, told from what fewer would have brought."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares
from sklearn.metrics import roc_auc_score

from annotate.learning.probe import Floats, Line
from annotate.learning.validation import Lessons
from annotate.models.learning_curve import Gain, LabelCurve, LearningCurve, Point
from annotate.quality.apart import apart_from
from annotate.quality.evaluation import Evaluation
from annotate.schema import LabelSchema

Bools = npt.NDArray[np.bool_]
_REPEATS = 8
_SMALLEST = 30  # sentences; fewer often hold one answer alone
_STEPS = 6
_FURTHER = 2.0  # times that, at least, for a curve to show
_CHANCE = 0.5  # the share of pairs in the wrong order where nothing is known
_FLAWLESS = 1e-4  # an error below this has nothing left to shrink
_MORE = (100, 300, 1000)
_FEWEST = 10  # sentences with a label, and without: of fewer, a curve is chance


def learning_curve(
    lessons: Lessons, folds: npt.NDArray[np.intp], found: Evaluation | None, schema: LabelSchema
) -> LearningCurve | None:
    """Estimate, by label, how F1 grows with the number of labelled sentences; ``None`` where there are no folds.

    A logistic regression on the vectors of the frozen encoder is trained on ever more of the sentences, and measured
    on a fold of articles that it has not seen, by the share of pairs that it puts in the wrong order (1 - AUC): of F1,
    saying yes throughout reaches most where a label is frequent, so that it hides what is learned. A power law with an
    asymptote is put through these errors (Hestness et al., 2017), and 1 - F1 of the network is taken to shrink in the
    same proportion.
    """
    if found is None:
        return None
    generator = np.random.default_rng(0)
    vectors, targets = _of_sentences(lessons)
    apart = {fold: apart_from(fold, lessons.labelled, folds) for fold in np.unique(folds).tolist()}
    curves: dict[str, LabelCurve] = {}
    for column, label in _columns(schema):
        known = ~np.isnan(targets[:, column])
        truth = targets[known, column] > 0.5  # noqa: PLR2004 - a majority
        splits = [Split((folds == fold)[known], others[known]) for fold, others in apart.items()]
        f1 = found[label].sentences.f1
        if min(truth.sum(), (~truth).sum()) >= _FEWEST and f1 is not None:
            curve = _curve(vectors[known], truth, splits, f1, generator)
            curves |= {} if curve is None else {label: curve}
    return LearningCurve(labels=curves)


class Split(NamedTuple):
    """Which sentences are held out, and from which others is learned; *shapes:* ``(n,)``."""

    held: Bools
    others: Bools


def _of_sentences(lessons: Lessons) -> tuple[Floats, Floats]:
    """Return vectors and targets of sentences, each of one in several windows the mean of theirs."""
    rows = np.array([example.window.sentence for example in lessons.examples])
    of_windows = np.hstack([lessons.vectors, lessons.targets])
    summed = np.zeros((len(lessons.labelled), of_windows.shape[1]), dtype=np.float32)
    np.add.at(summed, rows, of_windows)
    summed /= np.bincount(rows, minlength=len(summed))[:, None]
    return summed[:, : lessons.vectors.shape[1]], summed[:, lessons.vectors.shape[1] :]


def _columns(schema: LabelSchema) -> Iterator[tuple[int, str]]:
    """Yield the labels that a column of the targets stands for."""
    column = 0
    for question in schema.choice_questions + schema.span_questions:
        for name in question.names:
            yield column, name
            column += 1
        column += question.kind == "single choice" and question.none is not None


def _curve(
    vectors: Floats, truth: Bools, splits: Sequence[Split], f1: float, chance: np.random.Generator
) -> LabelCurve | None:
    # Some folds may know nothing of the label, or one answer alone.
    splits = [each for each in splits if 0 < truth[each.held].sum() < each.held.sum()]
    n_most = int(min((each.others.sum() for each in splits), default=0))
    if n_most < _FURTHER * _SMALLEST:
        return None
    sizes = np.geomspace(_SMALLEST, n_most, _STEPS).round().astype(int)
    errors = np.array(
        [[_error(vectors, truth, splits[repeat % len(splits)], n, chance) for n in sizes] for repeat in range(_REPEATS)]
    )
    if errors[:, -1].mean() < _FLAWLESS:
        return None
    points = tuple(_point(int(n), 1 - column) for n, column in zip(sizes, errors.T, strict=True))
    draws = (errors[chance.integers(_REPEATS, size=_REPEATS)].mean(0) for _ in range(50))
    shrinking = np.array([_shrinking(sizes, mean, later(n_most, len(truth))) for mean in draws])
    gains = (1 - f1) * (1 - shrinking)
    return LabelCurve(
        n=len(truth),
        f1=f1,
        points=points,
        gains=tuple(_gain(more, column) for more, column in zip(_MORE, gains.T, strict=True)),
    )


def later(n_most: int, n: int) -> npt.NDArray[np.float64]:
    """Return from how many sentences folds learn when there are more of them, if from ``n_most`` of ``n``."""
    sizes: npt.NDArray[np.float64] = n_most * (1 + np.array(_MORE) / n)
    return sizes


def _error(vectors: Floats, truth: Bools, split: Split, n: int, chance: np.random.Generator) -> float:
    """Return 1 - AUC on a fold of a regression on ``n`` of the other sentences."""
    held, rows = split.held, chance.choice(np.flatnonzero(split.others), size=n, replace=False)
    if truth[rows].all() or not truth[rows].any():
        return _CHANCE
    return 1 - float(roc_auc_score(truth[held], Line(vectors[rows], truth[rows])(vectors[held])))


def _shrinking(sizes: npt.NDArray[np.intp], errors: Floats, at: npt.NDArray[np.float64]) -> Floats:
    """Return what becomes of the error at the largest size at larger ones, as a share of it."""
    scaled = sizes / sizes[0]
    start = (float(errors[-1]) / 2, max(1e-3, float(errors[0])), 0.3)
    found = least_squares(lambda law: _law(scaled, *law) - errors, start, bounds=([0, 0, 0.01], [1, 2, 2])).x
    law = _law(np.append(sizes[-1], at) / sizes[0], *found)
    shrinking: Floats = law[1:] / law[0]
    return shrinking


def _law(n: Floats, asymptote: float, scale: float, power: float) -> Floats:
    law: Floats = asymptote + scale * n**-power
    return law


def _point(n: int, auc: Floats) -> Point:
    return Point(n=n, auc=round(float(auc.mean()), 4), spread=round(float(auc.std(ddof=1)), 4))


def _gain(more: int, gains: Floats) -> Gain:
    low, middle, high = np.percentile(gains, [2.5, 50, 97.5])
    return Gain(more=more, low=round(float(low), 4), expected=round(float(middle), 4), high=round(float(high), 4))
