"""Probabilities are brought to what was held out, and a network's heads give the same by themselves."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from lessons import learned
from sklearn.metrics import log_loss

from annotate.annotation import Annotation
from annotate.learning.base import load_base
from annotate.learning.calibration import Curve, Curves, calibrated, fit_curves, fold_in
from annotate.learning.held import Held, judged_sentences
from annotate.learning.training import predict
from annotate.models.scores import Probabilities
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema
from annotate.words import words_of

Make = Callable[..., Annotation]
LABEL = "Prediction"


def held(make: Make, probabilities: list[float], truth: list[bool]) -> list[Held]:
    """Build held-out sentences of one word that say with these probabilities what is so or not."""
    return [
        Held(
            make(f"word{n}", {"claims": (LABEL,) * true, "terms": ()}),
            n % 3,
            Probabilities(np.array([0.1, p], np.float32), np.array([0.1], np.float32), {(0, 5): [0.1]}),
        )
        for n, (p, true) in enumerate(zip(probabilities, truth, strict=True))
    ]


def test_overconfident_probabilities_are_brought_to_the_shares(annotation: Make, schema: LabelSchema) -> None:
    # Of a hundred sentences at .99 seventy are so, and of a hundred at .01 thirty.
    probabilities = [0.99] * 100 + [0.01] * 100
    truth = [n < 70 for n in range(100)] + [n < 30 for n in range(100)]
    given = held(annotation, probabilities, truth)
    fitted = calibrated(given, fit_curves(given, schema), schema)
    (question,) = schema.choice_questions
    found, so = judged_sentences(fitted, schema, question, LABEL)
    assert found[:100] == pytest.approx(0.7, abs=0.01)
    assert found[100:] == pytest.approx(0.3, abs=0.01)
    assert log_loss(so, found) < log_loss(so, probabilities)


def test_few_labels_bring_probabilities_to_the_share_of_all(annotation: Make, schema: LabelSchema) -> None:
    probabilities = [0.9 - n / 100 for n in range(60)]
    given = held(annotation, probabilities, [n < 9 for n in range(60)])
    curve = fit_curves(given, schema).sentences[LABEL]
    assert curve.slope == 1.0
    assert curve(np.array(probabilities)).mean() == pytest.approx(9 / 60, abs=1e-4)


def test_a_label_told_apart_without_a_mistake_has_a_curve_of_some_slope(annotation: Make, schema: LabelSchema) -> None:
    # A slope without bounds would put nothing between 0 and 1, and its exponentials run over.
    logits = [*np.linspace(0.1, 6, 30), *np.linspace(-6, -0.1, 60)]
    given = held(annotation, [float(1 / (1 + np.exp(-z))) for z in logits], [bool(z > 0) for z in logits])
    curve = fit_curves(given, schema).sentences[LABEL]
    assert curve.slope == pytest.approx(10)
    assert curve(np.array([each.found.choices[1] for each in given])).mean() == pytest.approx(1 / 3, abs=1e-4)
    found = curve(np.array([0, 1e-6, 0.3, 0.7, 1 - 1e-6, 1], np.float32))
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert Curve(26.0, 0.0)(np.array([0.0, 1.0], np.float32)).tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("probabilities", "truth"),
    [([0.9] * 2 + [0.1] * 50, [False] * 52), ([0.1] * 30 + [0.9] * 30, [True] * 30 + [False] * 30)],
    ids=["none", "the wrong way round"],
)
def test_where_labels_tell_nothing_probabilities_stay(
    annotation: Make, schema: LabelSchema, probabilities: list[float], truth: list[bool]
) -> None:
    assert fit_curves(held(annotation, probabilities, truth), schema).sentences[LABEL] == Curve()


def test_a_networks_heads_take_the_curves_in(tiny_base: Path, starter: list[Annotation], schema: LabelSchema) -> None:
    base, some = load_base(str(tiny_base)), starter[:12]
    network = learned(base, some, schema, Recipe(epochs=1))
    names = [label.name for label in schema.labels]
    curves = Curves(
        {name: Curve(0.5 + n, 0.3 - n) for n, name in enumerate(names)}, {"Loaded term": Curve(2.0, -1.0)}, {}
    )
    before = [curves(found, schema) for found in predict(network, base, some, Recipe())]
    fold_in(curves, network)
    for annotation, expected, found in zip(some, before, predict(network, base, some, Recipe()), strict=True):
        assert found.choices == pytest.approx(expected.choices, abs=1e-5)
        assert found.carried == pytest.approx(expected.carried, abs=1e-5)
        assert found.words.keys() <= set(words_of(annotation.text))
        for word, mine in found.words.items():
            assert mine == pytest.approx(expected.words[word], abs=1e-5)


def with_a_word(make: Make, own: float, word: float, so: bool) -> Held:
    """Build a held-out sentence of one word that says with these probabilities whether it is a loaded term."""
    term = {"start": 0, "end": 5, "label": "Loaded term"}
    answered = make("words", {"claims": ()}).model_dump() | {"answers": {"terms": (term,) * so}}
    found = Probabilities(np.array([0, 0], np.float32), np.array([own], np.float32), {(0, 5): [word]})
    return Held(Annotation.model_validate(answered), 0, found)


def test_where_words_tell_more_than_the_sentence_they_count(annotation: Make, schema: LabelSchema) -> None:
    chance = np.random.default_rng(0)
    both = chance.uniform(0.05, 0.95, (300, 2))
    given = [with_a_word(annotation, own, word, bool(word > 0.5) != (chance.random() < 0.1)) for own, word in both]
    curves = fit_curves(given, schema)
    assert curves.evidence["Loaded term"] > 0.5
    (question,) = schema.span_questions
    fitted = calibrated(given, curves, schema)
    alone, carried = judged_sentences(fitted, schema, question, "Loaded term")
    together = judged_sentences(fitted, schema, question, "Loaded term", curves.evidence["Loaded term"]).probabilities
    assert log_loss(carried, together) < 0.8 * log_loss(carried, alone)


def test_words_that_tell_the_contrary_count_for_nothing(annotation: Make, schema: LabelSchema) -> None:
    chance = np.random.default_rng(0)
    own = chance.uniform(0.2, 0.8, 300)
    word = np.clip(own + chance.normal(0, 0.1, 300), 0.05, 0.95)
    # With the sentence's own probability beside them the words tell a little, and without it the wrong thing.
    so = word - 2 * own + chance.normal(0, 0.05, 300) > -0.5
    curves = fit_curves(list(map(partial(with_a_word, annotation), own, word, map(bool, so))), schema)
    assert curves.evidence["Loaded term"] == 0
    assert curves.sentences["Loaded term"] == Curve()
