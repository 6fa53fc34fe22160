"""What pages have in common: one file each, complete in itself, without the network, readable by day and by night."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from annotate.article import web_address
from annotate.scoring.display import interval, model_name, percent, place
from annotate.wording import counted, visible


def render_page(
    template: str, styles: Sequence[str], /, *, rules: str = "", script: str | None = None, **shown: object
) -> str:
    """Lay out a page with style sheets and a script of this package, and further ``rules`` of style.

    None of them may hold a character of what is shown, for they are not escaped.
    """
    style = "\n".join([*map(read_asset, ("page.css", *styles)), rules])
    code = None if script is None else read_asset(script)
    return (
        _environment()
        .get_template(template)
        .render(
            shown,
            style=Markup(style),  # noqa: S704
            script=None if code is None else Markup(code),  # noqa: S704
            policy=_policy(style, code),
        )
    )


def read_asset(name: str) -> str:
    """Return a style sheet or script that comes with the package."""
    return files("annotate.scoring").joinpath(name).read_text("utf-8")


def digest(content: str) -> str:
    """Return how a content security policy names a style or script."""
    return f"sha256-{b64encode(sha256(content.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    """Return the environment of the templates: what they are given is escaped, and must be there."""
    made = Environment(
        loader=PackageLoader("annotate.scoring", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(counted=counted, interval=interval, model_name=model_name, percent=percent, shown=visible)
    made.globals.update(place=place, visible=visible, web_address=web_address)
    return made


def _policy(style: str, script: str | None = None) -> str:
    """Return a content security policy by which a page runs and loads nothing but its own style and script."""
    scripts = f" script-src '{digest(script)}';" if script is not None else ""
    return f"default-src 'none'; style-src '{digest(style)}';{scripts} base-uri 'none'; form-action 'none'"
