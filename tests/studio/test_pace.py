"""How fast somebody works, by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from annotate.studio.pace import Submission, median_lead_time, per_hour


def at(*seconds: float, lead_time: float | None = None) -> list[Submission]:
    began = datetime(2026, 3, 12, 9, tzinfo=UTC)
    return [Submission(began + timedelta(seconds=second), lead_time) for second in seconds]


def test_without_a_break_the_pace_is_that_of_the_clock() -> None:
    assert per_hour(at(*range(0, 3600, 20), lead_time=20)) == pytest.approx(180)


def test_a_break_counts_as_little_as_the_page_was_open() -> None:
    before_and_after = [*at(30, 60, 90, lead_time=30), *at(7200, 7230, 7260, lead_time=30)]
    assert per_hour(before_and_after) == pytest.approx(120)


def test_two_submissions_at_one_instant_are_two() -> None:
    assert per_hour([*at(60, lead_time=60), *at(60)]) == pytest.approx(120)


def test_a_page_left_open_counts_as_a_break_at_most() -> None:
    assert per_hour(at(40_000, lead_time=40_000)) == pytest.approx(3600 / 300)


@pytest.mark.parametrize("submissions", [[], at(0, 1, 2, 3)])
def test_less_than_a_minute_is_no_pace(submissions: list[Submission]) -> None:
    assert per_hour(submissions) is None


def test_the_median_is_over_the_times_that_are_known() -> None:
    assert median_lead_time([*at(1, lead_time=3), *at(2), *at(3, lead_time=9), *at(4, lead_time=4)]) == 4
    assert median_lead_time(at(1, 2)) is None
