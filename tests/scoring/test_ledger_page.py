"""The ledger as a page and as a table for spreadsheets, with hostile text."""

import csv
import io
from datetime import date

import pytest
from playwright.sync_api import expect

from annotate.article import Article, Sentence
from annotate.ledger.entry import Entry, Outcome, Statement, Verdict
from annotate.ledger.horizon import Horizon
from annotate.ledger.strength import LIKELY
from annotate.ledger.track_record import track_records
from annotate.scoring.ledger_formats import COLUMNS, to_ledger_csv, to_record_table
from annotate.scoring.ledger_page import render_ledger
from annotate.scoring.ledger_words import too_few
from scoring.pages import PHONE, Open, faults, needs_browser
from scoring.scored import Page

HOSTILE = "<script>alert(1)</script> ]]> \u202eevil \" onerror='x'"
TODAY = date(2018, 1, 1)


def make_entry(text: str, number: int = 0, outcome: Outcome | None = None, evidence: str | None = None) -> Entry:
    article = Article(
        id=f"a{number}", title=HOSTILE, outlet=HOSTILE, published="2017-06-11", url="javascript:a", text="x"
    )
    place = {"uid": f"{number:016x}", "article_id": article.id, "start": 0, "end": len(text), "text": text}
    sentence = Sentence.model_validate(place | {"paragraph": 1, "section": "body"})
    verdict = None
    if outcome:
        verdict = Verdict(outcome=outcome, evidence=evidence, note=HOSTILE, judged_by="user:1", judged_at="2017-07-01")
    return Entry(
        **dict(Statement.of(sentence, article)),
        found_by="model",
        annotator="m",
        probability=0.9,
        horizon=Horizon(text="by 2017", kind="date", end=date(2017, 12, 31)),
        strength=LIKELY.model_copy(update={"expression": "likely"}),
        repeats=(Statement.of(sentence, article),),
        verdict=verdict,
    ).at(TODAY)


ENTRIES = [
    make_entry(f"It will fall. {HOSTILE}"),
    make_entry("=HYPERLINK(1) will fall.", 1, "came true", "https://example.org/x?a=1&b=2"),
    make_entry("It will rise.", 2, "did not", "javascript:alert(1)"),
]


def test_hostile_text_is_shown_and_never_run() -> None:
    html = render_ledger(ENTRIES, track_records(ENTRIES, fewest=1), TODAY)
    page = Page(html)
    assert "script" not in page.tags
    assert "<script>alert(1)</script> ]]> ⟨U+202E⟩evil" in page.text
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert [link for link in links if not link.startswith("#")] == ["https://example.org/x?a=1&b=2"]
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_the_page_says_what_is_overdue_and_what_came_true() -> None:
    text = " ".join(Page(render_ledger(ENTRIES, [], TODAY)).text.split())
    assert "Overdue (1)" in text
    assert "Judged (2)" in text
    assert "model m, 90%" in text
    assert "“likely”: likely, 68%" in text
    assert render_ledger(ENTRIES, [], TODAY) == render_ledger(ENTRIES, [], TODAY)


def test_a_source_with_too_few_verdicts_has_no_figures() -> None:
    (record,) = track_records(ENTRIES, fewest=3)
    html = " ".join(Page(render_ledger(ENTRIES, [record], TODAY)).text.split())
    assert too_few(record) == "too few to say: 2 settled, 3 needed"
    assert too_few(record) in html
    assert str(next(iter(to_record_table([record]).columns[2].cells))) == too_few(record)


def test_an_empty_ledger_says_so() -> None:
    assert "No sentence predicts." in Page(render_ledger([], [], TODAY)).text


def test_a_spreadsheet_runs_no_cell() -> None:
    rows = list(csv.DictReader(io.StringIO(to_ledger_csv(ENTRIES))))
    assert list(rows[0]) == list(COLUMNS)
    assert rows[1]["text"] == "'=HYPERLINK(1) will fall."
    assert (rows[0]["due"], rows[0]["overdue"], rows[0]["strength"]) == ("2017-12-31", "True", "0.675")
    assert (rows[1]["outcome"], rows[1]["evidence"]) == ("came true", "https://example.org/x?a=1&b=2")


@needs_browser
@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_a_phone_shows_it_without_scrolling_sideways_and_by_keyboard(dark: bool, show: Open) -> None:
    html = render_ledger(ENTRIES, track_records(ENTRIES, fewest=1), TODAY)
    with show(html, PHONE, dark=dark) as page:
        assert not faults(page)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the predictions")).to_be_focused()
        page.get_by_role("link", name="Track records").click()
        expect(page.get_by_role("heading", name="Track records")).to_be_in_viewport()
        shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert shown == ("rgb(23, 24, 26)" if dark else "rgb(250, 249, 246)")
