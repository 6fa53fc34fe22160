"""One browser for the tests of a file; it is closed with the file, for others run event loops of their own."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from scoring.pages import BROWSER, Open, opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Open:
    """Give what opens a page (see ``pages.opened``)."""
    return partial(opened, browser, tmp_path / "page.html")
