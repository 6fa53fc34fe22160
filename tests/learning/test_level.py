"""The network in use says yes as readily as those that its thresholds were found with."""

from collections.abc import Callable
from itertools import compress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from lessons import course, learned

from annotate.annotation import Annotation
from annotate.learning.base import Base, load_base
from annotate.learning.calibration import fold_in, to_logits
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


def said(base: Base, network: Network, labelled: list[Annotation]) -> list[Probabilities]:
    return predict(network, base, labelled, Recipe())


def levels(found: list[Probabilities]) -> npt.NDArray[np.float64]:
    """Return the mean logits of the labels of sentences, then those of words."""
    sentences = np.stack([[*each.choices, *each.carried] for each in found])
    words = np.array([row for each in found for row in each.words.values()])
    return np.concatenate([to_logits(sentences).mean(0), to_logits(words).mean(0)])


def test_a_network_is_brought_to_the_mean_level_of_its_judges_and_keeps_its_order(
    base: Base, starter: list[Annotation], schema: LabelSchema
) -> None:
    some = starter[:12]
    one, other, network = (learned(base, some, schema, Recipe(epochs=1, seed=seed)) for seed in (1, 2, 3))
    with torch.no_grad():
        one.sentences.bias.add_(2.0)
        one.tokens.bias.add_(1.0)
    before, judges = said(base, network, some), [said(base, judge, some) for judge in (one, other)]
    fold_in(level_with([(judge, before) for judge in judges], schema), network)
    after = said(base, network, some)
    assert levels(after) == pytest.approx(np.mean([levels(judge) for judge in judges], axis=0), abs=1e-3)
    assert (
        np.argsort([each.choices[0] for each in after]).tolist() == np.argsort([b.choices[0] for b in before]).tolist()
    )


def test_a_judge_that_learned_nothing_of_a_label_has_no_say(annotation: Make, schema: LabelSchema) -> None:
    def saying(claims: list[float]) -> list[Probabilities]:
        return [Probabilities(np.array([0.1, p], np.float32), np.array([p], np.float32), {(0, 4): [p]}) for p in claims]

    network, judge, silent = saying([0.2, 0.4]), saying([0.3, 0.6]), saying([0.01, 0.01])
    mine = level_with([(judge, network)], schema)
    assert mine.sentences[LABEL].shift > 0
    assert level_with([(judge, network), (silent, network)], schema) == mine
    assert level_with([(silent, network)], schema).sentences[LABEL].shift == 0


def test_what_both_learned_from_is_compared(base: Base, starter: list[Annotation], schema: LabelSchema) -> None:
    recipe = Recipe(epochs=1, folds=2, batch_size=8)
    mine = course(base, schema, recipe)
    lessons = prepare(mine, starter)
    found = said(base, cross_validate(mine, lessons).network, starter)
    fold_of = folds_of(starter, recipe)
    gaps = []
    for fold in (0, 1):
        inside = [fold_of[each.article_id] != fold for each in starter]
        judge = fit(mine, prepare(mine, list(compress(starter, inside))).examples)
        gaps.append(levels(list(compress(said(base, judge, starter), inside))) - levels(list(compress(found, inside))))
    assert np.mean(gaps, axis=0) == pytest.approx(0, abs=1e-3)
