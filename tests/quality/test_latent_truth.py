"""Dawid and Skene's model and MACE find what was put in, and what another implementation finds."""

import numpy as np
import pandas as pd
import pytest
from crowdkit.aggregation import MACE, DawidSkene

from annotate.quality.agreement.panel import Codes
from annotate.quality.bootstrap import Floats
from annotate.quality.dawid_skene import dawid_skene
from annotate.quality.mace import mace
from annotate.quality.patterns import are_enough, patterns_of

# crowd-kit uses pandas in ways that pandas is about to give up.
pytestmark = pytest.mark.filterwarnings("ignore:The (inplace|copy) keyword:pandas.errors.Pandas4Warning")


def answers(skills: list[float], n_units: int = 2000, n_codes: int = 2, seed: int = 0) -> tuple[Codes, Codes]:
    """Return truths and answers of annotators who know the truth as often as their skill says, and guess otherwise."""
    random = np.random.default_rng(seed)
    truth = random.integers(n_codes, size=n_units).astype(np.int8)
    knows = random.random((n_units, len(skills))) < np.array(skills)
    codes = np.where(knows, truth[:, None], random.integers(n_codes, size=knows.shape)).astype(np.int8)
    codes[random.random(codes.shape) < 0.1] = -1
    return truth, codes


def table(codes: Codes) -> pd.DataFrame:
    """Return answers as crowd-kit takes them, in the order in which it numbers annotators and values aright."""
    rows = [(int(a), int(codes[u, a]), int(u)) for u, a in np.argwhere(codes >= 0)]
    return pd.DataFrame(sorted(rows), columns=["worker", "label", "task"])


def probabilities(found: pd.DataFrame | None) -> Floats:
    """Return crowd-kit's probabilities in the order of units and values."""
    assert found is not None
    return np.asarray(found.sort_index().sort_index(axis=1), dtype=np.float64)


def by_unit(codes: Codes, truth: Floats) -> Floats:
    return truth[patterns_of(codes).of_unit]


@pytest.mark.parametrize("n_codes", [2, 3])
def test_dawid_and_skenes_model_is_that_of_crowd_kit(n_codes: int) -> None:
    _, codes = answers([0.9, 0.7, 0.6, 0.3], n_units=300, n_codes=n_codes)
    codes = codes[(codes >= 0).any(axis=1)]
    theirs = DawidSkene(n_iter=150, tol=-1.0).fit(table(codes))
    ours = dawid_skene(patterns_of(codes), n_codes, tolerance=1e-13)
    assert by_unit(codes, ours.truth) == pytest.approx(probabilities(theirs.probas_), abs=1e-6)
    errors = theirs.errors_
    assert errors is not None
    for annotator in range(codes.shape[1]):
        confusion = errors.loc[annotator].reindex(range(n_codes)).fillna(0)[range(n_codes)].to_numpy().T
        assert ours.confusion[annotator] == pytest.approx(confusion, abs=1e-6)


def test_mace_is_that_of_crowd_kit() -> None:
    _, codes = answers([0.9, 0.7, 0.5, 0.1], n_units=300)
    codes = codes[(codes >= 0).any(axis=1)]
    theirs = MACE(n_restarts=1, n_iter=300).fit(table(codes))
    ours = mace(patterns_of(codes), 2)
    assert by_unit(codes, ours.truth) == pytest.approx(probabilities(theirs.probas_), abs=1e-3)
    knows = theirs.spamming_[:, 1] / theirs.spamming_.sum(axis=1)
    assert ours.knows == pytest.approx(knows, abs=1e-3)


@pytest.mark.parametrize("seed", range(3))
def test_annotators_of_known_skill_are_recovered(seed: int) -> None:
    skills = [0.9, 0.8, 0.6, 0.4, 0.1]
    _, codes = answers(skills, seed=seed)
    patterns = patterns_of(codes)
    assert mace(patterns, 2).knows == pytest.approx(skills, abs=0.12)
    # Who knows with probability s, and else guesses one of two, is right with probability (1 + s) / 2.
    right = dawid_skene(patterns, 2).confusion.diagonal(axis1=1, axis2=2)
    assert right.mean(axis=1) == pytest.approx((1 + np.array(skills)) / 2, abs=0.06)


@pytest.mark.parametrize("seed", range(3))
def test_knowing_who_is_good_beats_the_majority(seed: int) -> None:
    truth, codes = answers([0.95, 0.9, 0.2, 0.1, 0.1], seed=seed)
    votes = np.stack([(codes == code).sum(axis=1) for code in (0, 1)], axis=1)
    majority = (votes.argmax(axis=1) == truth).mean()
    patterns = patterns_of(codes)
    for found in (dawid_skene(patterns, 2).truth, mace(patterns, 2).truth):
        assert (by_unit(codes, found).argmax(axis=1) == truth).mean() > majority + 0.05


def test_units_that_count_twice_are_units_that_stand_twice() -> None:
    _, codes = answers([0.9, 0.7, 0.5], n_units=200)
    twice = np.repeat(codes, np.arange(200) % 3, axis=0)
    weighed = dawid_skene(patterns_of(codes), 2, of_units=(np.arange(200) % 3).astype(np.float64))
    assert weighed.confusion == pytest.approx(dawid_skene(patterns_of(twice), 2).confusion, abs=1e-5)


def test_skills_are_not_estimated_from_two_annotators_or_few_sentences() -> None:
    assert are_enough(np.ones((30, 3), dtype=bool))
    assert not are_enough(np.ones((29, 3), dtype=bool))
    assert not are_enough(np.ones((500, 2), dtype=bool))
    assert not are_enough(np.eye(3, dtype=bool)[np.arange(300) % 3])
