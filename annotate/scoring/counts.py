"""What is counted of an article, by label and place; profiles of articles and of sources are sums of it."""

from collections.abc import Sequence, Set
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import Scores
from annotate.article import Quotation, Section
from annotate.errors import ConfigError
from annotate.quality.bootstrap import Floats
from annotate.schema import LabelSchema
from annotate.scoring.people import Judged

# *Shape:* (n_labels, n_sections, n_quotations, n_fields); sums of it are counts too.
Counts = NDArray[np.float64]

SECTIONS: tuple[Section, ...] = ("headline", "body")
QUOTATIONS: tuple[Quotation, ...] = ("none", "part", "whole")


class Field(IntEnum):
    """What is counted at one place for one label.

    ``SCORED`` sentences have a probability or a person's answer, ``DECIDED`` of them carry the label, and so many of
    either are by ``PEOPLE``; ``PROBABILITY`` is the sum of the probabilities, ``WORDS`` are those of scored sentences.
    """

    SCORED = 0
    DECIDED = 1
    PEOPLE = 2
    PEOPLE_DECIDED = 3
    PROBABILITY = 4
    SPANS = 5
    WORDS = 6


def count(judged: Sequence[Judged], schema: LabelSchema) -> Counts:
    """Count an article's own sentences; those of readers' comments are left out.

    Raises:
        ConfigError: The scores have a label that the schema does not have.
    """
    numbers = {label.name: number for number, label in enumerate(schema.labels)}
    places: list[tuple[int, int, int]] = []
    rows: list[tuple[float, ...]] = []
    for each in judged:
        score = each.score
        check_labels(score, numbers.keys())
        if score.section == "comment":
            continue
        section, quotation = SECTIONS.index(score.section), QUOTATIONS.index(score.quotation)
        n_words = word_count(score.text)
        for label, probability in score.labels.items():
            by_people, decided = label in each.by_people, label in score.decided
            n_spans = sum(span.label == label for span in score.spans) if score.spans else 0
            places.append((numbers[label], section, quotation))
            rows.append((1, decided, by_people, by_people and decided, probability, n_spans, n_words))
    counts = np.zeros((len(schema.labels), len(SECTIONS), len(QUOTATIONS), len(Field)))
    if rows:
        np.add.at(counts, tuple(np.array(places).T), np.array(rows, dtype=np.float64))
    return counts


def by_model(counts: Floats) -> tuple[Floats, Floats]:
    """Return how many sentences a model decided for, and about how many it decided; fields are the last axis."""
    decided, scored = (counts[..., field] for field in (Field.DECIDED, Field.SCORED))
    return decided - counts[..., Field.PEOPLE_DECIDED], scored - counts[..., Field.PEOPLE]


def word_count(text: str) -> int:
    """Count words: what stands between spaces and has a letter or a digit in it; a dash alone is none."""
    return sum(word[0].isalnum() or any(map(str.isalnum, word)) for word in text.split())


def check_labels(score: Scores, known: Set[str]) -> None:
    """Raise ``ConfigError`` where a score has a label that is not among the known ones."""
    unknown = {*score.labels, *score.decided, *(span.label for span in score.spans)} - known
    if unknown:
        raise ConfigError(
            f"the scores by '{score.model}' have the label '{min(unknown)}', which the labeling configuration does "
            "not have: use the configuration that the model was trained with"
        )
