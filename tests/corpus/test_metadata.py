"""Title, author, outlet and date are those that the text states."""

import pytest

from annotate.article import Article
from annotate.corpus.furniture import find_furniture
from annotate.corpus.metadata import metadata_origins, parse_day, read_metadata
from annotate.corpus.paragraphs import split_paragraphs
from annotate.corpus.segmentation import read_article

RUNNING = "The army said on Monday that its soldiers had crossed the river, and that the town would fall before winter."


def article(*paragraphs: str) -> Article:
    found = read_article("\n\n".join(paragraphs)).article
    assert found
    return found


@pytest.mark.parametrize(
    ("line", "author", "outlet"),
    [
        ("By Eric Draitser", "Eric Draitser", None),
        ("Report by Dr. Ashraf Ezzat", "Dr. Ashraf Ezzat", None),
        ("By Juan Cole | (Informed Comment) | – –", "Juan Cole", "Informed Comment"),
        ("Damascus by Elijah J. Magnier:\xa0@EjmAlrai", "Elijah J. Magnier", None),
        ("By Jane Doe and John Roe, Staff Writers", "Jane Doe and John Roe", None),
        ("Source: FaceBook", None, "FaceBook"),
    ],
)
def test_author_and_outlet_are_read_above_the_text(line: str, author: str | None, outlet: str | None) -> None:
    found = article("The Army Crosses the River", line, RUNNING)
    assert (found.title, found.author, found.outlet) == ("The Army Crosses the River", author, outlet)


def test_the_outlet_is_read_from_the_signature_below_the_text() -> None:
    assert article(RUNNING, "-Al-Akhbar, TAAN").outlet == "Al-Akhbar"


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Published: May 13, 2015 10:30 GMT", "2015-05-13"),
        ("Friday, March 3, 2017", "2017-03-03"),
        ("Posted on 3rd Sept. 2017", "2017-09-03"),
        ("2015-05-13T10:30:00+01:00", "2015-05-13"),
        ("Published: 13/05/2015", "2015-05-13"),
        ("Published: 05/13/2015", "2015-05-13"),
        ("Published: 03/05/2015", None),
        ("February 30, 2015", None),
        ("Updated: May 13, 2015", None),
        ("ROME, February 6, 2018 (LifeSiteNews) – " + RUNNING, "2018-02-06"),
    ],
)
def test_the_date_of_publication_is_given_where_it_is_plain_which_day_is_meant(
    line: str, published: str | None
) -> None:
    assert article("The River", line, RUNNING).published == published


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("12. März 2015", "2015-03-12"),
        ("12 août 2015", "2015-08-12"),
        ("1er mai 2015", "2015-05-01"),
        ("12 de enero de 2015", "2015-01-12"),
        ("3.4.2015", "2015-04-03"),
        ("7/7/2015", "2015-07-07"),
        ("May 2015", None),
        ("12 Brumaire 1799", None),
        ("2015-13-01", None),
    ],
)
def test_dates_are_read_in_several_languages(text: str, date: str | None) -> None:
    assert parse_day(text) == date


@pytest.mark.parametrize(
    ("line", "author", "outlet", "url"),
    [
        ("This report was originally published by Jane Doe at Infowars.com", "Jane Doe", "Infowars.com", None),
        ("Originally published at http://example.org/a", None, None, "http://example.org/a"),
        ("Article posted with permission from The Washington Standard", None, "The Washington Standard", None),
        ("WASHINGTON (Reuters) - " + RUNNING, None, "Reuters", None),
        ("By The Associated Press", None, None, None),
    ],
)
def test_first_publication_and_agencies_are_told(
    line: str, author: str | None, outlet: str | None, url: str | None
) -> None:
    paragraphs = split_paragraphs(f"The River\n{line}\n{RUNNING}")
    found = read_metadata(find_furniture(paragraphs).metadata, None)
    assert (found.author, found.outlet, found.url) == (author, outlet, url)


def test_the_source_of_a_figure_is_not_the_outlet() -> None:
    assert article("The River", RUNNING, RUNNING + " Yes.", "Source: NATO.").outlet is None


def test_an_outlet_that_signs_counts_more_than_the_agency_above() -> None:
    assert article(f"BEIRUT (AFP) - {RUNNING}", RUNNING + " Yes.", "-Al-Akhbar, TAAN").outlet == "Al-Akhbar"


def test_where_a_field_was_found_is_told() -> None:
    paragraphs = split_paragraphs(f"The River\nBy Jane Doe\n{RUNNING}\n(Reuters)")
    stated = find_furniture(paragraphs).metadata
    origins = metadata_origins(read_metadata(stated, "The River"), stated)
    assert origins == {"title": "text, headline", "author": "text, paragraph 2", "outlet": "text, paragraph 4"}


def test_what_the_text_does_not_state_is_not_known() -> None:
    found = article(RUNNING, RUNNING + " ")
    assert (found.title, found.author, found.outlet, found.published, found.url) == (None,) * 5


def test_an_article_that_starts_with_running_text_has_subheadings_and_no_title() -> None:
    assert article(RUNNING, "Carrot and Stick", RUNNING).title is None
