"""Title, author, outlet and date are those that the text states."""

import pytest

from annotate.article import Article
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


def test_the_date_is_given_as_the_text_gives_it() -> None:
    assert article("Published: May 13, 2015 10:30 GMT", RUNNING).published == "May 13, 2015"


def test_what_the_text_does_not_state_is_not_known() -> None:
    found = article(RUNNING, RUNNING + " ")
    assert (found.title, found.author, found.outlet, found.published, found.url) == (None,) * 5


def test_an_article_that_starts_with_running_text_has_subheadings_and_no_title() -> None:
    assert article(RUNNING, "Carrot and Stick", RUNNING).title is None
