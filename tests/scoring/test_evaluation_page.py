"""Figures of an evaluation on a page: all of them, a plot, and nothing that acts."""

from collections.abc import Callable

import pytest

from annotate.annotation import Annotation, Scores
from annotate.quality.assessment import Assessment, Sides, assess
from annotate.schema import LabelSchema
from annotate.scoring.evaluation_page import render_evaluation
from scoring.pages import LAPTOP, PHONE, Open, faults, needs_browser
from scoring.scored import Page

Make = Callable[..., Annotation]
LABEL = "Prediction"
SCHEMA = LabelSchema.parse(
    """<View><Text name="s" value="$sentence"/>
<Choices name="claims" toName="s" choice="multiple"><Choice value="Prediction"/></Choices></View>"""
)


@pytest.fixture
def assessment(annotation: Make) -> Assessment:
    """Measure six sentences of three articles, with scores and another model's answers."""
    truth, guesses, others = (
        [annotation(f"Sentence {n}.", {"claims": (LABEL,) * (n in said)}, article=str(n % 3)) for n in range(6)]
        for said in ({0, 1, 2}, {0, 1, 3}, {0, 4})
    )
    scores = [
        Scores(**dict(each.sentence), model="m", labels={LABEL: 0.9 if each.answers["claims"] else 0.1})
        for each in guesses
    ]
    return assess(Sides(truth, guesses, scores, others=others), SCHEMA)


def test_the_page_holds_the_figures_and_a_plot_and_runs_nothing(assessment: Assessment) -> None:
    html = render_evaluation(assessment, "<m>: 6 sentences", "<o>")
    page = Page(html)
    assert "<m>: 6 sentences" in page.text
    assert "Against <o>" in page.text
    figure = assessment.labels[0].figures["f1"]
    assert f"{figure.value:.3f}{figure.low:.3f} to {figure.high:.3f}" in page.text
    assert page.tags.count("svg") == page.tags.count("circle") - 1 == 1
    assert "script" not in page.tags
    assert "http" not in html.replace("http-equiv", "")


@needs_browser
@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_axe_finds_nothing_serious(assessment: Assessment, show: Open, dark: bool) -> None:
    with show(render_evaluation(assessment, "m: 6 sentences", "o"), PHONE if dark else LAPTOP, dark=dark) as page:
        assert not faults(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
