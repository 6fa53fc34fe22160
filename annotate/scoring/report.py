"""Scores as one HTML file, complete in itself: no network, and the same bytes for the same scores."""

from collections.abc import Sequence

from annotate.schema import Label, LabelSchema
from annotate.scoring.colors import theme_colors
from annotate.scoring.page import render_page
from annotate.scoring.profile import NOTHING_ELSE, Evidence, Scored
from annotate.scoring.view import view_article
from annotate.wording import visible

# How the sentence is underlined, so that labels differ in more than colour.
_LINES = ("solid", "dashed", "dotted", "double")


def render_report(
    articles: Sequence[Scored], schema: LabelSchema, evidence: Evidence = NOTHING_ELSE, home: str | None = None
) -> str:
    """Lay out articles with what was found in them, and with people's answers in the place of the model's.

    ``home`` is the address of a page to go back to.

    Raises:
        SourceError: An entry mixes two articles or two models.
        ConfigError: The scores have a label that the schema does not have.
    """
    views = [view_article(scored, schema, number, evidence) for number, scored in enumerate(articles, start=1)]
    return render_page(
        "report.html.j2",
        ["report.css"],
        rules=label_styles(schema),
        script="report.js",
        articles=views,
        any_quoted=any(s.quoted for view in views for block in view.blocks for s in block.sentences),
        any_differs=any(view.profile.n_differing for view in views),
        home=home,
        labels=label_names(schema),
    )


def label_names(schema: LabelSchema) -> list[tuple[int, str, str]]:
    """Return each label's place, its name, and how the text shows it: by a mark, or by a line below the sentence."""
    spans = {name for question in schema.span_questions for name in question.names}
    return [
        (index, visible(label.name), "like-mark" if label.name in spans else "line")
        for index, label in enumerate(schema.labels)
    ]


def label_styles(schema: LabelSchema) -> str:
    """Return the labels' rules of style: colours by day and by night, lines, and how filters hide them."""
    return "\n".join(_label_style(*place) for place in enumerate(schema.labels))


def _label_style(index: int, label: Label) -> str:
    light, dark = theme_colors(label, index)
    line = _LINES[index % len(_LINES)]
    hidden = f":root:has(#show-{index}:not(:checked)) .text"
    return (
        f".l{index} {{ --hue: {light}; --line: {line}; }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ .l{index} {{ --hue: {dark}; }} }}\n"
        f"{hidden} .l{index} {{ --hue: transparent; }}\n"
        f"{hidden} .l{index} > .tip, {hidden} .tag.l{index} {{ display: none; }}"
    )
