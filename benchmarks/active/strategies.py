"""Ways to choose a batch: this package's, and those that it is compared with."""

import warnings
from collections.abc import Mapping

import numpy as np
from skactiveml.classifier import SklearnClassifier
from skactiveml.pool import DropQuery, Falcun
from skactiveml.utils import MISSING_LABEL
from sklearn.linear_model import LogisticRegression

from annotate.selection.choice import by_worth, worth_of
from annotate.selection.doubt import doubt
from benchmarks.active.simulation import STRENGTH, Floats, Round, Rows, Strategy, most


def ours(round_: Round, n: int) -> Rows:
    """Choose as `annot next` does, of one label."""
    doubts = most(round_.corpus, round_.unlabelled, doubt(round_.head.probabilities(round_.unlabelled)))
    worth = worth_of(doubts[:, None], np.ones(1))
    rows = by_worth(worth, n, lambda short: round_.corpus.sentences[round_.unlabelled[short]])
    return round_.unlabelled[rows]


def random(round_: Round, n: int) -> Rows:
    """Choose by chance."""
    return round_.random.choice(round_.unlabelled, n, replace=False)


def least_confidence(round_: Round, n: int) -> Rows:
    """Choose what the head is least confident of as a whole: of words, of all of them together."""
    probabilities = round_.head.probabilities(round_.unlabelled)
    doubtful = -np.log(np.maximum(probabilities, 1 - probabilities))
    of_sentences: Floats = most(round_.corpus, round_.unlabelled, doubtful, np.add)
    return round_.unlabelled[np.argsort(-of_sentences, kind="stable")[:n]]


class Library:
    """A strategy of scikit-activeml, which sees sentences as vectors and whether they carry the label."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    def __call__(self, round_: Round, n: int) -> Rows:
        """Choose as the strategy does by itself, with a logistic regression as strong as the benchmark's."""
        rows = np.concatenate([round_.labelled, round_.unlabelled])
        n_labelled = len(round_.labelled)
        answers = np.full(len(rows), MISSING_LABEL)
        answers[:n_labelled] = round_.corpus.carries[round_.labelled]
        waiting = np.arange(n_labelled, len(rows))
        query = self.kind(random_state=int(round_.random.integers(2**31)))
        model = LogisticRegression(C=STRENGTH, solver="newton-cholesky")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            chosen = query.query(
                round_.corpus.sentences[rows],
                answers,
                clf=SklearnClassifier(model, classes=[0, 1]),
                candidates=waiting,
                batch_size=n,
            )
        picked: Rows = rows[chosen]
        return picked


LIBRARY: Mapping[str, Strategy] = {
    "Falcun": Library(Falcun),
    "DropQuery": Library(DropQuery),
}
STRATEGIES: Mapping[str, Strategy] = {"random": random, "least confidence": least_confidence, "annot next": ours}
