"""What a model decides follows from its probabilities and thresholds, and from nothing else."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.annotation import Scores, check_answers
from annotate.article import Sentence
from annotate.models.scores import (
    Floats,
    Probabilities,
    certainty,
    columns_of_none,
    n_logits,
    run_network,
    to_annotation,
    to_scores,
)
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import Ids, Window
from annotate.schema import LabelSchema
from annotate.studio.tasks import to_prediction
from annotate.words import words_of

Make = Callable[..., Sentence]
LABELS = ("Loaded term", "Unsourced claim", "Prediction")
NEUTRAL = Thresholds(sentences=dict.fromkeys(LABELS, 0.5), words={"Loaded term": 0.5})
TONE = """<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">
<Choice value="Mild"/><Choice value="Harsh"/>{none}</Choices></View>"""
NONE = '<Choice value="None"/>'
shares = st.floats(0, 1, width=32)


def found(
    text: str, words: Sequence[float] = (), choices: Sequence[float] = (0, 0), carried: float = 1.0
) -> Probabilities:
    places = {place: [float(np.float32(p))] for place, p in zip(words_of(text), words, strict=True)}
    return Probabilities(np.array(choices, np.float32), np.array([carried], np.float32), places)


def scored(
    sentence: Sentence, schema: LabelSchema, words: Sequence[float], choices: Sequence[float] = (0, 0)
) -> Scores:
    return to_scores(sentence, found(sentence.text, words, choices), schema, "m", NEUTRAL)


@pytest.mark.parametrize(
    ("text", "words", "spans"),
    [
        ("A brutal regime fell.", (0.1, 0.7, 0.9, 0.2), [("brutal regime", 0.9)]),
        ("A brutal,  regime fell.", (0.1, 0.7, 0.9, 0.2), [("brutal", 0.7), ("regime", 0.9)]),
        ("A brutal \n\t regime fell.", (0.1, 0.7, 0.9, 0.2), [("brutal \n\t regime", 0.9)]),
        ("A “brutal regime”", (0.9, 0.49, 0.5), [("A", 0.9), ("regime", 0.5)]),
        ("A 🐀 regime", (0.5, 0.6), [("A", 0.5), ("regime", 0.6)]),
        ("A", (0.0,), [("A", 0.0)]),
    ],
)
def test_words_are_joined_across_white_space_alone(
    sentence: Make, schema: LabelSchema, text: str, words: tuple[float, ...], spans: list[tuple[str, float]]
) -> None:
    scores = scored(sentence(text), schema, words)
    assert [(text[s.start : s.end], round(s.score, 5)) for s in scores.spans] == spans
    assert (scores.labels["Loaded term"], scores.decided) == (1.0, ("Loaded term",))


@pytest.mark.parametrize(
    ("carried", "words", "spans"),
    [
        (0.49, (0.9, 0.9, 0.9), []),
        (0.5, (0.1, 0.4, 0.3), ["brutal"]),
        (0.5, (0.4, 0.4, 0.3), ["A brutal"]),
        (0.9, (0.1, 0.7, 0.3), ["brutal"]),
    ],
)
def test_words_are_marked_where_the_sentence_carries_the_label_and_one_at_least(
    sentence: Make, schema: LabelSchema, carried: float, words: tuple[float, ...], spans: list[str]
) -> None:
    made = sentence("A brutal regime")
    scores = to_scores(made, found(made.text, words, carried=carried), schema, "m", NEUTRAL)
    assert [made.text[s.start : s.end] for s in scores.spans] == spans
    assert scores.labels["Loaded term"] == pytest.approx(carried)
    assert scores.decided == (("Loaded term",) if spans else ())


@pytest.mark.parametrize(("probability", "unsure"), [(0.29, ()), (0.3, ("Prediction",)), (0.71, ())])
def test_a_probability_in_the_band_of_its_label_is_unsure(
    sentence: Make, schema: LabelSchema, probability: float, unsure: tuple[str, ...]
) -> None:
    made = sentence("Rats.")
    band = NEUTRAL.model_copy(update={"unsure": {"Prediction": (0.3, 0.7)}})
    scores = to_scores(made, found(made.text, (0.5,), (0.5, probability)), schema, "m", band)
    assert scores.unsure == unsure


def test_a_sentence_without_words_has_no_span_label(sentence: Make, schema: LabelSchema) -> None:
    scores = scored(sentence("?!"), schema, ())
    assert (scores.labels["Loaded term"], scores.spans, scores.decided) == (0.0, (), ())


def test_where_no_place_was_taught_none_is_marked_and_the_sentence_carries_the_label(
    sentence: Make, schema: LabelSchema
) -> None:
    scores = scored(sentence("A brutal regime fell."), schema, (0.01, 0.01, 0.01, 0.01))
    assert (scores.decided, scores.spans) == (("Loaded term",), ())
    guess = to_annotation(scores, schema)
    assert (guess.answers, guess.carries) == ({"claims": ()}, {"Loaded term": True})
    assert [item["type"] for item in to_prediction(scores, schema)["result"]] == ["choices"]


@given(data=st.data(), gaps=st.lists(st.sampled_from([" ", ", ", "  "]), max_size=8), choices=st.tuples(shares, shares))
def test_a_label_is_decided_when_its_probability_reaches_the_threshold(
    sentence: Make, schema: LabelSchema, data: st.DataObject, gaps: list[str], choices: tuple[float, float]
) -> None:
    made = sentence("rat" + "".join(f"{gap}rat" for gap in gaps))
    words = data.draw(st.lists(shares, min_size=len(gaps) + 1, max_size=len(gaps) + 1))
    cuts = {name: data.draw(st.floats(0.05, 0.95)) for name in LABELS}
    thresholds = Thresholds(sentences=cuts, words={"Loaded term": data.draw(st.floats(0.05, 0.95))})
    scores = to_scores(made, found(made.text, words, choices, data.draw(shares)), schema, "m", thresholds)
    assert list(scores.labels) == list(LABELS)
    assert list(scores.decided) == [name for name, p in scores.labels.items() if p >= cuts[name]]
    untold = len(words) > 1 and len(set(words)) == 1 and round(words[0], 6) < thresholds.words["Loaded term"]
    assert ("Loaded term" in scores.decided and not untold) == bool(scores.spans)
    assert all(left.end < right.start for left, right in zip(scores.spans, scores.spans[1:], strict=False))
    reached = min(thresholds.words["Loaded term"], round(max(words), 6))
    assert all(span.score >= reached for span in scores.spans)
    assert 0 <= certainty(scores) <= 1
    guess = to_annotation(scores, schema)
    assert check_answers(guess.answers, schema) == guess.answers
    assert all(guess.says(q, name) == (name in scores.decided) for q in schema.questions for name in q.names)


@pytest.mark.parametrize(
    ("none", "choices", "decided"),
    [
        ("", (0.5, 0.5), ("Mild",)),
        ("", (0.3, 0.7), ("Harsh",)),
        (NONE, (0.1, 0.5), ("Harsh",)),
        (NONE, (0.3, 0.3), ()),
        (NONE, (0.45, 0.1), ("Mild",)),
    ],
)
def test_of_a_single_choice_the_likeliest_is_decided(
    sentence: Make, none: str, choices: tuple[float, float], decided: tuple[str, ...]
) -> None:
    schema = LabelSchema.parse(TONE.format(none=none))
    found = Probabilities(np.array(choices, np.float32), np.zeros(0, np.float32))
    scores = to_scores(sentence("Rats."), found, schema, "m", Thresholds(sentences={}))
    assert scores.decided == decided
    assert to_annotation(scores, schema).answers == {"tone": decided}


@pytest.mark.parametrize(("none", "logits"), [("", 2), (NONE, 3)])
def test_none_is_a_class_of_its_own_in_a_single_choice(none: str, logits: int) -> None:
    assert n_logits(LabelSchema.parse(TONE.format(none=none)).questions[0]) == logits


def test_none_needs_no_class_among_multiple_choices(schema: LabelSchema) -> None:
    assert [n_logits(question) for question in schema.choice_questions] == [2]
    assert columns_of_none(schema) == []


def test_the_class_of_none_is_the_last_of_its_question() -> None:
    asked = [("a", "", NONE), ("b", "", ""), ("c", 'choice="multiple"', NONE), ("d", "", NONE)]
    tags = [
        f'<Choices name="{name}" toName="t" {more}><Choice value="{name} 1"/><Choice value="{name} 2"/>'
        f"{none.replace('None', f'None of {name}')}</Choices>"
        for name, more, none in asked
    ]
    schema = LabelSchema.parse(f'<View><Text name="t" value="$sentence"/>{"".join(tags)}</View>')
    assert columns_of_none(schema) == [2, 9]


@pytest.mark.parametrize(
    ("labels", "expected"), [({"A": 1.0, "B": 0.5}, 0.0), ({"A": 0.9, "B": 0.2}, 0.6), ({"A": 0.0}, 1.0)]
)
def test_certainty_is_that_of_the_least_sure_answer(
    sentence: Make, labels: Mapping[str, float], expected: float
) -> None:
    scores = Scores(**dict(sentence("Rats.")), model="m", labels=labels)
    assert certainty(scores) == pytest.approx(expected)


def test_a_models_answers_are_a_draft_under_its_name(sentence: Make, schema: LabelSchema) -> None:
    annotation = to_annotation(scored(sentence("Rats won."), schema, (0.9, 0.1), (0.2, 0.8)), schema)
    assert (annotation.annotator, annotation.origin, annotation.sentence) == ("model:m", "draft", sentence("Rats won."))
    assert annotation.answers["claims"] == ("Prediction",)
    assert [span.model_dump() for span in annotation.answers["terms"] if not isinstance(span, str)] == [
        {"start": 0, "end": 4, "label": "Loaded term"}
    ]


def test_of_several_windows_and_tokens_each_label_has_its_highest_probability(schema: LabelSchema) -> None:
    windows = [
        Window(0, (4, 5), ((0, 3), (0, 3))),
        Window(1, (1,), (None,)),
        Window(0, (2, 6, 3), (None, (4, 5), (0, 3))),
    ]

    def network(ids: Ids) -> tuple[Floats, Floats]:
        logits = ids.astype(np.float32) - 4
        return np.stack([logits[:, 0], -logits[:, 0], logits[:, 0]], 1), logits[..., None]

    first, second = run_network(network, windows, schema)
    assert first.choices == pytest.approx([1 / 2, 1 / (1 + np.exp(-2))])
    assert first.carried == pytest.approx([1 / 2])
    assert {place: float(p[0]) for place, p in first.words.items()} == {
        (0, 3): pytest.approx(1 / (1 + np.exp(-1))),
        (4, 5): pytest.approx(1 / (1 + np.exp(-2))),
    }
    assert (second.words, second.choices[1]) == ({}, pytest.approx(1 / (1 + np.exp(-3))))


def test_the_probabilities_of_a_single_choice_and_none_add_up_to_one() -> None:
    schema = LabelSchema.parse(TONE.format(none=NONE))

    def network(ids: Ids) -> tuple[Floats, Floats]:
        logits = np.log([[1, 2, 5]] * len(ids)).astype(np.float32)
        return logits, np.zeros((*ids.shape, 1), np.float32)

    (found,) = run_network(network, [Window(0, (1,), (None,))], schema)
    assert found.choices == pytest.approx([1 / 8, 2 / 8])
