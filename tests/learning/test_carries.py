"""Sentences of which only one label is known teach that label, and are measured on it."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import Annotation
from annotate.learning.base import load_base
from annotate.learning.encoding import to_examples
from annotate.quality.adjudication import gold
from annotate.quality.evaluation import evaluate
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]


@pytest.fixture
def forecast(annotation: Make) -> Annotation:
    return annotation("The army will win.", {}).model_copy(update={"carries": {"Prediction": True}})


def test_a_known_label_is_a_target_and_the_others_are_not(
    tiny_base: object, forecast: Annotation, schema: LabelSchema
) -> None:
    (example,) = to_examples(load_base(str(tiny_base)).tokenizer, [forecast], schema)
    names = [name for question in schema.choice_questions for name in question.names]
    known = dict(zip(names, example.sentence, strict=False))
    assert known["Prediction"] == 1
    assert all(np.isnan(value) for name, value in known.items() if name != "Prediction")
    assert np.isnan(example.tokens).all()


def test_it_is_measured_on_that_label_alone(annotation: Make, forecast: Annotation, schema: LabelSchema) -> None:
    guess = annotation("The army will win.", {"terms": (), "claims": ("Prediction",)})
    figures = evaluate([forecast], [guess], schema)
    assert {label: each.n_sentences for label, each in figures.items()} == {
        "Loaded term": 0,
        "Unsourced claim": 0,
        "Prediction": 1,
    }
    assert figures["Prediction"].sentences.f1 == 1


@pytest.mark.parametrize(
    ("votes", "carries"),
    [([True, True, False], {"Prediction": True}), ([False], {"Prediction": False}), ([True, False], {})],
)
def test_what_most_annotators_say_of_a_label_stands(
    forecast: Annotation, schema: LabelSchema, votes: list[bool], carries: dict[str, bool]
) -> None:
    given = [
        forecast.model_copy(update={"annotator": f"user:{number}", "carries": {"Prediction": vote}})
        for number, vote in enumerate(votes)
    ]
    (voted,) = gold(given, schema)
    assert (voted.answers, voted.carries) == ({}, carries)
