"""Annotators at the real page, in a real browser, by keyboard and double-click."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from annotate.annotation import Annotation, LabelledSpan, ScoredSpan, Scores
from annotate.article import Article, Sentence
from annotate.corpus.segmentation import read_lines
from annotate.corpus.store import read_records
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.project import open_project
from annotate.studio.push import Push, PushOptions
from annotate.studio.queue import Order, set_order
from end_to_end.browser import (
    CHROMIUM,
    LAPTOP,
    begin,
    chromium,
    in_sentence,
    keep_label_selected,
    laptop,
    log_in,
    mark,
    photograph,
    press,
)
from end_to_end.user_shell import Annotator, Quickstarted, Shell

SUGGESTED = "Their regime will fall."
EMOJI = "😀 A brutal regime has lost half its tanks."
ARABIC = "قال الوزير إن النظام المجرم سيسقط قريبا."
ABOUT = {"title": "The Harbour Plan", "outlet": "The Gazette", "author": "Ann Writer", "published": "2026-03-12"}
KEY = {"Unsourced claim": "1", "Prediction": "2"}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install Debian's package chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def login(demo: Quickstarted, browser: Browser) -> StorageState:
    """An annotator whose account was made by a command, logged in."""
    added = demo.done("annotators", "add", "Ann Smith")
    if "already" in added:
        added = demo.done("annotators", "add", "Ann Smith", "--reset")
    told = re.search("log in as (.+) with password (.+)", added)
    assert told
    return log_in(browser, demo.url, told[1], told[2])


@pytest.fixture
def page(browser: Browser, login: StorageState) -> Iterator[Page]:
    with laptop(browser, login) as page:
        yield page


@dataclass(frozen=True)
class Desk:
    """A project that is being filled."""

    studio: Studio
    project: Project
    schema: LabelSchema

    @property
    def address(self) -> str:
        """The project's own page."""
        return f"{self.studio.url}/projects/{self.project.id}"

    def push(self, text: str, model: PreAnnotator | None = None) -> None:
        """Push the lines of a text as sentences."""
        sentences = read_lines(text).sentences
        article = Article(id=sentences[0].article_id, text=text, **ABOUT)
        Push(self.studio, self.project, self.schema, PushOptions(model, order="reading"))([(article, sentences)])


@pytest.fixture
def desk(annotator: Annotator, schema: LabelSchema) -> Iterator[Desk]:
    with Studio(annotator.url, annotator.token) as studio:
        yield Desk(studio, open_project(studio, annotator.title, schema, "<p>Read the codebook.</p>"), schema)


def suggest(sentences: Sequence[Sentence]) -> list[Scores]:
    """Suggest that every sentence is a prediction, the surer the longer it is, and a loaded term in one of them."""

    def scores(sentence: Sentence) -> Scores:
        spans = (ScoredSpan(start=6, end=12, label="Loaded term", score=0.9),) if sentence.text == SUGGESTED else ()
        labels = {"Loaded term": 0.9, "Unsourced claim": 0.1, "Prediction": 0.5 + len(sentence.text) / 1000}
        return Scores(**dict(sentence), model="by-hand", labels=labels, spans=spans, decided=("Prediction",))

    return [scores(sentence) for sentence in sentences]


def seeds(repository: Path, schema: LabelSchema) -> list[Annotation]:
    """Return ten seed sentences whose starter labels mark single words at most, five of them at least one."""

    def words(annotation: Annotation) -> list[str]:
        spans = (item for item in annotation.answers["terms"] if isinstance(item, LabelledSpan))
        return [annotation.text[span.start : span.end] for span in spans]

    drafts = gold(read_records(repository / "seeds" / "labels.jsonl", Annotation), schema)
    short = [each for each in drafts if len(each.text) < 150 and each.text.isascii() and "claims" in each.answers]
    simple = [each for each in short if all(w.isalpha() and each.text.count(w) == 1 for w in words(each))]
    return [*[each for each in simple if words(each)][:5], *[each for each in simple if not words(each)][:5]]


def answered(page: Page, text: str, terms: Sequence[str], claims: Sequence[str]) -> None:
    """Answer the sentence that is shown, and submit it."""
    expect(page.locator(".sent")).to_contain_text(text)
    for term in terms:
        mark(page, term)
    press(page, [*(KEY[claim] for claim in claims or ()), *(() if claims else "3"), "Control+Enter"], submits=True)


def test_what_an_annotator_does_by_keyboard_and_double_click_is_pulled_exactly(
    repository: Path, desk: Desk, page: Page, shell: Shell
) -> None:
    drafts = seeds(repository, desk.schema)
    answers = {each.text: each.answers for each in drafts}
    answers[EMOJI] = {"terms": (LabelledSpan(start=4, end=10, label="Loaded term"),), "claims": ("Unsourced claim",)}
    start = ARABIC.index("المجرم")
    term = LabelledSpan(start=start, end=start + len("المجرم"), label="Loaded term")
    answers[ARABIC] = {"terms": (term,), "claims": ("Prediction",)}
    desk.push(SUGGESTED, PreAnnotator("by-hand", suggest))
    desk.push("\n".join(["Skip me.", *answers]))
    begin(page, desk.address)
    expect(page.locator(".sent")).to_contain_text(SUGGESTED)
    keep_label_selected(page)
    press(page, ["Control+Enter"], submits=True)
    expect(page.locator(".sent")).to_contain_text("Skip me.")
    press(page, ["Control+Space"], submits=True)
    for text, answer in answers.items():
        terms = [text[item.start : item.end] for item in answer["terms"] if isinstance(item, LabelledSpan)]
        answered(page, text, terms, [claim for claim in answer["claims"] if isinstance(claim, str)])
    assert shell.done("pull").startswith(f"{len(answers) + 1} annotations, 1 skipped")
    pulled = list(read_records(shell.workspace / "data" / "labels.jsonl", Annotation))
    assert {each.text: each.answers for each in pulled if each.text != SUGGESTED} == answers
    assert {each.text for each in pulled if each.origin != "manual"} == {SUGGESTED}
    found = json.loads(shell.done("status", "--format", "json"))
    (worker,) = found["annotators"]
    assert (worker["name"], worker["n_done"], worker["n_skipped"], worker["n_left"]) == ("Ann Smith", 13, 1, 0)
    assert worker["suggested"] == {"n_answers": 1, "n_as_suggested": 1}


@pytest.mark.parametrize(("order", "served"), [("uncertainty", [1, 2, 0]), ("reading", [0, 1, 2])])
def test_label_all_tasks_serves_in_the_order_asked_for(desk: Desk, page: Page, order: Order, served: list[int]) -> None:
    texts = ["There is a regime that will fall within a year, they say.", "It is so.", "Nobody would regret it."]
    desk.push("\n".join(texts), PreAnnotator("by-hand", suggest))
    set_order(desk.studio, desk.project, order)
    begin(page, desk.address)
    for number in served:
        expect(page.locator(".sent")).to_contain_text(texts[number])
        press(page, ["Control+Enter"], submits=True)
    expect(page.get_by_text("No More Tasks Left in Queue")).to_be_visible()


# What nobody can do without, and must be seen and reached.
ESSENTIAL = (
    "text=The Harbour Plan",
    "text=The Gazette · Ann Writer · 2026-03-12",
    ".ctx >> nth=0",
    ".sent",
    ".ctx >> nth=1",
    ".ask .lsf-labels",
    *(f".lsf-choice >> nth={number}" for number in range(3)),
    "button:has-text('Submit')",
    "button:has-text('Skip')",
    "button:has-text('Instructions')",
)


@pytest.mark.parametrize("zoom", [1, 2])
def test_a_laptop_shows_all_of_it_in_its_width(browser: Browser, login: StorageState, desk: Desk, zoom: int) -> None:
    texts = ["The council sold the harbour.", "The desperate mayor, who lost the vote, will resign.", "Nobody knows."]
    desk.push("\n".join(texts))
    with laptop(browser, login, zoom) as page:
        begin(page, desk.address)
        answered(page, texts[0], [], [])
        expect(page.locator(".sent")).to_contain_text(texts[1])
        photograph(page, f"labelling-at-{zoom}00-percent")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for selector in ESSENTIAL:
            shown = page.locator(selector).first
            box = shown.bounding_box()
            assert box is not None, selector
            assert 0 <= box["x"] < box["x"] + box["width"] <= LAPTOP["width"] / zoom, selector
            shown.click(trial=True)  # which fails where something lies over it


@pytest.mark.parametrize(("text", "is_from_the_right"), [(ARABIC, True), (EMOJI, False)])
def test_a_sentence_begins_on_the_side_that_its_script_begins_on(
    desk: Desk, page: Page, text: str, is_from_the_right: bool
) -> None:
    desk.push(text)
    begin(page, desk.address)
    photograph(page, "labelling-from-the-right" if is_from_the_right else "labelling-from-the-left")
    first, last, sentence = in_sentence(
        page, "() => [boxOf(0), boxOf(places.length - 1), sentence.getBoundingClientRect()].map(b => [b.left, b.right])"
    )
    to_the_side = sentence[1] - first[1] if is_from_the_right else first[0] - sentence[0]
    assert 0 <= to_the_side < 30
    assert (first[0] > last[1]) == is_from_the_right


def test_the_codebook_is_one_click_away(desk: Desk, page: Page) -> None:
    desk.push(EMOJI)
    begin(page, desk.address)
    page.get_by_role("button", name="Instructions").click()
    expect(page.get_by_text("Read the codebook.")).to_be_visible()
