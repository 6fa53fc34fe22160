"""Until when: what the grammar reads in sentences, those of the seeds among them."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.ledger.horizon import find_horizon

PUBLISHED = date(2017, 6, 14)  # a Wednesday

DAYS = [
    ("It will fall in the coming days.", "2017-06-21"),
    ("It will fall in the coming weeks.", "2017-07-14"),
    ("In a few weeks, snow will cover all mountainous roads.", "2017-07-14"),
    ("It falls within months.", "2018-06-14"),
    ("It will be over years from now.", "2027-06-14"),
    ("It will fall in three weeks.", "2017-07-05"),
    ("It will fall within a couple of months.", "2017-08-14"),
    ("Over the next two years it will rise.", "2019-06-14"),
    ("In the next decade it will rise.", "2027-06-14"),
    ("They will be gone by 2018.", "2018-12-31"),
    ("They will be gone before 2019.", "2018-12-31"),
    ("They will be gone by the end of 2018.", "2018-12-31"),
    ("They will be gone by early 2018.", "2018-05-01"),
    ("They will be gone by mid-2018.", "2018-08-31"),
    ("They will be gone by the end of the year.", "2017-12-31"),
    ("They will be gone by year's end.", "2017-12-31"),
    ("They will be gone by the end of next year.", "2018-12-31"),
    ("They will vote next year.", "2018-12-31"),
    ("They will vote this month.", "2017-06-30"),
    ("They will vote next week.", "2017-06-25"),
    ("They will vote by June.", "2017-06-30"),
    ("They will vote by May.", "2018-05-31"),
    ("They will vote before March 2019.", "2019-02-28"),
    ("They will vote on Friday.", "2017-06-16"),
    ("They will vote next Friday.", "2017-06-23"),
    ("They will vote by 12 March.", "2018-03-12"),
    ("They will vote by March 12th, 2018.", "2018-03-12"),
    ("They will vote by 2019-03-04.", "2019-03-04"),
    ("They will vote tomorrow.", "2017-06-15"),
    ("They will vote this summer.", "2017-08-31"),
    ("They will vote next summer.", "2018-08-31"),
    ("They will vote in winter 2018.", "2019-02-28"),
    ("They will meet in the coming weeks, and vote by 2019.", "2019-12-31"),
]


@pytest.mark.parametrize(("text", "end"), DAYS)
def test_the_last_day_is_counted_from_the_day_of_publication(text: str, end: str) -> None:
    horizon = find_horizon(text, PUBLISHED)
    assert horizon is not None
    assert horizon.kind == "date"
    assert str(horizon.end) == end
    assert horizon.text in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He will sign it before he leaves office.", "before he leaves office"),
        ("Syria may remain divided until an international settlement is reached, allowing …", None),
        ("It could damage cards ahead of Geneva II, if it convenes.", "ahead of Geneva II"),
    ],
)
def test_an_event_has_words_and_no_day(text: str, words: str | None) -> None:
    horizon = find_horizon(text, PUBLISHED)
    assert horizon is not None
    assert (horizon.kind, horizon.end) == ("event", None)
    assert horizon.text == (words or "until an international settlement is reached")


@pytest.mark.parametrize("text", ["It will end soon.", "It will end sooner or later.", "In future it will end."])
def test_what_has_no_end_is_open(text: str) -> None:
    horizon = find_horizon(text, PUBLISHED)
    assert horizon is not None
    assert (horizon.kind, horizon.end) == ("open", None)


@pytest.mark.parametrize(
    "text",
    [
        "The war will end.",
        "After 4 years of combat, these soldiers are not going to lay down.",
        "It will be the worst in ten years.",
        "It will be united as it was before 2011.",
        "In 2011 he said that it will end.",
        "He has ruled for two years, and will go.",
        "He declared on June 12 that it will end.",
        "As was agreed in May, it will end.",
        "Who rules today will go.",
        "They may win.",
        "They march on.",
    ],
)
def test_what_lies_behind_or_is_no_time_is_no_horizon(text: str) -> None:
    assert find_horizon(text, PUBLISHED) is None


def test_without_a_day_of_publication_a_relative_horizon_stays_relative() -> None:
    relative = find_horizon("It will fall in the coming weeks.", None)
    assert relative is not None
    assert (relative.text, relative.kind, relative.end) == ("in the coming weeks", "date", None)
    absolute = find_horizon("It will fall by 2017.", None)
    assert absolute is not None
    assert absolute.end == date(2017, 12, 31)


WORDS = ["in", "by", "before", "until", "the", "next", "coming", "few", "weeks", "3", "two", "years", "end", "of"]
WORDS += ["early", "2018", "May", "12", "soon", "he", "leaves", "Friday", "this"]


@settings(deadline=None)  # dateparser makes its tables at first use
@given(
    st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=12).map(" ".join),
    st.none() | st.dates(date(1950, 1, 1), date(2150, 1, 1)),
)
def test_no_text_breaks_it_and_no_horizon_lies_before_publication(text: str, published: date | None) -> None:
    horizon = find_horizon(text, published)
    if horizon is not None:
        assert horizon.text.strip() in text
        assert horizon.end is None or published is None or horizon.end >= published


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([text for text, _ in DAYS]),
    st.dates(date(1990, 1, 1), date(2016, 1, 1)),
    st.integers(min_value=0, max_value=700),
)
def test_who_writes_later_is_due_no_earlier(text: str, published: date, later: int) -> None:
    first, second = find_horizon(text, published), find_horizon(text, published + timedelta(days=later))
    assert first is not None
    assert first.end is not None
    assert second is not None
    assert second.end is not None
    assert second.end >= first.end
