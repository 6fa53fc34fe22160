"""Doubt is nearness to the threshold, of the least sure word where words are marked."""

from collections.abc import Callable

import numpy as np
import pytest

from annotate.annotation import WordScores
from annotate.article import Sentence
from annotate.models.thresholds import Thresholds
from annotate.schema import LabelSchema
from annotate.selection.doubt import doubt, doubts

THRESHOLDS = Thresholds(
    sentences={"Loaded term": 0.5, "Unsourced claim": 0.5, "Prediction": 0.5}, words={"Loaded term": 0.2}
)
TONE = LabelSchema.parse(
    '<View><Text name="sentence" value="$sentence"/><Choices name="tone" toName="sentence">'
    '<Choice value="Angry"/><Choice value="Amused"/><Choice value="None"/></Choices></View>'
)


def scored(sentence: Sentence, labels: dict[str, float], *words: float) -> WordScores:
    return WordScores(**dict(sentence), model="m", labels=labels, words={"Loaded term": words})


@pytest.mark.parametrize(
    ("probability", "threshold", "expected"),
    [(0.5, 0.5, 1), (0, 0.5, 0), (1, 0.5, 0), (0.2, 0.2, 1), (0.1, 0.2, 0.5), (0.6, 0.2, 0.5), (0.25, 0.5, 0.5)],
)
def test_doubt_is_one_at_the_threshold_and_nothing_where_the_model_is_sure(
    probability: float, threshold: float, expected: float
) -> None:
    assert doubt(np.array([probability]), threshold) == pytest.approx([expected])


def test_a_span_label_is_doubted_as_a_whole_or_as_its_least_sure_word(
    schema: LabelSchema, sentence: Callable[..., Sentence]
) -> None:
    others = {"Unsourced claim": 0.5, "Prediction": 0.0}
    found = [
        scored(sentence("The desperate mayor."), {"Loaded term": 1.0} | others, 0.0, 0.1, 1.0),
        scored(sentence("The old mayor."), {"Loaded term": 0.75} | others, 0.0, 0.2, 0.0),
        scored(sentence("The young mayor."), {"Loaded term": 0.25} | others, 0.0, 0.2, 0.0),
        scored(sentence("…"), {"Loaded term": 0.0} | others),
    ]
    assert doubts(found, schema, THRESHOLDS).tolist() == [[0.5, 1, 0], [0.75, 1, 0], [0.5, 1, 0], [0, 1, 0]]


def test_labels_of_a_single_choice_share_the_doubt_between_the_two_likeliest(sentence: Callable[..., Sentence]) -> None:
    chances = [{"Angry": 0.5, "Amused": 0.25}, {"Angry": 0.0, "Amused": 0.0}, {"Angry": 0.375, "Amused": 0.25}]
    found = doubts([scored(sentence("So."), each, 0.0) for each in chances], TONE, Thresholds(sentences={}))
    assert found.tolist() == [[0.75, 0.75], [0, 0], [1, 1]]


def test_of_nothing_there_is_nothing_to_doubt(schema: LabelSchema) -> None:
    assert doubts([], schema, THRESHOLDS).shape == (0, 3)
