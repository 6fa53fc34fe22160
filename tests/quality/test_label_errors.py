"""Answers that out-of-sample probabilities speak against are found, worst first."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.annotation import Annotation, LabelledSpan, ScoredSpan, WordScores
from annotate.quality.label_errors import label_quality, suspects
from annotate.schema import LabelSchema
from annotate.words import words_of

Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]
LABELS = ("Loaded term", "Unsourced claim", "Prediction")
THRESHOLD = 0.5


def scored(truth: Annotation, words: dict[str, float] | None = None, **labels: float) -> WordScores:
    """Score a sentence by hand; what is not named has the probability .01."""
    of_words = [(words or {}).get(truth.text[slice(*place)], 0.01) for place in words_of(truth.text)]
    found = {name: labels.get(name.replace(" ", "_"), 0.01) for name in LABELS} | {"Loaded term": max(of_words)}
    places = [place for place, p in zip(words_of(truth.text), of_words, strict=True) if p >= THRESHOLD]
    return WordScores(
        **dict(truth.sentence),
        model="m",
        labels=found,
        spans=tuple(ScoredSpan(start=s, end=e, label="Loaded term", score=THRESHOLD) for s, e in places),
        decided=tuple(name for name in LABELS if found[name] >= THRESHOLD),
        words={"Loaded term": tuple(of_words)},
    )


def test_quality_is_that_worked_out_by_hand() -> None:
    # Means where given: .8 for class 0, .4 for class 1. Less them and plus the larger: (.9, .5), (.7, .7), (.5, .9) and
    # (.7, .7), each over their sum 1.4; then the margin of what was given, brought to 0 to 1.
    probabilities = np.array([[0.9, 0.1], [0.7, 0.3], [0.5, 0.5], [0.7, 0.3]])
    found = label_quality(np.array([0, 0, 1, 1]), probabilities)
    assert found == pytest.approx((np.array([0.4, 0.0, 0.4, 0.0]) / 1.4 + 1) / 2)


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1))
def test_quality_is_the_margin_after_confident_thresholds(rows: list[tuple[float, bool]]) -> None:
    given_, p = np.array([int(yes) for _, yes in rows]), np.array([[1 - each, each] for each, _ in rows])
    n_given = np.bincount(given_, minlength=2)
    means = [p[given_ == k, k].mean() if n_given.all() else 0 for k in (0, 1)]
    shifted = p - means + max(means)
    shares = shifted / shifted.sum(axis=1, keepdims=True)
    own, other = shares[np.arange(len(rows)), given_], shares[np.arange(len(rows)), 1 - given_]
    assert label_quality(given_, p) == pytest.approx(np.clip((own - other + 1) / 2, 0, 1), abs=1e-9)


def test_labels_of_sentences_come_worst_first_with_what_the_model_would_say(
    annotation: Make, schema: LabelSchema
) -> None:
    answers: list[tuple[str, ...]] = [("Prediction",), (), ("Unsourced claim", "Prediction"), (), ("Prediction",)]
    answers += [(), ()]
    truth = [annotation(f"Sentence {n}.", {"claims": given}) for n, given in enumerate(answers)]
    probabilities = [0.9, 0.1, 0.2, 0.97, 0.95, 0.1, 0.1]
    claims = [0.02, 0.02, 0.9, 0.02, 0.02, 0.02, 0.02]
    scores = [
        scored(each, Prediction=p, Unsourced_claim=c) for each, p, c in zip(truth, probabilities, claims, strict=True)
    ]
    found = suspects(truth, scores, schema)
    assert [(each.text, each.label, each.suggested) for each in found] == [
        ("Sentence 3.", "Prediction", ("Prediction",)),
        ("Sentence 2.", "Prediction", ("Unsourced claim",)),
    ]
    assert found[0].why == "not given, and 97% likely by the model"
    assert found[1].why == "given, and 20% likely by the model"
    assert found[0].answers == {"claims": ()}


def test_a_sentence_is_as_doubtful_as_its_worst_word(annotation: Make, schema: LabelSchema, span: Marks) -> None:
    texts = ["The brutal regime fell.", "A desperate mayor spoke.", "The vile plan failed."]
    marked = ["brutal", "mayor", "vile"]
    truth = [annotation(t, {"terms": (span(t, part),)}) for t, part in zip(texts, marked, strict=True)]
    words = [{"brutal": 0.9, "regime": 0.6}, {"desperate": 0.95, "mayor": 0.02}, {"vile": 0.9}]
    found = suspects(truth, [scored(each, w) for each, w in zip(truth, words, strict=True)], schema)
    assert [each.text for each in found] == [texts[1], texts[0]]
    assert found[0].why == "‘mayor’ marked, and 2% likely by the model"
    assert found[0].suggested == (span(texts[1], "desperate"),)
    assert found[1].suggested == (span(texts[0], "brutal"), span(texts[0], "regime"))


def test_a_single_choice_is_judged_as_a_whole(annotation: Make) -> None:
    xml = """<View><Text name="s" value="$sentence"/><Choices name="tone" toName="s">
    <Choice value="Angry"/><Choice value="Amused"/><Choice value="None"/></Choices></View>"""
    schema = LabelSchema.parse(xml)
    rows = [("Angry", 0.9, 0.05), ("Amused", 0.05, 0.9), (None, 0.05, 0.05), ("Angry", 0.05, 0.9), (None, 0.9, 0.05)]
    truth, scores = [], []
    for number, (given_, angry, amused) in enumerate(rows):
        truth.append(annotation(f"Sentence {number}.", {"tone": (given_,) if given_ else ()}))
        labels = {"Angry": angry, "Amused": amused}
        decided = tuple(name for name, p in labels.items() if p > 0.5)
        scores.append(WordScores(**dict(truth[-1].sentence), model="m", labels=labels, decided=decided))
    found = suspects(truth, scores, schema)
    assert {(each.text, each.label, each.suggested) for each in found} == {
        ("Sentence 3.", "Angry", ("Amused",)),
        ("Sentence 4.", "Angry", ("Angry",)),
    }
    assert {each.probability for each in found} == {0.05, 0.9}


def test_what_is_not_scored_or_not_answered_is_not_judged(annotation: Make, schema: LabelSchema) -> None:
    truth = [
        annotation("One.", {"claims": ("Prediction",)}),
        annotation("Two.", {}),
        annotation("Three.", {"terms": ()}),
    ]
    assert suspects(truth, [], schema) == []
    assert suspects(truth, [scored(each) for each in truth[1:]], schema) == []
    assert suspects(truth, [scored(truth[0], Prediction=0.01)], schema)
    assert suspects(truth, [scored(truth[0], Prediction=0.01).without({"Prediction"})], schema) == []


def test_labels_take_turns(annotation: Make, schema: LabelSchema) -> None:
    truth = [annotation(f"Sentence {n}.", {"claims": ()}) for n in range(3)]
    scores = [scored(each, Prediction=0.99 - n / 100, Unsourced_claim=0.7) for n, each in enumerate(truth)]
    found = suspects(truth, scores, schema)
    assert [each.label for each in found] == ["Prediction", "Unsourced claim"] * 3
    assert [each.text for each in found[::2]] == [each.text for each in truth]
