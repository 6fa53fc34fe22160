"""Spans of several annotators: matches as nervaluate counts them, and alpha for unitizing by its definition."""

from collections.abc import Callable
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate.entities import Entity
from nervaluate.strategies import PartialEvaluation

from annotate.annotation import Annotation, LabelledSpan
from annotate.quality.agreement.panel import Panel
from annotate.quality.agreement.spans import Places, exact_f1, lengths, match, matched, partial_f1, unitizing_alpha
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Loaded term"
LENGTH = 40
TEXT = "abcdefghi " * 4

# Places in order and without overlaps: neighbours of a sorted list of ends.
PLACES = st.lists(st.integers(0, LENGTH), unique=True, max_size=12).map(
    lambda ends: [pair for number, pair in enumerate(pairwise(sorted(ends))) if number % 2 == 0]
)


def panel_of(make: Make, *people: Places, text: str = TEXT) -> Panel:
    def spans(places: Places) -> tuple[LabelledSpan, ...]:
        return tuple(LabelledSpan(start=start, end=end, label=LABEL) for start, end in places)

    return Panel(make(text, {"terms": spans(places)}, f"user:{n}") for n, places in enumerate(people))


@given(PLACES, PLACES)
@settings(deadline=None)
def test_spans_match_as_nervaluate_matches_them(one: Places, other: Places) -> None:
    true, found = ([Entity("x", start, end - 1) for start, end in places] for places in (one, other))
    theirs, _ = PartialEvaluation(1.0).evaluate(true, found, ["x"])
    ours = match(one, other)
    assert ours == (theirs.correct, theirs.partial, len(one) + len(other))
    assert match(other, one) == ours
    counts = np.array(ours, dtype=np.float64)
    assert np.nan_to_num(partial_f1(counts)) == pytest.approx(theirs.f1, abs=1e-9)


def test_exact_and_partial_f1_are_as_by_hand(annotation: Make, schema: LabelSchema) -> None:
    # Of three pairs of annotators: one equal and one overlap, then nothing in common with whoever marked nothing.
    panel = panel_of(annotation, [(0, 4), (10, 14)], [(0, 4), (12, 19)], [])
    (question,) = schema.span_questions
    counts = matched(panel.marks(question, LABEL), panel.answered(question), panel)
    assert counts.tolist() == [[1, 1, 8]]
    assert (float(exact_f1(counts)[0]), float(partial_f1(counts)[0])) == (2 / 8, 3 / 8)


def test_spans_of_one_annotator_that_overlap_are_one(annotation: Make, schema: LabelSchema) -> None:
    marks = panel_of(annotation, [(5, 9), (0, 6)], [(0, 3), (3, 9)]).marks(schema.span_questions[0], LABEL)
    assert list(zip(marks.annotator.tolist(), marks.start.tolist(), marks.end.tolist(), strict=True)) == [
        (0, 0, 9),
        (1, 0, 3),
        (1, 3, 9),
    ]


def by_definition(people: list[Places]) -> float:
    """Compute alpha for unitizing from intersections of segments (Krippendorff et al., 2016), one by one."""
    segments = [
        [(start, end, True) for start, end in places] + [(at, at + 1, False) for at in gaps(places)]
        for places in people
    ]
    met = np.zeros((2, 2))
    for one, other in permutations(segments, 2):
        for start, end, value in one:
            for begin, stop, their in other:
                met[int(value), int(their)] += max(0, min(end, stop) - max(start, begin))
    met /= len(people) - 1
    own = [sum((end - start) ** 2 for mine in segments for start, end, value in mine if value == v) for v in (0, 1)]
    total = met.sum()
    expected = np.outer(met.sum(axis=0), met.sum(axis=1)) - np.diag(own)
    expected /= total - sum(own) / total
    return float(1 - (met[0, 1] + met[1, 0]) / (expected[0, 1] + expected[1, 0]))


def gaps(places: Places) -> list[int]:
    inside = {at for start, end in places for at in range(start, end)}
    return [at for at in range(LENGTH) if at not in inside]


@given(st.lists(PLACES, min_size=2, max_size=4).filter(any))
@settings(deadline=None)
def test_unitizing_alpha_is_that_of_its_definition(annotation: Make, schema: LabelSchema, people: list[Places]) -> None:
    panel, (question,) = panel_of(annotation, *people), schema.span_questions
    found = unitizing_alpha(lengths(panel.marks(question, LABEL), panel.answered(question), panel))
    assert float(found[0]) == pytest.approx(by_definition(people), abs=1e-9)


def test_unitizing_alpha_is_1_when_all_mark_the_same_and_0_or_less_when_none_does(
    annotation: Make, schema: LabelSchema
) -> None:
    (question,) = schema.span_questions
    for people, low, high in [([[(3, 9)]] * 3, 1.0, 1.0), ([[(3, 9)], [(20, 24)], []], -1.0, 0.0)]:
        panel = panel_of(annotation, *people)
        found = unitizing_alpha(lengths(panel.marks(question, LABEL), panel.answered(question), panel))
        assert low <= float(found[0]) <= high


def test_a_word_is_marked_when_a_part_of_it_is(annotation: Make, schema: LabelSchema) -> None:
    text = "The so-called brutal regime, “fell”."
    panel = panel_of(annotation, [(7, 19)], [(28, 35)], [], text=text)
    words = panel.words(schema.span_questions[0], LABEL)
    assert words.codes.T.tolist() == [[0, 1, 1, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]]


def test_words_of_whoever_did_not_answer_are_missing(annotation: Make, schema: LabelSchema) -> None:
    panel = Panel(
        [annotation("Two words.", {"claims": ()}, "user:1"), annotation("Two words.", {"terms": ()}, "user:2")]
    )
    assert panel.words(schema.span_questions[0], LABEL).codes.tolist() == [[-1, 0], [-1, 0]]
