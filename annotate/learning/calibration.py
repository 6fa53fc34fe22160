"""Probabilities that mean what they say: a logistic curve a label, fitted to what was held out (Platt, 1999)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from annotate.learning.held import Held, Judged, column_of, judged_sentences, judged_words
from annotate.learning.network import Network
from annotate.models.scores import Floats, Probabilities, labels_of_sentences
from annotate.schema import LabelSchema, Question

_FEW = 10  # with fewer of either answer, a curve's slope is chance
_FURTHEST = 30.0  # that a curve is shifted, beyond its logits
_STEEPEST = 10.0
_EDGE = 1e-6


@dataclass(frozen=True)
class Curve:
    """What becomes of a logit: ``slope`` times it, plus ``shift``."""

    slope: float = 1.0
    shift: float = 0.0

    def __call__(self, probabilities: Floats) -> Floats:
        """Return calibrated probabilities."""
        found: Floats = expit(self.slope * to_logits(probabilities) + self.shift).astype(np.float32)
        return found


@dataclass(frozen=True)
class Curves:
    """The curves of the sentences' labels and of the words', by label; single choices have none.

    ``evidence`` is how much the calibrated logit of the likeliest word adds to a sentence's, by span label: with few
    labels the words often tell more than the sentence as a whole.
    """

    sentences: Mapping[str, Curve]
    words: Mapping[str, Curve]
    evidence: Mapping[str, float]

    def __call__(self, found: Probabilities, schema: LabelSchema) -> Probabilities:
        """Calibrate what a network says of a sentence."""
        choices = [name for q in schema.choice_questions for name in q.names]
        spans = [name for q in schema.span_questions for name in q.names]
        keys = list(found.words)
        words = np.array([found.words[key] for key in keys], np.float32).reshape(len(keys), len(spans))
        for column, name in enumerate(spans):
            words[:, column] = self.words[name](words[:, column])
        return Probabilities(
            _mapped(found.choices, [self.sentences.get(name, Curve()) for name in choices]),
            _mapped(found.carried, [self.sentences[name] for name in spans]),
            dict(zip(keys, words.tolist(), strict=True)),
        )


def fit_curves(held: Sequence[Held], schema: LabelSchema) -> Curves:
    """Fit the curves to what was held out; a label that tells nothing apart keeps its probabilities."""
    choices = [(q, name) for q in schema.choice_questions if q.kind != "single choice" for name in q.names]
    spans = [(q, name) for q in schema.span_questions for name in q.names]
    sentences = {name: _curve(judged_sentences(held, schema, q, name)) for q, name in choices}
    words = {name: _curve(judged_words(held, schema, q, name)) for q, name in spans}
    evidence: dict[str, float] = {}
    for question, name in spans:
        sentences[name], evidence[name] = _with_words(held, schema, (question, name), words[name])
    return Curves(sentences, words, evidence)


def to_logits(probabilities: Floats) -> npt.NDArray[np.float64]:
    """Return the logits of probabilities, of which those next to 0 or 1 are taken a little further away."""
    clipped = np.clip(probabilities.astype(np.float64), _EDGE, 1 - _EDGE)
    logits: npt.NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return logits


def _with_words(
    held: Sequence[Held], schema: LabelSchema, label: tuple[Question, str], words: Curve
) -> tuple[Curve, float]:
    """Return the curve of a span label's sentences, and how much their likeliest word adds."""
    question, name = label
    judged = judged_sentences(held, schema, question, name)
    if judged.n_of_rarer < _FEW:
        return _curve(judged), 0.0
    own, truth = judged.probabilities, judged.truth
    column = column_of(schema, question, name)
    known = [each for each in held if each.truth.says(question, name) is not None]
    likeliest = np.array([max((w[column] for w in each.found.words.values()), default=0.0) for each in known])
    features = np.stack([to_logits(own), to_logits(words(likeliest))], axis=1)
    (of_own, of_words), shift = _regressed(features, truth)
    if of_own > 0 and of_words > 0:
        return Curve(float(of_own), shift), float(of_words)
    (alone,), shift = _regressed(features[:, 1:], truth)
    if of_words > 0 and alone > 0:
        return Curve(0.0, shift), float(alone)
    return _curve(judged), 0.0


def calibrated(held: Sequence[Held], curves: Curves, schema: LabelSchema) -> list[Held]:
    """Return what was held out with calibrated probabilities."""
    return [replace(each, found=curves(each.found, schema)) for each in held]


def fold_in(curves: Curves, network: Network) -> None:
    """Put the curves into the weights of a network's heads, so that its outputs are calibrated by themselves."""
    schema = network.schema
    spans = [name for q in schema.span_questions for name in q.names]
    of_sentences = [Curve() if name is None else curves.sentences[name] for name in labels_of_sentences(schema)]
    _scale(network.sentences, of_sentences)
    _scale(network.tokens, [curves.words[name] for name in spans])


def _scale(head: torch.nn.Linear, curves: Sequence[Curve]) -> None:
    with torch.no_grad():
        for row, curve in enumerate(curves):
            head.weight[row] *= curve.slope
            head.bias[row] = head.bias[row] * curve.slope + curve.shift


def _curve(judged: Judged) -> Curve:
    if not judged.n_of_rarer:
        return Curve()
    if judged.n_of_rarer < _FEW:
        return Curve(1.0, _shift(to_logits(judged.probabilities), judged.truth))
    slopes, shift = _regressed(to_logits(judged.probabilities)[:, None], judged.truth)
    # A curve that falls would turn the order of the sentences round: the labels at hand are too few for one.
    return Curve(float(slopes[0]), shift) if slopes[0] > 0 else Curve()


def _shift(logits: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]) -> float:
    """Return the shift of logits by which probabilities are right on average."""
    furthest = _FURTHEST + float(np.abs(logits).max())
    return float(brentq(lambda shift: float(expit(logits + shift).mean() - truth.mean()), -furthest, furthest))


def _regressed(
    features: npt.NDArray[np.float64], truth: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], float]:
    """Return the weights and the intercept of a logistic regression.

    Where a label is told apart without a mistake, which of few sentences it may be by chance, there is no steepest
    curve, and one that is steep is taken.
    """
    model = LogisticRegression(C=1e3, solver="newton-cholesky").fit(features, truth)
    slopes, shift = model.coef_[0], float(model.intercept_[0])
    if slopes.max() > _STEEPEST:
        slopes = slopes * (_STEEPEST / slopes.max())
        shift = _shift(features @ slopes, truth)
    return slopes, shift


def _mapped(values: Floats, curves: Sequence[Curve]) -> Floats:
    return np.array([curve(value) for value, curve in zip(values, curves, strict=True)], dtype=np.float32)
