"""An annotator at the real page, in a real browser, by keyboard."""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from annotate.annotation import ScoredSpan, Scores
from annotate.article import Sentence
from annotate.corpus.segmentation import read_lines
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.project import open_project
from annotate.studio.push import Push, PushOptions
from end_to_end.user_shell import Annotator, Quickstarted, Shell

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARTEFACTS = Path(__file__).parents[2] / "artefacts"
PLAIN, SUGGESTED, EMOJI = (
    "The reckless scheme will fail.",
    "Their regime will fall.",
    "😀 A brutal regime has lost half its tanks.",
)
REGIME = {"start": 6, "end": 12, "label": "Loaded term"}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install Debian's package chromium")


def suggest(sentences: Sequence[Sentence]) -> list[Scores]:
    """Suggest one loaded term, and nothing else."""
    span = ScoredSpan.model_validate(REGIME | {"score": 0.9})
    labels = {"Loaded term": 0.9, "Unsourced claim": 0.1, "Prediction": 0.8}
    decided = ("Loaded term", "Prediction")
    return [Scores(**dict(s), model="by-hand", labels=labels, spans=(span,), decided=decided) for s in sentences]


@pytest.fixture
def page(demo: Quickstarted, annotator: Annotator) -> Iterator[Page]:
    """A browser whose user has logged in."""
    account = demo.local.credentials()
    with sync_playwright() as playwright:
        # In a container Chromium is run by root, which it does only without its sandbox.
        flags = ["--disable-gpu", "--disable-background-networking", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        page.goto(f"{annotator.url}/user/login/")
        page.fill("input[name=email]", account.username)
        page.fill("input[name=password]", account.password)
        page.click("button[type=submit]")
        page.wait_for_selector("text=Welcome")
        yield page
        browser.close()


@pytest.fixture
def queue(annotator: Annotator, schema: LabelSchema) -> str:
    """The address of a project with three sentences, the first of them pre-annotated."""
    with Studio(annotator.url, annotator.token) as studio:
        project = open_project(studio, annotator.title, schema, "<p>Read the codebook.</p>")
        for text, model in ((SUGGESTED, PreAnnotator("by-hand", suggest)), (PLAIN, None), (EMOJI, None)):
            document = read_lines(text)
            Push(studio, project, schema, PushOptions(model))([(document.article, document.sentences)])
    return f"{annotator.url}/projects/{project.id}/data?labeling=1"


def test_labels_made_by_keyboard_and_double_click_are_pulled_exactly(shell: Shell, page: Page, queue: str) -> None:
    page.goto(queue)
    expect(page.get_by_text("Read the codebook.")).to_be_visible()
    page.keyboard.press("Escape")
    label(page, SUGGESTED, word=None, keys="")
    label(page, PLAIN, word="reckless", keys="2")
    label(page, EMOJI, word="brutal", keys="1")
    shell.done("pull")
    lines = (shell.workspace / "data" / "labels.jsonl").read_text("utf-8").splitlines()
    pulled = {record["text"]: (record["origin"], record["answers"]) for record in map(json.loads, lines)}
    brutal = {"start": 4, "end": 10, "label": "Loaded term"}
    assert pulled == {
        PLAIN: ("manual", {"terms": [{"start": 4, "end": 12, "label": "Loaded term"}], "claims": ["Prediction"]}),
        SUGGESTED: ("prediction", {"terms": [REGIME], "claims": ["Prediction"]}),
        EMOJI: ("manual", {"terms": [brutal], "claims": ["Unsourced claim"]}),
    }


def label(page: Page, sentence: str, word: str | None, keys: str) -> None:
    """Mark a word, answer by keys, and submit."""
    shown = page.locator(".sent")
    expect(shown).to_contain_text(sentence)
    if word:
        box = word_box(page, word)
        page.mouse.dblclick(box["x"], box["y"])
        expect(page.get_by_text(word, exact=True).first).to_be_visible()
    for key in keys:
        page.keyboard.press(key)
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "labelling.png")
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.keyboard.press("Control+Enter")


def word_box(page: Page, word: str) -> dict[str, float]:
    """Return the middle of a word of the sentence, in pixels."""
    # The page may cut the text into any number of nodes.
    script = """word => {
        const walker = document.createTreeWalker(document.querySelector('.sent'), NodeFilter.SHOW_TEXT);
        const places = [];
        let text = '';
        while (walker.nextNode()) {
            for (let i = 0; i < walker.currentNode.length; i++) places.push([walker.currentNode, i]);
            text += walker.currentNode.data;
        }
        const range = document.createRange();
        const middle = text.indexOf(word) + Math.floor(word.length / 2);
        range.setStart(...places[middle]);
        range.setEnd(places[middle][0], places[middle][1] + 1);
        const box = range.getBoundingClientRect();
        return {x: box.x + box.width / 2, y: box.y + box.height / 2};
    }"""
    box: dict[str, float] = page.evaluate(script, word)
    return box
