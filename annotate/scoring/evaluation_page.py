"""An assessment as one HTML file, complete in itself: no network, and the same bytes for the same figures."""

from annotate.quality.assessment import HEADINGS, Assessment
from annotate.quality.figure import Figure
from annotate.scoring.page import render_page


def render_evaluation(assessment: Assessment, title: str, compared: str | None = None) -> str:
    """Lay out figures with their intervals beside what people reach, and a reliability plot a label."""
    return render_page(
        "evaluation.html.j2",
        ["tables.css", "evaluation.css"],
        assessment=assessment,
        title=title,
        compared=compared,
        columns=HEADINGS,
        number=_number,
        ends=_ends,
    )


def _number(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _ends(figure: Figure) -> str:
    return "" if figure.low is None else f"{_number(figure.low)} to {_number(figure.high)}"
