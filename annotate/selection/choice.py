"""Which sentences to label next: those that a model is least sure of, unlike each other, and some by chance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import Probability
from annotate.article import Sentence
from annotate.quality.bootstrap import Floats
from annotate.schema import LabelSchema
from annotate.selection.diversity import spread

_SHORTLIST = 5  # times as many as are chosen, of which those that differ are taken
_FEW = 10  # examples that every label is credited with, so that one without any does not outweigh all others

# From rows of candidates to their vectors.
Vectors = Callable[[NDArray[np.intp]], NDArray[np.floating]]


class Chosen(Sentence):
    """A sentence to label next.

    ``test`` marks one that was drawn by chance for the test set. ``label`` is the label in most doubt, and ``doubt``
    how near the model's probability is to the threshold: 1 is on it, 0 is sure.
    """

    test: bool
    label: str
    doubt: Probability


@dataclass(frozen=True)
class Candidates:
    """Sentences that wait for labels, and how much a model doubts each label in them.

    ``lots`` are the numbers (0 to 1) that sentences draw for the test set. *Shape* of ``doubts``:
    ``(n_sentences, n_labels)``.
    """

    sentences: Sequence[Sentence]
    doubts: Floats
    lots: Sequence[float]
    vectors: Vectors


@dataclass(frozen=True)
class Wanted:
    """How many sentences to choose, the share of them (0 to 1) that is for the test set, and the seed of clustering."""

    n: int = 50
    test: float = 0.1
    seed: int = 0

    @property
    def n_test(self) -> int:
        """How many sentences are for the test set."""
        return int(self.n * self.test + 0.5)


def choose(candidates: Candidates, weights: Floats, schema: LabelSchema, wanted: Wanted) -> list[Chosen]:
    """Choose sentences in the order in which they are to be labelled; fewer than wanted where there are no more.

    Those whose lot is below the share are for the test set and are never chosen for what the model thinks of them, so
    that the test set is a sample of all sentences. They are taken by lot, and spread over the order. ``weights`` are
    those of the labels.
    """
    tests = sorted(np.flatnonzero(np.array(candidates.lots) < wanted.test).tolist(), key=candidates.lots.__getitem__)
    learned = np.setdiff1d(np.arange(len(candidates.sentences)), tests)
    taken = tests[: max(wanted.n_test, wanted.n - len(learned))]
    worth = worth_of(candidates.doubts[learned], weights)
    best = learned[by_worth(worth, wanted.n - len(taken), lambda rows: candidates.vectors(learned[rows]), wanted.seed)]
    names = [label.name for label in schema.labels]
    return [
        _chosen(candidates.sentences[row], candidates.doubts[row], names, test=row in taken)
        for row in _interleaved(best.tolist(), taken)
    ]


def label_weights(carried: Mapping[str, int], schema: LabelSchema) -> Floats:
    """Return how much the doubt about each label counts, by how many labelled sentences carry it: rare ones more."""
    numbers = np.array([carried.get(label.name, 0) for label in schema.labels], dtype=np.float64)
    weights = 1 / np.sqrt(numbers + _FEW)
    return np.asarray(weights / weights.sum())


def worth_of(doubts: Floats, weights: Floats) -> Floats:
    """Return what each sentence is worth, from 0 to 1: the weighted mean of the doubts about its labels."""
    worth: Floats = doubts @ weights
    return worth


def by_worth(worth: Floats, n: int, vectors: Vectors, seed: int = 0) -> NDArray[np.intp]:
    """Return the rows of ``n`` sentences that differ, of the five times as many that are worth most."""
    shortlist = np.argsort(-worth, kind="stable")[: n * _SHORTLIST]
    if n < 1 or not len(shortlist):
        return shortlist[:0]
    return shortlist[spread(vectors(shortlist), worth[shortlist], n, seed)]


def _interleaved(learned: Sequence[int], tests: Sequence[int]) -> list[int]:
    """Spread sentences of the test set over the others, so that whoever stops early has labelled their share."""
    total = len(learned) + len(tests)
    rest, drawn = iter(learned), iter(tests)
    places = {int((number + 0.5) * total / len(tests)) for number in range(len(tests))} if tests else set()
    return [next(drawn) if place in places else next(rest) for place in range(total)]


def _chosen(sentence: Sentence, doubts: Floats, names: Sequence[str], *, test: bool) -> Chosen:
    most = int(doubts.argmax())
    return Chosen(**dict(sentence.sentence), test=test, label=names[most], doubt=round(float(doubts[most]), 6))
