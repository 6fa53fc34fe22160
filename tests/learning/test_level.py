"""The network in use says yes as readily as those that its thresholds were found with."""

from collections.abc import Callable
from itertools import compress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from lessons import course, learned

from annotate.annotation import Annotation, LabelledSpan
from annotate.learning.base import Base, load_base
from annotate.learning.calibration import fold_in, to_logits
from annotate.learning.held import Held
from annotate.learning.level import level_with
from annotate.learning.network import Network
from annotate.learning.training import fit, predict
from annotate.learning.validation import cross_validate, folds_of, prepare
from annotate.models.scores import Probabilities
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
LABEL = "Prediction"


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


def said(base: Base, network: Network, labelled: list[Annotation]) -> list[Held]:
    found = predict(network, base, labelled, Recipe())
    return [Held(truth, 0, mine) for truth, mine in zip(labelled, found, strict=True)]


def levels(held: list[Held]) -> npt.NDArray[np.float64]:
    """Return the mean logits of the labels of sentences, then those of words."""
    sentences = np.stack([[*each.found.choices, *each.found.carried] for each in held])
    words = np.array([row for each in held for row in each.found.words.values()])
    return np.concatenate([to_logits(sentences).mean(0), to_logits(words).mean(0)])


@pytest.mark.parametrize(("n_examples", "times"), [(999, 2), (1000, 1)])
def test_a_network_is_brought_to_the_mean_level_of_its_judges_or_beyond_and_keeps_its_order(
    base: Base, starter: list[Annotation], schema: LabelSchema, n_examples: int, times: int
) -> None:
    one, other, network = (learned(base, starter[:24], schema, Recipe(epochs=1, seed=seed)) for seed in (1, 2, 3))
    with torch.no_grad():
        one.sentences.bias.add_(2.0)
        one.tokens.bias.add_(1.0)
    before, judges = said(base, network, starter), [said(base, judge, starter) for judge in (one, other)]
    fold_in(level_with([(judge, before) for judge in judges], schema, n_examples), network)
    after = said(base, network, starter)
    gap = np.mean([levels(judge) for judge in judges], axis=0) - levels(before)
    assert np.abs(gap).max() > 0.1
    assert levels(after) - levels(before) == pytest.approx(times * gap, rel=2e-3)
    first, second = (np.argsort([each.found.choices[0] for each in held]).tolist() for held in (before, after))
    assert first == second


def saying(make: Make, probability: float, answers: list[dict[str, object]]) -> list[Held]:
    """Build sentences of one word of which a network says the same."""
    row = np.array([0.1, probability], np.float32)
    found = Probabilities(row, row[1:], {(0, 4): [probability]})
    return [Held(make("word", given), 0, found) for given in answers]


def test_a_judge_counts_where_it_met_both_answers_and_with_the_sentences_that_were_answered(
    annotation: Make, schema: LabelSchema
) -> None:
    span = LabelledSpan(start=0, end=4, label="Loaded term")
    both: list[dict[str, object]] = [{"claims": (LABEL,), "terms": (span,)}, {"claims": (), "terms": ()}]
    network, judge = saying(annotation, 0.2, both), saying(annotation, 0.5, both)
    shifts = level_with([(judge, network)], schema, 1000)
    expected = float(np.log(4))
    assert shifts.sentences[LABEL].shift == pytest.approx(expected, abs=1e-5)
    assert shifts.sentences["Loaded term"].shift == pytest.approx(expected, abs=1e-5)
    assert shifts.words["Loaded term"].shift == pytest.approx(expected, abs=1e-5)

    one_sided = (saying(annotation, 0.01, both[1:]), saying(annotation, 0.2, both[1:]))
    assert level_with([(judge, network), one_sided], schema, 1000) == shifts
    unanswered: list[dict[str, object]] = [{"terms": ()}]
    more = (judge + saying(annotation, 0.9, unanswered), network + saying(annotation, 0.1, unanswered))
    assert level_with([more], schema, 1000).sentences[LABEL] == shifts.sentences[LABEL]
    assert level_with([one_sided], schema, 1000).sentences[LABEL].shift == 0


def test_what_both_learned_from_is_compared(base: Base, starter: list[Annotation], schema: LabelSchema) -> None:
    recipe = Recipe(epochs=10, folds=2, learning_rate=3e-3, head_learning_rate=3e-2)
    mine = course(base, schema, recipe)
    lessons = prepare(mine, starter)
    before, found = (
        said(base, each, starter) for each in (fit(mine, lessons.examples), cross_validate(mine, lessons).network)
    )
    fold_of = folds_of(starter, recipe)
    shared: list[npt.NDArray[np.float64]] = []
    held_out: list[npt.NDArray[np.float64]] = []
    for fold in (0, 1):
        inside = [fold_of[each.article_id] != fold for each in starter]
        judge = fit(mine, prepare(mine, list(compress(starter, inside))).examples)
        theirs, outside = said(base, judge, starter), [not each for each in inside]
        for gaps, rows in ((shared, inside), (held_out, outside)):
            gaps.append(levels(list(compress(theirs, rows))) - levels(list(compress(before, rows))))
    of_terms = slice(-2, None)  # the other labels some sentences leave open
    moved, of_shared, of_others = (
        each[of_terms] for each in (levels(found) - levels(before), np.mean(shared, axis=0), np.mean(held_out, axis=0))
    )
    assert moved == pytest.approx(2 * of_shared, abs=1e-5)
    assert np.abs(of_shared - of_others).max() > 1e-3
