"""What it does to answers that annotators see a model's suggestions, beside sentences they label without one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import Annotation, carries
from annotate.quality.bootstrap import Bootstrap, Floats, ratio
from annotate.quality.ceiling import is_of_a_person
from annotate.quality.evaluation import defined
from annotate.quality.figure import Figure
from annotate.record import Record
from annotate.schema import LabelSchema, Question

_CHUNK = 100  # resamples at a time


class Contrast(Record):
    """A figure of answers given with a suggestion and of those without, and the first less the second.

    ``n_shown`` and ``n_blind`` are what each is over.
    """

    n_shown: int
    n_blind: int
    shown: float | None
    blind: float | None
    difference: Figure


class LabelAnchoring(Record):
    """What suggestions do to a label.

    ``rate`` is the share of answers that give it, ``agreement`` the share of pairs of annotators of a sentence who
    agree on it, and ``followed`` the share of answers that say of it what the model says, seen or not. ``pull`` is the
    share, of the answers that would not have followed the model, that follow it where it is seen.
    """

    label: str
    rate: Contrast
    agreement: Contrast
    followed: Contrast | None = None
    pull: Figure | None = None


class Anchoring(Record):
    """What suggestions do to answers, over annotations by people.

    ``accepted`` is the share of the shown suggestions that were submitted unchanged, ``lead_time`` the median seconds.
    ``by_chance`` tells whether the sentences labelled without a suggestion were drawn by chance; where they were not,
    they may differ in more than that.
    """

    by_chance: bool
    accepted: Figure
    lead_time: Contrast
    labels: tuple[LabelAnchoring, ...]


def anchoring(
    annotations: Iterable[Annotation], schema: LabelSchema, suggestions: Mapping[str, Annotation] | None = None
) -> Anchoring:
    """Compare answers given with a suggestion and without, of which there must be one of a person.

    ``suggestions`` are the model's answers by sentence, whether annotators saw them or not. Intervals are of a
    bootstrap over articles.
    """
    by_people = [each for each in annotations if is_of_a_person(each)]
    by_chance = any(each.blind for each in by_people)
    counted = [each for each in by_people if was_shown(each) or each.blind or not by_chance]
    contrasting = _Contrasting(counted)
    return Anchoring(
        by_chance=by_chance,
        accepted=contrasting.share_of_shown(lambda each: each.origin == "prediction"),
        lead_time=contrasting.medians(lambda each: each.lead_time),
        labels=tuple(
            _label(contrasting, question, label, suggestions)
            for question in schema.questions
            for label in question.names
        ),
    )


def was_shown(annotation: Annotation) -> bool:
    """Tell whether the annotator saw a suggestion."""
    return annotation.shown is not None or annotation.origin in ("prediction", "prediction-changed")


def _label(
    contrasting: "_Contrasting", question: Question, label: str, suggestions: Mapping[str, Annotation] | None
) -> LabelAnchoring:
    def given(each: Annotation) -> bool | None:
        return carries(each.answers[question.name], label) if question.name in each.answers else None

    def follows(each: Annotation) -> bool | None:
        suggested = suggestions.get(each.uid) if suggestions else None
        mine = given(each)
        return None if suggested is None or mine is None else mine == given(suggested)

    rate, agreement = contrasting.shares(given), contrasting.agreement(given)
    if not suggestions:
        return LabelAnchoring(label=label, rate=rate, agreement=agreement)
    followed, pull = contrasting.shares(follows), contrasting.pull(follows)
    return LabelAnchoring(label=label, rate=rate, agreement=agreement, followed=followed, pull=pull)


class _Contrasting:
    """Contrasts between annotations with a suggestion and without, on the same resamples of their articles."""

    def __init__(self, annotations: Sequence[Annotation]) -> None:
        self.annotations = annotations
        self.group = [0 if was_shown(each) else 1 for each in annotations]
        numbers = {article: n for n, article in enumerate(dict.fromkeys(each.article_id for each in annotations))}
        self.article = [numbers[each.article_id] for each in annotations]
        self.n_articles = len(numbers)
        self.bootstrap = Bootstrap(self.n_articles)

    def share_of_shown(self, said: Callable[[Annotation], bool]) -> Figure:
        """Return of how many annotations with a suggestion something is so."""
        sums = self._sums(said)
        return self._figure(sums, lambda each: _shares(each)[..., 0])

    def shares(self, said: Callable[[Annotation], bool | None]) -> Contrast:
        """Contrast the shares of annotations of which something is so; those that do not say are left out."""
        return self._contrast(self._sums(said))

    def pull(self, follows: Callable[[Annotation], bool | None]) -> Figure:
        """Return what part of those that would not follow do so where they see what to follow."""

        def statistic(sums: Floats) -> Floats:
            shown, blind = np.moveaxis(_shares(sums), -1, 0)
            return ratio(shown - blind, 1 - blind)

        return self._figure(self._sums(follows), statistic)

    def agreement(self, said: Callable[[Annotation], bool | None]) -> Contrast:
        """Contrast the shares of pairs of annotators of one sentence who say the same."""
        votes: dict[tuple[str, int], list[tuple[int, bool]]] = defaultdict(list)
        for each, group, article in zip(self.annotations, self.group, self.article, strict=True):
            if (answer := said(each)) is not None:
                votes[each.uid, group].append((article, answer))
        sums = np.zeros((self.n_articles, 2, 2))
        for (_, group), given in votes.items():
            n_yes = sum(answer for _, answer in given)
            pairs = comb(n_yes, 2) + comb(len(given) - n_yes, 2), comb(len(given), 2)
            sums[given[0][0], group] += pairs
        return self._contrast(sums)

    def medians(self, measured: Callable[[Annotation], float | None]) -> Contrast:
        """Contrast medians; of an even number, the lower of the two in the middle."""
        values = [measured(each) for each in self.annotations]
        sides = [
            sorted(
                (v, a) for v, a, g in zip(values, self.article, self.group, strict=True) if v is not None and g == side
            )
            for side in (0, 1)
        ]
        once = np.ones((1, self.n_articles))
        shown, blind = (float(_medians(side, once)[0]) for side in sides)
        resampled = [_medians(side, self.bootstrap.weights) for side in sides]
        return Contrast(
            n_shown=len(sides[0]),
            n_blind=len(sides[1]),
            shown=defined(shown),
            blind=defined(blind),
            difference=Figure.measured(shown - blind, resampled[0] - resampled[1], self.n_articles),
        )

    def _sums(self, said: Callable[[Annotation], bool | None]) -> Floats:
        """Count by article and group how many say yes and how many say anything; *shape:* ``(n_articles, 2, 2)``."""
        sums = np.zeros((self.n_articles, 2, 2))
        for each, group, article in zip(self.annotations, self.group, self.article, strict=True):
            if (answer := said(each)) is not None:
                sums[article, group] += answer, 1
        return sums

    def _contrast(self, sums: Floats) -> Contrast:
        shown, blind = _shares(sums.sum(axis=0))
        n_shown, n_blind = sums.sum(axis=0)[:, 1]
        return Contrast(
            n_shown=int(n_shown),
            n_blind=int(n_blind),
            shown=defined(shown),
            blind=defined(blind),
            difference=self._figure(sums, lambda each: -np.diff(_shares(each))[..., 0]),
        )

    def _figure(self, sums: Floats, statistic: Callable[[Floats], Floats]) -> Figure:
        value = float(statistic(sums.sum(axis=0)))
        return Figure.measured(value, statistic(self.bootstrap.sums(sums)), self.n_articles)


def _shares(sums: Floats) -> Floats:
    return ratio(sums[..., 0], sums[..., 1])


def _medians(ordered: Sequence[tuple[float, int]], weights: NDArray[np.generic]) -> Floats:
    """Return the median of values, with their articles, on each resample."""
    if not ordered:
        return np.full(len(weights), np.nan)
    values, articles = np.array([v for v, _ in ordered]), np.array([a for _, a in ordered])
    found = []
    for start in range(0, len(weights), _CHUNK):
        below = np.cumsum(weights[start : start + _CHUNK, articles], axis=1, dtype=float)
        middle = np.argmax(below >= below[:, -1:] / 2, axis=1)
        found.append(np.where(below[:, -1] > 0, values[middle], np.nan))
    return np.concatenate(found)
