"""Units that were answered in the same way, counted once: what latent-truth models are estimated from."""

from typing import NamedTuple

import numpy as np

from annotate.quality.agreement.panel import Codes, Flags, Integers, Units
from annotate.quality.bootstrap import Floats

ENOUGH_ANNOTATORS = 3
ENOUGH_SENTENCES = 30


class Patterns(NamedTuple):
    """The ways in which units were answered, and which of them each unit was answered in.

    ``codes`` are as in ``Units``; *Shape:* (patterns, annotators) and (units,).
    """

    codes: Codes
    of_unit: Integers


def patterns_of(codes: Codes) -> Patterns:
    """Find the distinct rows of codes, *Shape:* (units, annotators)."""
    distinct, of_unit = np.unique(codes, axis=0, return_inverse=True)
    return Patterns(distinct, of_unit.reshape(-1).astype(np.int64))


def weights(patterns: Patterns, of_units: Floats | None = None) -> Floats:
    """Return how often each pattern occurs, units counting as often as is said; those without answers never do."""
    n_patterns = len(patterns.codes)
    found: Floats = np.bincount(patterns.of_unit, weights=of_units, minlength=n_patterns).astype(np.float64)
    found[(patterns.codes < 0).all(axis=1)] = 0
    return found


def one_hot(codes: Codes, n_codes: int) -> Floats:
    """Return 1 for the code that was given. *Shape:* (patterns, annotators, codes)."""
    hot: Floats = (codes[:, :, None] == np.arange(n_codes)).astype(np.float64)
    return hot


def contested(units: Units) -> Flags:
    """Tell which units at least one annotator marked. *Shape:* (units,).

    The models hold all units for equally hard. Plain words, which nobody would mark, are most of a text; with them
    every annotator seems to leave nearly all that should be left, and a single mark would be taken for the truth. So
    words are judged among those that anybody marked.
    """
    found: Flags = (units.codes == 1).any(axis=1)
    return found


def are_enough(answered: Flags) -> bool:
    """Tell whether annotators' skills can be estimated: three of them answered 30 sentences that three answered.

    With two annotators every difference is a tie, and nothing tells who is right. *Shape:* (sentences, annotators).
    """
    shared = answered[answered.sum(axis=1) >= ENOUGH_ANNOTATORS].sum(axis=0)
    return int((shared >= ENOUGH_SENTENCES).sum()) >= ENOUGH_ANNOTATORS
