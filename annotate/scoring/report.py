"""Scores as one HTML file, complete in itself: no network, and the same bytes for the same scores."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from annotate.schema import Label, LabelSchema
from annotate.scoring.colors import theme_colors
from annotate.scoring.display import model_name, percent, visible
from annotate.scoring.profile import Scored
from annotate.scoring.view import view_article
from annotate.wording import counted

# How the sentence is underlined, so that labels differ in more than colour.
_LINES = ("solid", "dashed", "dotted", "double")


def render_report(articles: Sequence[Scored], schema: LabelSchema) -> str:
    """Lay out articles with what was found in them.

    Raises:
        SourceError: An entry mixes two articles or two models.
        ConfigError: The scores have a label that the schema does not have.
    """
    labels = [(index, visible(label.name)) for index, label in enumerate(schema.labels)]
    style = "\n".join([_asset("report.css"), *(_label_style(*place) for place in enumerate(schema.labels))])
    script = _asset("report.js")
    template = _environment().get_template("report.html.j2")
    return template.render(
        articles=[view_article(scored, schema, number) for number, scored in enumerate(articles, start=1)],
        labels=labels,
        span_labels={name for question in schema.span_questions for name in map(visible, question.names)},
        # Neither holds a character of the articles: both are this package's own files and numbers read from colours.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )


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


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("annotate.scoring", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(counted=counted, model_name=model_name, percent=percent)
    return environment


def _asset(name: str) -> str:
    return files("annotate.scoring").joinpath(name).read_text("utf-8")


def _digest(content: str) -> str:
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"
