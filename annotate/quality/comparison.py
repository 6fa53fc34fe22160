"""Which of two models is better, and whether that may be chance."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from annotate.annotation import Annotation
from annotate.quality.bootstrap import Bootstrap, Floats
from annotate.quality.evaluation import defined
from annotate.quality.figure import Figure
from annotate.quality.tallies import Tally, figures, n_articles, pair_up, summed, tally
from annotate.record import Record
from annotate.schema import LabelSchema

_N_PERMUTATIONS = 2000
_FEW_ARTICLES = 10  # up to here every permutation is tried


class Difference(Record):
    """A figure of two models, and what the first has over the second.

    ``p`` is the p-value of a permutation test that nothing is between them; what is undefined is ``None``.
    """

    first: float | None
    second: float | None
    difference: Figure
    p: float | None


Comparison = Mapping[str, Mapping[str, Difference]]


def compare(
    truth: Sequence[Annotation], first: Sequence[Annotation], second: Sequence[Annotation], schema: LabelSchema
) -> Comparison:
    """Compare two models by label and figure, on what the truth and both models answer.

    Intervals are of the paired bootstrap over articles. P-values are of the two-sided permutation test that exchanges
    the models' answers article by article (approximate randomization: Noreen, 1989; Yeh, 2000): of every exchange
    where articles are few, else of some drawn by chance.
    """
    sides = [pair_up(truth, mine) for mine in (shared(first, second, schema), shared(second, first, schema))]
    test = _Test(n_articles(sides[0]))
    return {
        label: test(*(tally(pairs, question, label) for pairs in sides))
        for question in schema.questions
        for label in question.names
    }


def shared(mine: Sequence[Annotation], others: Sequence[Annotation], schema: LabelSchema) -> list[Annotation]:
    """Return what one model says of what another speaks of too: answers to questions, else of single labels."""
    other_of = {other.uid: other for other in others}
    return [_as_both(each, other_of[each.uid], schema) for each in mine if each.uid in other_of]


def _as_both(mine: Annotation, other: Annotation, schema: LabelSchema) -> Annotation:
    """Return my answers to the questions that the other answers, and of others what both say of single labels."""
    answers = {name: answer for name, answer in mine.answers.items() if name in other.answers}
    pairs = [(question, name) for question in schema.questions for name in question.names]
    of_both = [(q, name) for q, name in pairs if q.name not in answers and other.says(q, name) is not None]
    said = {name: mine.says(question, name) for question, name in of_both}
    carried = {name: carried for name, carried in said.items() if carried is not None}
    return mine.model_copy(update={"answers": answers, "carries": carried})


class _Test:
    """The resamples and exchanges of some articles, drawn once for all labels."""

    def __init__(self, n: int) -> None:
        self.bootstrap = Bootstrap(n)
        self.exhaustive = n <= _FEW_ARTICLES
        self.exchanged = _exchanges(n)

    def __call__(self, first: Tally, second: Tally) -> dict[str, Difference]:
        """Compare two tallies of the same articles, figure by figure."""
        ours, theirs = figures(summed(first)), figures(summed(second))
        resampled = _difference(self._resampled(first), self._resampled(second))
        permuted = _difference(self._exchanged(first, second), self._exchanged(second, first))
        return {
            name: Difference(
                first=defined(ours[name]),
                second=defined(theirs[name]),
                difference=Figure.measured(float(apart), resampled[name], self.bootstrap.n_articles),
                p=self._p_value(float(apart), permuted[name]),
            )
            for name, apart in _difference(ours, theirs).items()
        }

    def _resampled(self, tallied: Tally) -> dict[str, Floats]:
        return figures({level: self.bootstrap.sums(counts) for level, counts in tallied.items()})

    def _exchanged(self, mine: Tally, others: Tally) -> dict[str, Floats]:
        return figures(
            {level: (1 - self.exchanged) @ counts + self.exchanged @ others[level] for level, counts in mine.items()}
        )

    def _p_value(self, apart: float, permuted: Floats) -> float | None:
        if not np.isfinite(apart):
            return None
        # What is undefined after an exchange counts against a difference, and so does what only rounding sets apart.
        as_far = int((~(np.abs(permuted) < abs(apart) - 1e-12)).sum())
        return as_far / len(permuted) if self.exhaustive else (1 + as_far) / (1 + len(permuted))


def _exchanges(n: int) -> Floats:
    """Return which articles are exchanged, as 1 and 0; *shape:* ``(n_exchanges, n_articles)``."""
    if n <= _FEW_ARTICLES:
        return np.array(list(product((0.0, 1.0), repeat=n)))
    return np.random.default_rng(0).integers(0, 2, size=(_N_PERMUTATIONS, n)).astype(float)


def _difference(first: Mapping[str, Floats], second: Mapping[str, Floats]) -> dict[str, Floats]:
    return {name: first[name] - second[name] for name in first}
