import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from scored import make_schema, make_scores, make_span

from annotate.article import Article
from annotate.scoring.report import render_report

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium found on this machine")

TEXT = "The regime will fall. <script>alert(1)</script>"
SCORES = make_scores(TEXT, {"Loaded term": 0.9, "Claim": 0.8}, (make_span(TEXT, "regime"),))
CLEAR = "rgba(0, 0, 0, 0)"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    """Open a report at phone size; fails at the end if the browser complained or asked for anything else."""
    file = tmp_path / "report.html"
    file.write_text(render_report([(Article(id="a", title="T", text="x"), [SCORES])], make_schema()), "utf-8")
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        yield page
        browser.close()
    assert not complaints


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
