"""An assessment as one HTML file, complete in itself: no network, and the same bytes for the same figures."""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from annotate.quality.assessment import Assessment
from annotate.quality.figure import Figure

_COLUMNS = {
    "precision": "precision",
    "recall": "recall",
    "F1": "f1",
    "macro F1": "macro_f1",
    "MCC": "mcc",
    "average precision": "average_precision",
    "precision of words": "words_precision",
    "recall of words": "words_recall",
    "F1 of words": "words_f1",
    "F1 of spans": "spans_f1",
    "F1 of partial spans": "partial_f1",
}


def evaluation_page(assessment: Assessment, title: str, compared: str | None = None) -> str:
    """Lay out figures with their intervals beside what people reach, and a reliability plot a label."""
    environment = Environment(
        loader=PackageLoader("annotate.quality", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(shown=_shown, ends=_ends)
    style = files("annotate.quality").joinpath("evaluation.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return environment.get_template("evaluation.html.j2").render(
        assessment=assessment,
        title=title,
        compared=compared,
        columns=_COLUMNS,
        style=Markup(style),  # noqa: S704 - this package's own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    )


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.3f}"


def _ends(figure: Figure) -> str:
    return "" if figure.low is None else f"{_shown(figure.low)} to {_shown(figure.high)}"
