"""What is known is what was stated: validated, put on one line, and with the place where it was found."""

from datetime import UTC, date, datetime

import pytest

from annotate.corpus.readers.known import Known, iso_date, known_from, laid_over


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2015-05-13", "2015-05-13"),
        ("20150513", "2015-05-13"),
        ("2015-05-13T10:30Z", "2015-05-13T10:30:00+00:00"),
        ("2015-05-13 10:30:00+02:00", "2015-05-13T10:30:00+02:00"),
        ("May 13, 2015", None),
        ("2015-13-05", None),
        ("13/05/2015", None),
        ("2015", None),
    ],
)
def test_dates_are_those_of_iso_8601(text: str, found: str | None) -> None:
    assert iso_date(text) == found


def test_values_are_put_on_one_line_and_empty_ones_are_unknown() -> None:
    known, refused = known_from({"title": " The\n Harbour  Plan ", "author": " ", "outlet": None}, "markup")
    assert (known, refused) == (Known(title="The Harbour Plan", found_in={"title": "markup"}), ())


def test_dates_of_a_calendar_type_are_written_out() -> None:
    noon = datetime(2015, 5, 13, 12, tzinfo=UTC)
    assert known_from({"published": date(2015, 5, 13)}, "side file").known.published == "2015-05-13"
    assert known_from({"published": noon}, "side file").known.published == "2015-05-13T12:00:00+00:00"


@pytest.mark.parametrize(
    ("field", "value"), [("published", "yesterday"), ("url", "ftp://a.example/b"), ("url", "http://[bad")]
)
def test_what_cannot_be_used_is_left_out_and_named(field: str, value: str) -> None:
    known, refused = known_from({field: value}, "markup")
    assert known == Known()
    assert len(refused) == 1
    assert refused[0].startswith(f"{field} '{value}' is not ")


def test_the_upper_one_counts_where_both_know_something() -> None:
    upper = Known(title="A", found_in={"title": "side file"})
    lower = Known(title="B", author="C", found_in={"title": "markup", "author": "markup"})
    expected = Known(title="A", author="C", found_in={"title": "side file", "author": "markup"})
    assert laid_over(upper, lower) == expected
