"""Reports as people use them, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from annotate.annotation import Annotation, Scores
from annotate.article import Article
from annotate.scoring.adjusted import Confusion
from annotate.scoring.comparison_page import render_comparison
from annotate.scoring.profile import Evidence
from annotate.scoring.report import render_report
from annotate.scoring.source_page import render_sources
from annotate.scoring.source_profile import Survey
from annotate.scoring.source_records import Match, SourceProfiles
from scoring.pages import LAPTOP, PHONE, Open, faults, needs_browser
from scoring.scored import make_schema, make_scores, make_span
from scoring.sourced import TODAY, profiled, source

pytestmark = needs_browser

SCHEMA = make_schema()
TEXT = "The regime will fall. <script>alert(1)</script>"
ARTICLE = Article(id="a", title="T", outlet="O", text="x", url="https://example.org/1")
ERRORS = {label: Confusion(100, 80, 300, 20) for label in ("Loaded term", "Claim")}


def sentence(number: int, quotation: str = "none", labels: tuple[float, float] = (0.9, 0.8)) -> Scores:
    spans = (make_span(TEXT, "regime"),) if labels[0] >= 0.5 else ()
    score = make_scores(
        TEXT, {"Loaded term": labels[0], "Claim": labels[1]}, spans, place=(number * 100, number + 1, "body")
    )
    return score.model_copy(update={"quotation": quotation})


def report() -> str:
    scores = [sentence(0), sentence(1, "whole"), sentence(2)]
    answer = Annotation(**dict(scores[2].sentence), annotator="gold", answers={"claims": ()}, origin="manual")
    return render_report([(ARTICLE, scores)], SCHEMA, Evidence({answer.uid: answer}, ERRORS))


SCORES = [
    score
    for outlet, base in (("Here", 2), ("There <img src=x onerror=alert(1)>", 5))
    for month in range(1, 5)
    for score in source(outlet, [base, base + 1, base, base - 1, base + month % 2], month)
]


def profiles_of(match: Match | None = None) -> SourceProfiles:
    survey = Survey(minimum=5, today=TODAY, match=match)
    return profiled([*SCORES, *source("Small", [1] * 3)], SCHEMA, survey, Evidence(errors=ERRORS))


def comparison() -> str:
    return render_comparison(profiles_of("month"), SCHEMA)


def sources_page() -> str:
    profiles = profiles_of()
    shown = {example.article_id for each in profiles.sources for label in each.labels for example in label.examples}
    texts = [(Article(id=name, text=""), [s for s in SCORES if s.article_id == name]) for name in sorted(shown)]
    return render_sources(profiles, SCHEMA, texts)


def drawn(page: Page) -> list[bool]:
    """Tell of each sentence whether its mark is to be seen."""
    clear = "rgba(0, 0, 0, 0)"
    colors = page.locator(".text mark").evaluate_all("all => all.map(one => getComputedStyle(one).borderBottomColor)")
    return [color != clear for color in colors]


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
@pytest.mark.parametrize("make", [report, sources_page, comparison])
def test_axe_finds_nothing_serious(make: object, dark: bool, show: Open) -> None:
    assert callable(make)
    with show(make(), PHONE if dark else LAPTOP, dark=dark) as page:
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert not faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_quotations_and_differences_can_be_filtered(show: Open) -> None:
    with show(report()) as page:
        assert drawn(page) == [True, True, True]
        page.get_by_role("checkbox", name="in quotations").uncheck()
        assert drawn(page) == [True, False, True]
        expect(page.locator(".text mark").nth(1)).to_have_attribute("tabindex", "-1")
        page.get_by_role("checkbox", name="in quotations").check()
        page.get_by_role("checkbox", name="only where people and model differ").check()
        assert drawn(page) == [False, False, True]
        differs = page.locator(".differs")
        differs.focus()
        expect(differs.locator(".tip")).to_have_text("the model alone: Claim (80%)")


def test_the_profile_tells_what_is_likely_and_where(show: Open) -> None:
    with show(report(), LAPTOP) as page:
        expect(page.locator(".profile")).to_contain_text("Likely")
        page.get_by_text("By place of Loaded term").click()
        places = page.locator(".parts").first.locator("tbody th")
        expect(places).to_have_text(["body", "outside quotations", "inside quotations"])


def test_an_example_of_a_source_is_one_click_from_its_text(show: Open) -> None:
    with show(sources_page(), LAPTOP) as page:
        page.get_by_role("link", name="Here", exact=True).click()
        expect(page.locator("#source-2")).to_be_in_viewport()
        link = page.locator(".examples a").first
        words = link.inner_text()
        link.click()
        shown = page.locator(".sentence:target")
        expect(shown).to_be_in_viewport()
        expect(shown).to_contain_text(words)


def test_too_few_and_comparison_are_told(show: Open) -> None:
    with show(sources_page(), LAPTOP) as page:
        expect(page.locator(".too-few")).to_have_text("Too few to say: a profile takes 5 articles.")
        page.get_by_role("link", name="Comparison").click()
        expect(page.locator("#comparison")).to_be_in_viewport()
        expect(page.locator("#comparison tbody tr")).to_have_count(2)
        assert page.locator("img").count() == 0


def test_sources_are_compared_on_a_page_of_their_own(show: Open) -> None:
    with show(comparison(), LAPTOP) as page:
        page.get_by_role("link", name="Claim").click()
        section = page.locator("#label-1")
        expect(section).to_be_in_viewport()
        assert [row[:4] for row in section.locator("tbody th").all_inner_texts()] == ["Ther", "Here", "Here"]
        expect(page.locator("#common-ground tbody tr")).to_have_count(4)
        expect(page.get_by_text("Small (3 articles)")).to_be_visible()
        assert page.locator("img").count() == 0


def test_ten_thousand_highlights_show_and_answer(show: Open) -> None:
    scores = [sentence(number) for number in range(5000)]
    with show(render_report([(ARTICLE, scores)], SCHEMA), LAPTOP) as page:
        assert page.locator(".text mark, .text .tag").count() == 10_000
        page.get_by_role("checkbox", name="Claim").uncheck()
        expect(page.locator("#a1-s1 .tag")).to_be_hidden()
        page.goto(f"{page.url}#a1-s4900")
        expect(page.locator("#a1-s4900")).to_be_in_viewport()
