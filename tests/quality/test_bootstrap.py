"""Resampling articles: sums by matrix product, and intervals that hold what they promise."""

import numpy as np
import pytest

from annotate.quality.bootstrap import Bootstrap, interval


def test_a_resample_draws_as_many_articles_as_there_are() -> None:
    assert set(Bootstrap(7, n_resamples=50).weights.sum(axis=1)) == {7}


def test_sums_are_those_of_the_articles_that_were_drawn() -> None:
    bootstrap = Bootstrap(5, n_resamples=230, seed=1)
    by_article = np.random.default_rng(0).normal(size=(5, 2, 3))
    by_hand = [np.repeat(by_article, weights, axis=0).sum(axis=0) for weights in bootstrap.weights]
    assert bootstrap.sums(by_article) == pytest.approx(np.array(by_hand))


def test_the_same_seed_draws_the_same() -> None:
    assert (Bootstrap(9, seed=3).weights == Bootstrap(9, seed=3).weights).all()
    assert (Bootstrap(9, seed=3).weights != Bootstrap(9, seed=4).weights).any()


def test_an_interval_covers_the_mean_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(0)
    covered = 0
    for seed in range(200):
        drawn = random.normal(size=60)
        found = interval(Bootstrap(60, 400, seed).sums(drawn) / 60)
        assert found is not None
        covered += found.low <= 0 <= found.high
    assert 0.89 <= covered / 200 <= 0.99


def test_there_is_no_interval_where_the_statistic_is_mostly_undefined() -> None:
    values = np.linspace(0, 1, 100)
    assert interval(np.where(values < 0.5, np.nan, values)) is None
    assert interval(np.full(10, np.nan)) is None
    assert interval(np.where(values < 0.02, np.nan, values)) is not None
