from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from annotate.article import Article
from annotate.scoring.report import render_report
from scoring.pages import Open, needs_browser
from scoring.scored import make_schema, make_scores, make_span

pytestmark = needs_browser

TEXT = "The regime will fall. <script>alert(1)</script>"
SCORES = make_scores(TEXT, {"Loaded term": 0.9, "Claim": 0.8}, (make_span(TEXT, "regime"),))
CLEAR = "rgba(0, 0, 0, 0)"


@pytest.fixture
def page(show: Open) -> Iterator[Page]:
    """Show a report at phone size."""
    with show(render_report([(Article(id="a", title="T", text="x"), [SCORES])], make_schema())) as page:
        yield page


def test_a_filter_hides_its_label_and_nothing_else(page: Page) -> None:
    page.get_by_role("checkbox", name="Claim").uncheck()
    expect(page.locator(".tag")).to_be_hidden()
    expect(page.locator(".text p")).to_be_visible()
    expect(page.locator(".text mark")).not_to_have_css("border-bottom-color", CLEAR)


def test_what_is_filtered_out_is_no_stop_for_the_keyboard(page: Page) -> None:
    page.get_by_role("checkbox", name="Loaded term").uncheck()
    expect(page.locator(".text mark")).to_have_css("border-bottom-color", CLEAR)
    expect(page.locator(".text mark")).to_have_attribute("tabindex", "-1")
    page.get_by_role("checkbox", name="Loaded term").check()
    expect(page.locator(".text mark")).to_have_attribute("tabindex", "0")


def test_focus_shows_the_probability_and_escape_hides_it(page: Page) -> None:
    mark = page.locator(".text mark")
    mark.focus()
    expect(mark.locator(".tip")).to_have_css("clip-path", "none")
    page.keyboard.press("Escape")
    expect(mark.locator(".tip")).not_to_have_css("clip-path", "none")


def test_a_phone_shows_it_without_scrolling_sideways(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") == 390
