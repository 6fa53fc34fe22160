"""The record of a source, against independent implementations."""

from datetime import date

import numpy as np
import pytest
from entries import make_article, make_entry
from scipy.stats import binomtest
from sklearn.metrics import brier_score_loss

from annotate.ledger.entry import Entry, Outcome
from annotate.ledger.track_record import TrackRecord, effective_number, track_records, wilson

TEXTS = ["It will fall.", "It will probably fall.", "It could fall.", "It is highly likely to fall."]


def judged(outcomes: list[Outcome], *, outlet: str | None = "Wire", articles: int | None = None) -> list[Entry]:
    """Judge a prediction for each outcome, each in an article of its own or dealt to some."""
    made = []
    for number, outcome in enumerate(outcomes):
        article = make_article(f"{outlet}{number % (articles or len(outcomes))}", outlet=outlet)
        made.append(make_entry(f"{TEXTS[number % len(TEXTS)]} Number {number}.", article, outcome))
    return made


def only(entries: list[Entry], fewest: int = 1) -> TrackRecord:
    (record,) = track_records(entries, fewest=fewest)
    return record


TRUE: Outcome = "came true"
FALSE: Outcome = "did not"
MIXED = [TRUE, FALSE, TRUE, TRUE, FALSE, TRUE, FALSE, TRUE]


def test_the_brier_score_is_that_of_scikit_learn() -> None:
    entries = judged(MIXED)
    record = only(entries)
    said = [entry.strength.probability for entry in entries if entry.strength]
    true = [outcome == "came true" for outcome in MIXED]
    assert record.brier is not None
    assert record.brier.value == pytest.approx(brier_score_loss(true, said))
    assert record.base_rate == pytest.approx(5 / 8)
    assert record.base_brier == pytest.approx(brier_score_loss(true, [5 / 8] * 8))
    assert record.skill == pytest.approx(1 - brier_score_loss(true, said) / brier_score_loss(true, [5 / 8] * 8))


@pytest.mark.parametrize(("n_true", "n"), [(0, 5), (3, 10), (25, 25), (40, 100)])
def test_the_interval_of_independent_predictions_is_that_of_scipy(n_true: int, n: int) -> None:
    expected = binomtest(n_true, n).proportion_ci(method="wilson")
    assert wilson(n_true / n, n) == pytest.approx((expected.low, expected.high))


def test_articles_of_one_prediction_each_count_as_independent() -> None:
    record = only(judged(MIXED))
    n = effective_number(np.array([1.0, 0, 1, 1, 0, 1, 0, 1]), np.ones(8))
    assert record.share is not None
    assert n == pytest.approx(7)  # Kish's, with the usual k / (k - 1)
    assert (record.share.low, record.share.high) == pytest.approx(wilson(5 / 8, n))


def test_predictions_that_share_an_article_count_for_less() -> None:
    together = only(judged(([TRUE] * 10 + [FALSE] * 10) * 2, articles=20))
    hits = np.array([1.0] * 10 + [0] * 10) * 2
    assert effective_number(hits, np.full(20, 2.0)) == pytest.approx(19)
    assert together.share is not None
    assert together.share.low == pytest.approx(wilson(0.5, 19)[0])


def test_one_article_gives_no_interval() -> None:
    record = only(judged(MIXED, articles=1))
    assert record.share is not None
    assert (record.share.value, record.share.low) == (5 / 8, None)


def test_the_interval_covers_the_true_share_though_articles_agree_with_themselves() -> None:
    random, covered, n = np.random.default_rng(0), 0, 400
    for _ in range(n):
        rates = random.beta(1.2, 0.8, size=40)  # whose mean is .6
        sizes = np.full(40, 5.0)
        hits = random.binomial(5, rates).astype(float)
        low, high = wilson(hits.sum() / sizes.sum(), effective_number(hits, sizes))
        covered += low <= 0.6 <= high
    # Three standard errors below 95 %; with all 200 taken for independent it is about 80 %.
    assert covered / n > 0.95 - 3 * (0.95 * 0.05 / n) ** 0.5


def test_nothing_is_said_below_the_fewest() -> None:
    record = only(judged(MIXED), fewest=9)
    assert (record.n_settled, record.n_needed) == (8, 9)
    assert (record.share, record.brier, record.skill, record.base_rate) == (None, None, None, None)


def test_what_is_not_settled_counts_for_nothing_but_itself() -> None:
    record = only(judged([*MIXED, "too early", "cannot be decided"]))
    assert record.n_settled == 8
    assert record.counts["too early"] == record.counts["cannot be decided"] == 1


def test_partly_true_is_left_out_and_told_both_ways() -> None:
    record = only(judged([*MIXED, "partly", "partly"]))
    assert record.share is not None
    assert record.share.value == 5 / 8
    assert (record.share_if_not, record.share_if_true) == (0.5, 0.7)


def test_without_an_outlet_there_are_no_figures() -> None:
    record = only(judged(MIXED, outlet=None))
    assert (record.source, record.n_settled, record.share) == (None, 8, None)


def test_what_is_only_quoted_is_not_the_sources_own() -> None:
    quoted = make_entry("“It will fall.”", outcome="did not", quotation="whole")
    assert track_records([quoted]) == []


def test_a_repeat_counts_for_each_source_once() -> None:
    first = make_entry("It will fall.", make_article("a", outlet="Wire"), "came true")
    again = make_entry("It will fall!", make_article("b", outlet="Harbour Times"))
    joined = first.model_copy(update={"repeats": (again, again)})
    records = track_records([joined], fewest=1)
    assert [(record.source, record.n_settled) for record in records] == [("Harbour Times", 1), ("Wire", 1)]


def test_the_author_can_be_the_source() -> None:
    entry = make_entry("It will fall.", outcome="came true")
    assert [record.source for record in track_records([entry], by="author")] == ["Ann Smith"]
    assert entry.at(date(2030, 1, 1)).overdue is False
