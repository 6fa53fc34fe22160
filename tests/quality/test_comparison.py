"""Two models are told apart where they differ, and only as often as the test says where they do not."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from annotate.annotation import Annotation, LabelledSpan
from annotate.quality.comparison import Difference, compare
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Prediction"
Bools = NDArray[np.bool_]
ONE_QUESTION = """<View><Text name="s" value="$sentence"/>
<Choices name="claims" toName="s" choice="multiple"><Choice value="Prediction"/></Choices></View>"""


def side(make: Make, said: Bools, n_articles: int) -> list[Annotation]:
    """Answer for sentences that are dealt to articles in turn."""
    return [
        make(f"Sentence {number}.", {"claims": (LABEL,) * bool(yes)}, article=str(number % n_articles))
        for number, yes in enumerate(said)
    ]


def compared(
    make: Make, said: tuple[Bools, Bools, Bools], n_articles: int, schema: LabelSchema
) -> Mapping[str, Difference]:
    """Compare two models with the truth, which comes first."""
    truth, first, second = (side(make, each, n_articles) for each in said)
    return compare(truth, first, second, schema)[LABEL]


def flipped(random: np.random.Generator, truth: Bools, rate: float) -> Bools:
    return truth ^ (random.random(len(truth)) < rate)


def test_differences_are_those_worked_out_by_hand(annotation: Make, schema: LabelSchema) -> None:
    truth = np.array([1, 1, 0, 0], bool)
    first, second = np.array([1, 1, 0, 0], bool), np.array([0, 1, 0, 1], bool)
    found = compared(annotation, (truth, first, second), 2, schema)["f1"]
    assert (found.first, found.second, found.difference.value) == (1.0, 0.5, 0.5)
    # Of the four exchanges of two articles, one leaves all as it is and one turns it round. After each of the others
    # one model has a miss and the other a false alarm: 2/3 against 4/5.
    assert found.p == 2 / 4


def test_a_difference_that_is_there_is_found(annotation: Make, schema: LabelSchema) -> None:
    random = np.random.default_rng(0)
    truth = random.random(600) < 0.4
    better, worse = flipped(random, truth, 0.1), flipped(random, truth, 0.3)
    found = compared(annotation, (truth, better, worse), 30, schema)
    for name in ("f1", "macro_f1", "mcc"):
        assert (found[name].difference.low or 0) > 0
        assert found[name].p == pytest.approx(1 / 2001)


@pytest.mark.parametrize("n_articles", [8, 20])
def test_where_there_is_none_a_small_p_is_as_rare_as_it_says(annotation: Make, n_articles: int) -> None:
    schema = LabelSchema.parse(ONE_QUESTION)
    random = np.random.default_rng(n_articles)
    p_values = []
    for _ in range(120):
        truth = random.random(80) < 0.4
        first, second = flipped(random, truth, 0.2), flipped(random, truth, 0.2)
        p_values.append(compared(annotation, (truth, first, second), n_articles, schema)["macro_f1"].p)
    # Among 120 tests, .05 ± three standard errors of that share, and the same for .5.
    assert np.mean([p is not None and p <= 0.05 for p in p_values]) < 0.05 + 0.06
    assert abs(np.mean([p is not None and p <= 0.5 for p in p_values]) - 0.5) < 0.14


def test_only_what_both_answer_counts(annotation: Make, schema: LabelSchema) -> None:
    texts = ["One.", "Two.", "Three."]
    truth = [annotation(text, {"claims": (LABEL,)}, article=text) for text in texts]
    first = [annotation(text, {"claims": (LABEL,)}, article=text) for text in texts]
    second = [
        annotation("One.", {"claims": ()}, article="One."),
        annotation("Two.", {}, article="Two."),
        annotation("Three.", {"claims": (LABEL,)}, article="Three."),
    ]
    found = compare(truth, first, second, schema)[LABEL]["recall"]
    assert (found.first, found.second) == (1.0, 0.5)
    assert compare(truth, first, second, schema)["Loaded term"]["f1"].p is None


def test_a_model_that_knows_no_places_is_compared_on_the_same_sentences(
    annotation: Make, span: Callable[..., LabelledSpan], schema: LabelSchema
) -> None:
    texts = [f"{word} number {number}." for number, word in enumerate(["Slammed", "Said"] * 6)]
    marked = {text: (span(text, "Slammed"),) if "Slammed" in text else () for text in texts}
    truth = [annotation(text, {"terms": marked[text]}, article=text) for text in texts]
    placeless = [
        annotation(text, {}, article=text).model_copy(update={"carries": {"Loaded term": True}})
        if marked[text]
        else annotation(text, {"terms": ()}, article=text)
        for text in texts
    ]
    found = compare(truth, placeless, truth, schema)["Loaded term"]
    assert [(found[name].first, found[name].second) for name in ("f1", "mcc")] == [(1.0, 1.0), (1.0, 1.0)]
