"""Somebody at Label Studio's page, in a real browser."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, StorageState, ViewportSize, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARTEFACTS = Path(__file__).parents[2] / "artefacts"
LAPTOP: ViewportSize = {"width": 1280, "height": 720}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a browser that runs."""
    expect.set_options(timeout=60_000)
    # In a container Chromium is run by root, which it does only without its sandbox.
    flags = ["--disable-gpu", "--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def log_in(browser: Browser, url: str, email: str, password: str) -> StorageState:
    """Log somebody in, and return what their browser keeps of it."""
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{url}/user/login/")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.click("button[type=submit]")
        page.wait_for_selector("text=Welcome")
        return context.storage_state()


@contextmanager
def laptop(browser: Browser, login: StorageState, zoom: int = 1) -> Iterator[Page]:
    """Yield a page of somebody who is logged in, on a laptop's screen."""
    # Zooming in by two makes everything twice as large, and so halves the page's own pixels.
    size: ViewportSize = {"width": LAPTOP["width"] // zoom, "height": LAPTOP["height"] // zoom}
    with closing(browser.new_context(viewport=size, device_scale_factor=zoom, storage_state=login)) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        yield page


def begin(page: Page, project: str) -> None:
    """Go from a project's own page to its first task, as the login tells people to."""
    page.goto(project)
    page.get_by_role("button", name="Label All Tasks").click()
    expect(page.locator(".sent")).to_be_visible()
    page.keyboard.press("Escape")  # the instructions show by themselves
    expect(page.get_by_text("Labeling Instructions")).to_be_hidden()


def keep_label_selected(page: Page) -> None:
    """Switch on, in this browser, that a label stays selected after a word was marked."""
    page.locator(".lsf-action-buttons button").last.click()
    page.get_by_text("Keep label selected after creating a region", exact=True).click()
    page.keyboard.press("Escape")
    page.locator(".keys").click()  # away from the button, which would take the keys that follow


def mark(page: Page, word: str) -> None:
    """Double-click a word of the sentence."""
    box = word_box(page, word)
    page.mouse.dblclick(box["x"], box["y"])
    expect(page.locator(".lsf-outliner-item", has_text=word)).to_be_visible()


def press(page: Page, keys: Sequence[str], *, submits: bool = False) -> None:
    """Press keys one after another, and wait until the last one has submitted or skipped."""
    for key in keys[:-1] if submits else keys:
        page.keyboard.press(key)
    if submits:
        with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
            page.keyboard.press(keys[-1])


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the page."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


def word_box(page: Page, word: str) -> dict[str, float]:
    """Return the middle of a word of the sentence, in pixels."""
    script = """word => {
        const text = places.map(([node, at]) => node.data[at]).join('');
        const middle = text.indexOf(word) + Math.floor(word.length / 2);
        const box = boxOf(middle);
        return {x: box.x + box.width / 2, y: box.y + box.height / 2};
    }"""
    box: dict[str, float] = in_sentence(page, script, word)
    return box


def in_sentence(page: Page, script: str, argument: object = None) -> Any:
    """Evaluate a function that may use ``places``, every character of the sentence, and ``boxOf`` one of them."""
    # The page may cut the text into any number of nodes.
    prelude = """
        const sentence = document.querySelector('.sent');
        const walker = document.createTreeWalker(sentence, NodeFilter.SHOW_TEXT);
        const places = [];
        while (walker.nextNode())
            for (let at = 0; at < walker.currentNode.length; at++) places.push([walker.currentNode, at]);
        const boxOf = number => {
            const range = document.createRange();
            range.setStart(...places[number]);
            range.setEnd(places[number][0], places[number][1] + 1);
            return range.getBoundingClientRect();
        };"""
    return page.evaluate(f"argument => {{ {prelude} return ({script})(argument); }}", argument)
