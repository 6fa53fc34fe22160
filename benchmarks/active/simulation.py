"""Labelling in batches, simulated: what a head on frozen vectors learns of the sentences that a strategy asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from benchmarks.active.corpus import Corpus

STRENGTH = 0.3  # of the fit, against regularisation; as in the benchmark of `annot review`
_HELD_OUT = 3  # one article in so many is judged on

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Round:
    """What a strategy sees: the corpus, what is labelled, what is not, and the head that was learned from the former.

    A strategy must not look at labels of what is not labelled.
    """

    corpus: Corpus
    labelled: Rows
    unlabelled: Rows
    head: "Head"
    random: np.random.Generator


# From what is there to the rows of a batch.
Strategy = Callable[[Round, int], Rows]


@dataclass(frozen=True)
class Head:
    """A logistic regression on the vectors of sentences, or of words where the label marks stretches."""

    corpus: Corpus
    weights: Floats
    bias: float

    @classmethod
    def learned_from(cls, corpus: Corpus, rows: Rows) -> "Head":
        """Learn from sentences; where they all say the same, everything is a coin toss."""
        vectors, truth = units(corpus, rows)
        if truth.all() or not truth.any():
            return cls(corpus, np.zeros(vectors.shape[1]), 0.0)
        fit = LogisticRegression(C=STRENGTH, solver="newton-cholesky").fit(vectors, truth)
        return cls(corpus, fit.coef_[0], float(fit.intercept_[0]))

    def probabilities(self, rows: Rows) -> Floats:
        """Return how likely each sentence, or each of the sentences' words, is to carry the label."""
        vectors, _ = units(self.corpus, rows)
        odds = np.exp(-(vectors @ self.weights + self.bias))
        return np.asarray(1 / (1 + odds))

    def quality(self, rows: Rows) -> float:
        """Return the average precision over sentences, or over words where the label marks stretches."""
        return float(average_precision_score(units(self.corpus, rows)[1], self.probabilities(rows)))


def units(corpus: Corpus, rows: Rows) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Return vectors and truth of sentences, or of their words where the label marks stretches."""
    if not corpus.has_spans:
        return corpus.sentences[rows], corpus.carries[rows]
    words = words_of(corpus, rows)
    return corpus.words[words], corpus.marked[words]


def words_of(corpus: Corpus, rows: Rows) -> Rows:
    """Return the rows of sentences' words."""
    parts = [np.arange(corpus.first_word[row], corpus.first_word[row + 1]) for row in rows]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.intp)


def most(corpus: Corpus, rows: Rows, by_unit: Floats, what: "np.ufunc" = np.maximum) -> Floats:
    """Reduce a figure of each unit to one of each sentence: the highest of its words'."""
    if not corpus.has_spans:
        return by_unit
    lengths = corpus.first_word[rows + 1] - corpus.first_word[rows]
    starts = np.minimum(np.cumsum(lengths) - lengths, len(by_unit) - 1)
    return np.where(lengths > 0, what.reduceat(by_unit, starts), 0.0)


@dataclass(frozen=True)
class Split:
    """What can be labelled, and what is judged on: sentences of other articles."""

    pool: Rows
    test: Rows

    @classmethod
    def drawn(cls, corpus: Corpus, seed: int) -> "Split":
        """Draw a third of the articles to judge on."""
        articles = np.unique(corpus.article)
        held = np.random.default_rng(seed).permutation(articles)[: len(articles) // _HELD_OUT]
        is_held = np.isin(corpus.article, held)
        return cls(np.flatnonzero(~is_held), np.flatnonzero(is_held))


class Plan(NamedTuple):
    """A run: the seed of all chance in it, how many sentences a batch has, and how many are labelled at most."""

    seed: int
    batch: int
    n_most: int


def simulate(corpus: Corpus, strategy: Strategy, plan: Plan) -> Floats:
    """Label batch after batch, the first at random, and return the quality after each as a share of full quality."""
    split = Split.drawn(corpus, plan.seed)
    random = np.random.default_rng((plan.seed, 1))
    full = Head.learned_from(corpus, split.pool).quality(split.test)
    labelled = np.random.default_rng((plan.seed, 0)).choice(split.pool, plan.batch, replace=False)
    reached = []
    while True:
        head = Head.learned_from(corpus, labelled)
        reached.append(head.quality(split.test) / full)
        if len(labelled) + plan.batch > plan.n_most:
            return np.array(reached)
        rest = np.setdiff1d(split.pool, labelled)
        labelled = np.concatenate([labelled, strategy(Round(corpus, labelled, rest, head, random), plan.batch)])
