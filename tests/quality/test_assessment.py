"""An assessment has the figures of an evaluation, with intervals that hold what they should."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import Annotation, Scores
from annotate.quality.assessment import Assessment, Sides, assess
from annotate.quality.evaluation import evaluate
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Prediction"
ONE_QUESTION = """<View><Text name="s" value="$sentence"/>
<Choices name="claims" toName="s" choice="multiple"><Choice value="Prediction"/></Choices></View>"""


def sides(make: Make, truth: list[bool], guess: list[bool], n_articles: int) -> Sides:
    """Make two sides, and scores of .9 and .1 behind the guesses."""

    def answers(said: list[bool]) -> list[Annotation]:
        return [
            make(f"Sentence {number}.", {"claims": (LABEL,) * yes}, article=str(number % n_articles))
            for number, yes in enumerate(said)
        ]

    guesses = answers(guess)
    scores = [
        Scores(**dict(each.sentence), model="m", labels={LABEL: 0.9 if yes else 0.1})
        for each, yes in zip(guesses, guess, strict=True)
    ]
    return Sides(answers(truth), guesses, scores)


def test_its_figures_are_those_of_the_evaluation(annotation: Make) -> None:
    schema = LabelSchema.parse(ONE_QUESTION)
    given = sides(annotation, [True, True, False, False], [True, False, True, False], 2)
    found = assess(given, schema)
    (label,), (plain,) = found.labels, evaluate(given.truth, given.guesses, schema, given.scores).values()
    counted = {name: getattr(plain.sentences, name) for name in ("precision", "recall", "f1")}
    others = {name: getattr(plain, name) for name in ("macro_f1", "mcc", "average_precision")}
    assert {name: figure.value for name, figure in label.figures.items()} == counted | others
    assert (label.n_sentences, label.n_positive, found.mean_f1.value) == (4, 2, 0.5)
    assert label.calibration is not None
    assert label.calibration.error.value == pytest.approx(0.4)


def test_an_interval_holds_the_true_figure_about_as_often_as_it_says(annotation: Make) -> None:
    schema = LabelSchema.parse(ONE_QUESTION)
    random = np.random.default_rng(0)
    inside = 0
    for _ in range(60):
        truth = random.random(240) < 0.5
        guess = truth ^ (random.random(240) < 0.2)
        recall = assess(sides(annotation, truth.tolist(), guess.tolist(), 40), schema).labels[0].figures["recall"]
        assert recall.low is not None
        assert recall.high is not None
        inside += recall.low <= 0.8 <= recall.high
    assert inside >= 51  # of 60 at .95, fewer have a chance of 1 in 10,000


def test_one_article_gives_no_interval_and_few_are_told(annotation: Make) -> None:
    schema = LabelSchema.parse(ONE_QUESTION)
    found = assess(sides(annotation, [True, False], [True, True], 1), schema)
    assert found.labels[0].figures["f1"].low is None
    assert "1 article: intervals over so few tend to be too narrow" in found.notes
    assert assess(sides(annotation, [True] * 10, [True] * 10, 10), schema).notes == [found.ceiling]


def test_it_is_read_back_as_it_was_written(annotation: Make) -> None:
    found = assess(sides(annotation, [True, False], [True, True], 2), LabelSchema.parse(ONE_QUESTION))
    assert Assessment.model_validate_json(found.model_dump_json()) == found
