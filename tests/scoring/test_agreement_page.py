"""Agreement on a page and on a terminal: complete, harmless, and clear about what is not known."""

from pathlib import Path

import pytest
from rich.console import Console

from annotate.annotation import Annotation, LabelledSpan
from annotate.corpus.store import read_records
from annotate.quality.agreement.measure import measure
from annotate.quality.agreement.panel import Panel
from annotate.quality.agreement.report import AgreementReport
from annotate.quality.competence import competence
from annotate.schema import LabelSchema
from annotate.scoring.agreement_page import render_agreement
from annotate.scoring.agreement_table import to_agreement_table
from annotate.scoring.agreement_view import DRAFTS
from scoring.pages import PHONE, Open, needs_browser
from scoring.scored import Page


def starter_report(repository: Path, schema: LabelSchema) -> AgreementReport:
    panel = Panel(read_records(repository / "seeds" / "labels.jsonl", Annotation))
    report = measure(panel, schema, [], drafts=True)
    return report.model_copy(update={"competence": tuple(competence(panel, schema))})


def printed(report: AgreementReport) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(to_agreement_table(report))
    return capture.get()


def test_every_figure_is_on_the_page_with_its_interval(repository: Path, schema: LabelSchema) -> None:
    report = starter_report(repository, schema)
    page = Page(render_agreement(report))
    for question in report.questions:
        for figures in question.labels:
            estimates = [
                figures.alpha,
                *(pair.kappa for pair in figures.pairs),
                *(each.f1 for each in figures.annotators),
            ]
            for estimate in estimates:
                assert f"{estimate.value:.2f} [{estimate.low:.2f}, {estimate.high:.2f}]" in page.text
    assert all(sentence.text in page.text for sentence in report.disputed)
    assert DRAFTS in page.text
    assert page.tags.count("circle") > 40


def test_a_page_loads_nothing_and_a_sentence_cannot_act(schema: LabelSchema) -> None:
    text = "<script>alert(1)</script> \x1b[31mregime [bold]will[/bold] fall"
    sentence = {"uid": "u", "article_id": "a", "start": 0, "end": len(text), "paragraph": 1, "section": "body"}
    mark = LabelledSpan(start=0, end=8, label="Loaded term")
    given = [
        Annotation(**sentence, text=text, annotator=who, answers={"terms": marks}, origin="manual")
        for who, marks in (("user:<b>", (mark,)), ("user:2", ()))
    ]
    report = measure(Panel(given), schema, [], drafts=False)
    page = Page(render_agreement(report))
    links = {value for name, value in page.attributes if name in ("src", "href")}
    assert (links, "script" in page.tags, "b" in page.tags) == ({"#figures"}, False, False)
    assert "<script>alert(1)</script> ⟨U+001B⟩[31mregime" in page.text
    assert "⟨U+001B⟩[31mregime [bold]will[/bold] fall" in " ".join(printed(report).split())
    assert "\x1b" not in printed(report)


@needs_browser
@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_a_phone_shows_it_without_a_complaint(show: Open, repository: Path, schema: LabelSchema, dark: bool) -> None:
    with show(render_agreement(starter_report(repository, schema)), dark=dark) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("tell", [printed, lambda report: Page(render_agreement(report)).text], ids=["table", "page"])
def test_what_is_not_defined_is_said_with_the_reason(schema: LabelSchema, tell: object) -> None:
    sentence = {"uid": "u", "article_id": "a", "start": 0, "end": 4, "text": "One.", "paragraph": 1, "section": "body"}
    alone = Annotation(**sentence, annotator="user:1", answers={"terms": (), "claims": ()}, origin="manual")
    assert callable(tell)
    shown = " ".join(tell(measure(Panel([alone]), schema, [], drafts=False)).split())
    assert "Prediction: no alpha, for one annotator." in shown
    assert "claims: 1 sentence with a single answer left out." in shown
