"""Markdown to text without markup: headings and paragraphs a line each."""

import re

from markdown_it import MarkdownIt

from annotate.corpus.readers.item import RawText
from annotate.corpus.readers.known import NOTHING, known_from
from annotate.corpus.readers.lines import lines_of

_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?\n)---[ \t]*(?:\r?\n|$)", re.S)
_FRONT_LINE = re.compile(r"^(\w+):[ \t]*(['\"]?)(.+?)\2[ \t]*\r?$", re.M)
_FRONT_FIELDS = {"date": "published", "source": "outlet"}


def read_markdown(name: str, text: str, encoding: str) -> RawText:
    """Read CommonMark; code blocks, tables and pictures are left out, and front matter is metadata."""
    known = NOTHING
    if front := _FRONT_MATTER.match(text):
        stated = {_FRONT_FIELDS.get(field, field): value for field, _, value in _FRONT_LINE.findall(front[1])}
        known = known_from(stated, "markup").known
        text = text[front.end() :]
    html = MarkdownIt().enable("table").render(text.removeprefix("\ufeff"))
    return RawText(name, lines_of(html), known, encoding)
