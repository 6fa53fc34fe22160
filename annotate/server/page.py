"""The page at `/`: a person pastes a text or an address, and sees it as the report shows it."""

import asyncio
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from pydantic import ValidationError

from annotate.errors import AnnotError, SourceError
from annotate.scoring.page import digest, read_asset
from annotate.scoring.report import render_report
from annotate.server.answers import CurrentLive, told
from annotate.server.live import Live
from annotate.server.reading import is_address
from annotate.server.scoring import Address, Text, score_source
from annotate.wording import visible

# The report's own policy stands in the page; a header could only take away from it.
_REPORT_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
_MOST_FIELDS = 10
router = APIRouter(include_in_schema=False)


@router.head("/")
@router.get("/")
async def form(live: CurrentLive) -> HTMLResponse:
    """Show the form."""
    return _form(live)


@router.post("/")
async def marked_up(request: Request, live: CurrentLive) -> HTMLResponse:
    """Show what was sent, marked up, or the form again with what is wrong."""
    filled = _filled(await request.body())
    try:
        source, answering = _source(filled), live.served.ready()
        scored = await score_source(source, live, answering.model)
        html = await asyncio.to_thread(render_report, [scored], answering.schema, home="/")
    except AnnotError as error:
        status, problem = told(error)
        return _form(live, filled, problem, status)
    return HTMLResponse(html.encode("utf-8", "replace"), headers={"Content-Security-Policy": _REPORT_POLICY})


def _filled(body: bytes) -> str:
    """Return what was filled in; nothing where the body is no such form."""
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=_MOST_FIELDS, errors="replace")
    except ValueError:
        return ""
    return next(iter(fields.get("source", [])), "").replace("\r\n", "\n")


def _source(filled: str) -> Text | Address:
    """Take what is an address and nothing else for one, and everything else for a text; raises ``SourceError``."""
    if not filled.strip():
        raise SourceError("paste the text of an article, or its address")
    try:
        return Address(url=filled.strip()) if is_address(filled.strip()) else Text(text=filled)
    except ValidationError as error:
        raise SourceError("this is too long to be taken; send it in parts") from error


def _form(live: Live, filled: str = "", problem: str | None = None, status: int = 200) -> HTMLResponse:
    style = _style()
    html = (
        _environment()
        .get_template("page.html.j2")
        .render(
            style=Markup(style),  # noqa: S704 - this package's own
            labels=[visible(label.name) for label in live.served.schema.labels],
            problem=problem and visible(problem),
            filled=filled,
            longest=live.options.limits.text,
            fetches=live.options.fetch,
            version=live.served.version,
            activity=live.activity,
            last=None if live.last is None else live.last.said,
        )
    )
    policy = (
        f"default-src 'none'; style-src '{digest(style)}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return HTMLResponse(html.encode("utf-8", "replace"), status, {"Content-Security-Policy": policy})


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("annotate.server", ""), autoescape=True, undefined=StrictUndefined)


@cache
def _style() -> str:
    return read_asset("page.css") + files("annotate.server").joinpath("page.css").read_text("utf-8")
