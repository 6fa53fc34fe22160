import numpy as np
import pytest

from annotate.scoring.adjusted import Confusion, adjusted_share, design_effect, draw

FINDS, ALARMS = 0.7, 0.12  # a model's sensitivity and rate of false alarms
HELD = 2000  # sentences of each kind that it was measured on


def test_a_share_is_adjusted_as_rogan_and_gladen_do() -> None:
    # Of 100 sentences 30 are decided for: (.3 - .1) / (.8 - .1) = 2/7 is there.
    draws = draw(Confusion(n_positive=10_000, n_found=8_000, n_negative=10_000, n_alarms=1_000))
    figure = adjusted_share(30, 100, (0, 0), draws)
    assert figure.value == pytest.approx(2 / 7, abs=0.001)
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low < 2 / 7 < figure.high <= 1


@pytest.mark.parametrize("share", [0.02, 0.1, 0.6])
def test_the_interval_covers_the_true_share_where_that_of_raw_counts_does_not(share: float) -> None:
    random = np.random.default_rng(7)
    n_articles, n_sentences = 400, 100
    covered = covered_raw = 0
    for _ in range(n_articles):
        confusion = Confusion(HELD, random.binomial(HELD, FINDS), HELD, random.binomial(HELD, ALARMS))
        n_carry = random.binomial(n_sentences, share)
        n_decided = random.binomial(n_carry, FINDS) + random.binomial(n_sentences - n_carry, ALARMS)
        figure = adjusted_share(n_decided, n_sentences, (0, 0), draw(confusion, n_draws=500))
        raw = np.quantile(random.beta(n_decided + 0.5, n_sentences - n_decided + 0.5, size=500), [0.025, 0.975])
        covered += figure.low is not None and figure.high is not None and figure.low <= share <= figure.high
        covered_raw += raw[0] <= share <= raw[1]
    error = (0.95 * 0.05 / n_articles) ** 0.5
    assert covered / n_articles > 0.95 - 3 * error
    assert covered_raw / n_articles < 0.6


def test_what_people_said_is_taken_as_it_is() -> None:
    draws = draw(Confusion(50, 35, 200, 20))
    assert adjusted_share(0, 0, (3, 10), draws).model_dump() == {"value": 0.3, "low": 0.3, "high": 0.3}
    few, many = (adjusted_share(3, 10, (30, n), draws) for n in (100, 1000))
    assert few.high is not None
    assert few.low is not None
    assert many.high is not None
    assert many.low is not None
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize("confusion", [Confusion(100, 20, 100, 40), Confusion(10, 4, 20, 5)], ids=["is", "may be"])
def test_a_model_that_is_or_may_be_no_better_than_chance_tells_nothing(confusion: Confusion) -> None:
    figure = adjusted_share(30, 100, (0, 0), draw(confusion))
    assert (figure.value, figure.low, figure.high) == (None, None, None)


def test_fewer_held_out_sentences_make_a_wider_interval() -> None:
    few, many = (adjusted_share(100, 1000, (0, 0), draw(Confusion(n, 0.7 * n, n, 0.05 * n))) for n in (20, 20_000))
    assert few.low is not None
    assert few.high is not None
    assert many.low is not None
    assert many.high is not None
    assert few.high - few.low > 2 * (many.high - many.low)


def test_a_design_effect_is_one_for_articles_alike_and_their_size_for_articles_all_or_nothing() -> None:
    size = np.full(200, 10.0)
    assert design_effect(np.full(200, 5.0), size) == 1.0
    all_or_nothing = np.where(np.arange(200) % 2, 10.0, 0.0)
    assert design_effect(all_or_nothing, size) == pytest.approx(10, rel=0.01)
    assert design_effect(np.array([3.0]), np.array([10.0])) == 1.0
