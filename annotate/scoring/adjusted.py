"""From what a model decides to what is likely there: shares adjusted for the model's errors, with an interval.

A model that misses some and sees others where there are none gives counts that are off, and the more so the rarer the
label. Of a share q decided by a model that finds a part *s* of what is there (sensitivity) and raises alarms in a part
*a* of what is not, the share that is there is (q - a) / (s - a) (Rogan and Gladen, 1978; in the classification of texts
"adjusted count", Forman, 2008). How large *s* and *a* are is known from articles that the model had not learned from,
as far as these are many: both are drawn from their posteriors (Jeffreys prior), as often as q is, and the ends of the
interval are quantiles of what the draws come to, none below 0 or above 1.

Sentences of one article resemble each other. Where it is known by article how the model did, the sentences count for
as many independent ones as their spread over articles suggests (the design effect of Rao and Scott, 1992).
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from annotate.quality.bootstrap import Floats
from annotate.quality.figure import Figure

N_DRAWS = 2000
_JEFFREYS = 0.5
_TAIL = 0.025
_ALL_BUT_NEVER = 0.001


class Confusion(NamedTuple):
    """How a model did at one label on sentences of articles that it had not learned from.

    Of ``n_positive`` that carry it, it found ``n_found``; of ``n_negative`` that do not, it decided for it in
    ``n_alarms``. The design effects, 1 or more, tell how many of them are worth one independent sentence.
    """

    n_positive: float
    n_found: float
    n_negative: float
    n_alarms: float
    positive_effect: float = 1.0
    negative_effect: float = 1.0


Errors = Mapping[str, Confusion]  # by label


class Draws(NamedTuple):
    """A model's sensitivity and rate of false alarms: draws, *Shape:* (n_draws,), and the likeliest of both."""

    found: Floats
    alarms: Floats
    likeliest: tuple[float, float]

    @property
    def point(self) -> "Draws":
        """The likeliest error rates, as a single draw."""
        found, alarms = (np.array([rate]) for rate in self.likeliest)
        return Draws(found, alarms, self.likeliest)

    def undo(self, decided: Floats, scored: Floats | float) -> Floats:
        """Return how many are there for how many were decided, of how many; also of what is linear in both, as slopes.

        It is ``nan`` where the model is no better than chance.
        """
        margin = np.where(self.found > self.alarms, self.found - self.alarms, np.nan)
        undone: Floats = (decided - self.alarms * scored) / margin
        return undone

    def adjust(self, decided: Floats) -> Floats:
        """Return the share that is there for each share decided, none below 0 or above 1."""
        shares: Floats = np.clip(self.undo(decided, 1), 0, 1)
        return shares

    def adjust_likeliest(self, decided: float) -> float:
        """Return the share that is there for one share decided, by the likeliest error rates."""
        return float(self.point.adjust(np.array([decided]))[0])

    def hold(self, n_decided: float, n_model: float) -> bool:
        """Tell whether a model that errs so can have decided for so many sentences, whatever they carry.

        It cannot where false alarms alone, or what it finds if all carry the label, would all but surely come to more
        or to fewer: then it errs otherwise there than where it was measured.
        """
        share = n_decided / n_model
        fewest, most = float(np.quantile(self.alarms, _TAIL)), float(np.quantile(self.found, 1 - _TAIL))
        apart = max(_apart(share, fewest) if share < fewest else 0, _apart(share, most) if share > most else 0)
        return math.exp(-n_model * apart) > _ALL_BUT_NEVER


def draw(confusion: Confusion, n_draws: int = N_DRAWS) -> Draws:
    """Draw error rates from their posteriors."""
    random = np.random.default_rng([0, 1])
    c = confusion
    found = _posterior(c.n_found, c.n_positive, c.positive_effect)
    alarms = _posterior(c.n_alarms, c.n_negative, c.negative_effect)
    return Draws(random.beta(*found, size=n_draws), random.beta(*alarms, size=n_draws), (_mean(*found), _mean(*alarms)))


def adjusted_share(n_decided: int, n_model: int, people: tuple[int, int], draws: Draws) -> Figure:
    """Return the share of sentences that carry a label, of those that a model decided of and those that people did.

    ``people`` are how many of people's sentences carry it, and how many they are; what they say is taken as it is.
    """
    carry, n_people = people
    n_all = n_model + n_people
    if not n_all:
        return Figure(value=None)
    if not n_model:
        share = carry / n_all
        return Figure(value=share, low=share, high=share)
    random = np.random.default_rng([0, 2])
    sampled = random.beta(n_decided + _JEFFREYS, n_model - n_decided + _JEFFREYS, size=len(draws.found))
    resampled = (carry + n_model * draws.adjust(sampled)) / n_all
    if not draws.hold(n_decided, n_model):
        return Figure(value=None)
    value = (carry + n_model * draws.adjust_likeliest(n_decided / n_model)) / n_all
    return only_with_interval(Figure.with_interval(value, resampled))


def only_with_interval(figure: Figure) -> Figure:
    """Return a figure, or none where it has no interval, for the model may be no better than chance.

    Alone it would look surer than one that has an interval.
    """
    return Figure(value=None) if figure.low is None else figure


def design_effect(parts: Floats, wholes: Floats) -> float:
    """Return how much more a pooled share varies between articles than sentences alone would, 1 or more.

    ``parts`` and ``wholes`` are counts by article, *Shape:* (n_articles,).
    """
    total, n_articles = wholes.sum(), int((wholes > 0).sum())
    if n_articles <= 1:
        return 1.0
    share = parts.sum() / total
    simple = share * (1 - share) / total
    clustered = n_articles / (n_articles - 1) * ((parts - share * wholes) ** 2).sum() / total**2
    return max(1.0, float(clustered / simple)) if simple else 1.0


def _posterior(part: float, whole: float, effect: float) -> tuple[float, float]:
    return part / effect + _JEFFREYS, (whole - part) / effect + _JEFFREYS


def _mean(successes: float, failures: float) -> float:
    return successes / (successes + failures)


def _apart(share: float, rate: float) -> float:
    """Return how far a share is from a rate (Kullback and Leibler), which bounds its probability (Chernoff, 1952)."""
    parts = ((share, rate), (1 - share, 1 - rate))
    return sum(seen * math.log(seen / expected) for seen, expected in parts if seen)
