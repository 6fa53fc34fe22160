"""Pages in a real browser, which must neither complain nor ask for anything else; and what axe-core says of them."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium found on this machine")
PHONE: ViewportSize = {"width": 390, "height": 800}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}

# Shows a page, at phone size and by day unless told otherwise.
Open = Callable[..., AbstractContextManager[Page]]


@contextmanager
def opened(
    browser: Browser, file: Path, html: str, size: ViewportSize = PHONE, *, dark: bool = False
) -> Iterator[Page]:
    """Yield a page that shows the file."""
    file.write_text(html, "utf-8")
    complaints: list[str] = []
    page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
    page.goto(file.as_uri())
    yield page
    page.close()
    assert not complaints


def faults(page: Page) -> list[str]:
    """Return what axe-core finds at fault that is serious or critical."""
    found = json.loads(json.dumps(Axe().run(page).response))["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
