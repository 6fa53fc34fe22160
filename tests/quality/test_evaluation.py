"""Figures equal those worked out by hand and those of scikit-learn."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator
from sklearn.metrics import f1_score, matthews_corrcoef, precision_score, recall_score

from annotate.annotation import Annotation, LabelledSpan
from annotate.quality.evaluation import Counts, LabelEvaluation, evaluate, macro_f1
from annotate.quality.tallies import figures
from annotate.schema import LabelSchema
from annotate.words import Place

Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]
LABEL = "Prediction"
ONE_LABEL = LabelSchema.parse(
    '<View><Text name="s" value="$sentence"/>'
    '<Labels name="terms" toName="s"><Label value="Loaded term"/></Labels></View>'
)


def judged(make: Make, schema: LabelSchema, *pairs: tuple[bool | None, bool | None]) -> LabelEvaluation:
    """Evaluate pairs of truth and guess; ``None`` is not answered."""

    def side(values: list[bool | None]) -> list[Annotation]:
        answers: list[dict[str, object]] = [{} if v is None else {"claims": (LABEL,) * v} for v in values]
        return [make(f"Sentence {number}.", answer) for number, answer in enumerate(answers)]

    truth, guesses = side([true for true, _ in pairs]), side([guess for _, guess in pairs])
    return evaluate(truth, guesses, schema)[LABEL]


def test_sentences_are_counted_as_by_hand(annotation: Make, schema: LabelSchema) -> None:
    found = judged(annotation, schema, (True, True), (True, False), (True, False), (False, True), (False, False))
    assert found.sentences == Counts(true_positive=1, false_positive=1, false_negative=2)
    assert (found.n_sentences, found.n_positive) == (5, 3)
    assert (found.words, found.spans) == (None, None)
    assert (found.sentences.precision, found.sentences.recall, found.sentences.f1) == (1 / 2, 1 / 3, 2 / 5)


@pytest.mark.parametrize("seed", range(5))
def test_figures_are_those_of_scikit_learn(annotation: Make, schema: LabelSchema, seed: int) -> None:
    random = np.random.default_rng(seed)
    truth, guess = random.random(60) < random.uniform(0.1, 0.9), random.random(60) < random.uniform(0.1, 0.9)
    found = judged(annotation, schema, *zip(truth.tolist(), guess.tolist(), strict=True))
    ours = [found.sentences.f1, found.sentences.precision, found.sentences.recall, found.mcc]
    theirs = [measure(truth, guess) for measure in (f1_score, precision_score, recall_score, matthews_corrcoef)]
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(
    ("pair", "figures"),
    [
        ((False, False), (None, None, None, None)),
        ((True, False), (None, 0.0, 0.0, None)),
        ((False, True), (0.0, None, 0.0, None)),
        ((True, True), (1.0, 1.0, 1.0, None)),
        ((None, True), (None, None, None, None)),
    ],
)
def test_an_undefined_figure_is_none(
    annotation: Make, schema: LabelSchema, pair: tuple[bool | None, bool | None], figures: tuple[float | None, ...]
) -> None:
    found = judged(annotation, schema, pair, pair)
    assert (found.sentences.precision, found.sentences.recall, found.sentences.f1, found.mcc) == figures


def test_what_either_side_did_not_answer_is_left_out(annotation: Make, schema: LabelSchema) -> None:
    found = judged(annotation, schema, (True, True), (True, None), (None, True), (None, None))
    assert (found.n_sentences, found.n_positive) == (1, 1)
    assert found.sentences == Counts(true_positive=1)


def test_a_sentence_that_one_side_lacks_is_left_out(annotation: Make, schema: LabelSchema) -> None:
    truth = [annotation("One.", {"claims": (LABEL,)}), annotation("Two.", {"claims": (LABEL,)})]
    guesses = [annotation("Three.", {"claims": (LABEL,)}), annotation("Two.", {"claims": (LABEL,)})]
    assert evaluate(truth, guesses, schema)[LABEL].sentences == Counts(true_positive=1)


def test_words_and_spans_are_counted_as_by_hand(annotation: Make, schema: LabelSchema, span: Marks) -> None:
    text = "The so-called brutal regime won’t fall."
    truth = annotation(text, {"terms": (span(text, "so-called"), span(text, "brutal regime"), span(text, "fall"))})
    guess = annotation(text, {"terms": (span(text, "so-called"), span(text, "regime won’t"))})
    found = evaluate([truth], [guess], schema)["Loaded term"]
    assert found.words == Counts(true_positive=2, false_positive=1, false_negative=2)
    assert found.spans == Counts(true_positive=1, false_positive=1, false_negative=2)
    assert found.sentences == Counts(true_positive=1)


def test_a_word_counts_when_a_part_of_it_is_marked_and_punctuation_never(
    annotation: Make, schema: LabelSchema, span: Marks
) -> None:
    text = "“Regime” fell."
    truth = annotation(text, {"terms": (span(text, "“Regime”"),)})
    guess = annotation(text, {"terms": (span(text, "gime"),)})
    found = evaluate([truth], [guess], schema)["Loaded term"]
    assert found.words == Counts(true_positive=1)
    assert found.spans == Counts(false_positive=1, false_negative=1)


def test_labels_come_in_the_schemas_order_and_their_mean_is_over_the_defined(
    annotation: Make, schema: LabelSchema
) -> None:
    truth = [annotation("One.", {"claims": ("Prediction", "Unsourced claim")}), annotation("Two.", {"claims": ()})]
    guesses = [annotation("One.", {"claims": ("Prediction",)}), annotation("Two.", {"claims": ()})]
    found = evaluate(truth, guesses, schema)
    assert list(found) == ["Loaded term", "Unsourced claim", "Prediction"]
    assert macro_f1(found) == 0.5
    assert macro_f1(evaluate([], [], schema)) is None


def as_entities(spans: frozenset[tuple[int, int]]) -> list[dict[str, object]]:
    # Its ends are inclusive.
    return [{"label": "Loaded term", "start": start, "end": end - 1} for start, end in sorted(spans)]


SPANS = st.frozensets(st.integers(0, 9), max_size=6).map(
    lambda cuts: frozenset(pair for pair in pairwise(sorted(cuts)) if pair[0] % 2)
)


@given(SPANS, SPANS)
def test_exact_and_partial_spans_are_those_of_nervaluate(true: frozenset[Place], guess: frozenset[Place]) -> None:
    found = evaluate([marked(true)], [marked(guess)], ONE_LABEL)["Loaded term"]
    sides = [as_entities(true)], [as_entities(guess)]
    theirs = Evaluator(*sides, tags=["Loaded term"], loader="dict").evaluate()["overall"]
    for ours, their in ((found.spans, theirs["strict"]), (found.partial, theirs["partial"])):
        assert ours is not None
        assert [each or 0 for each in (ours.precision, ours.recall, ours.f1)] == pytest.approx(
            [their.precision, their.recall, their.f1]
        )


def marked(spans: frozenset[Place]) -> Annotation:
    terms = [{"start": start, "end": end, "label": "Loaded term"} for start, end in sorted(spans)]
    sentence = {"uid": "a", "article_id": "a", "start": 0, "end": 10, "text": "abcdefghij", "paragraph": 1}
    rest = {"section": "body", "annotator": "user:1", "origin": "manual", "answers": {"terms": terms}}
    return Annotation.model_validate(sentence | rest)


def test_a_span_meets_one_other_and_an_overlap_is_half_a_hit() -> None:
    # [1, 4) is met exactly; [5, 9) by two, of which one counts, and the other is a false alarm.
    found = evaluate([marked(frozenset({(1, 4), (5, 9)}))], [marked(frozenset({(1, 4), (5, 6), (7, 9)}))], ONE_LABEL)
    assert found["Loaded term"].partial == Counts(true_positive=1.5, false_positive=1.5, false_negative=0.5)
    assert found["Loaded term"].spans == Counts(true_positive=1, false_positive=2, false_negative=1)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_macro_f1_and_mcc_are_those_of_scikit_learn(pairs: list[tuple[bool, bool]]) -> None:
    true, guess = (np.array(side) for side in zip(*pairs, strict=True))
    hits, alarms, misses = (true & guess).sum(), (guess & ~true).sum(), (true & ~guess).sum()
    counts = np.array([hits, alarms, misses, len(pairs) - hits - alarms - misses], float)
    found = figures({"sentences": counts})
    assert float(found["macro_f1"]) == pytest.approx(f1_score(true, guess, average="macro"), abs=1e-9)
    if np.isfinite(found["mcc"]):
        assert float(found["mcc"]) == pytest.approx(matthews_corrcoef(true, guess), abs=1e-9)
    else:
        assert min(len(set(true.tolist())), len(set(guess.tolist()))) == 1
