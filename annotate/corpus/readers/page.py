"""Web pages to the text of their article, and the metadata of their markup."""

import re
from urllib.parse import urlsplit

from trafilatura.settings import Document

from annotate.corpus.readers.decoding import decode
from annotate.corpus.readers.extraction import extracted, lines_of
from annotate.corpus.readers.item import Item, RawText
from annotate.corpus.readers.known import Known, known_from
from annotate.errors import SourceError

# An encoding that the page declares of itself, which must stand among its first bytes.
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w:.-]+)", re.I)
_DECLARED_WITHIN = 4096

# What consent and subscription walls say. A page of hardly anything else holds no article.
_WALL = re.compile(
    r"\b(?:we value your privacy|your (?:privacy|consent|device|choices|subscription|browser)|you consent"
    r"|use of cookies|(?:accept|enable|javascript and) (?:all )?cookies|(?:our|\d+) (?:\w+ )?(?:partners|vendors)"
    r"|accept all|subscribe (?:to|now|today)|subscribers only|for subscribers|already a (?:subscriber|member)"
    r"|enable javascript|(?:log|sign) in to (?:continue|read)|to continue reading|create (?:a free|an) account"
    r"|you are (?:a )?human|register to (?:read|continue)|are you (?:a robot|human))\b",
    re.I,
)
_FEWEST_WORDS = 8
_LONGEST_WALL = 2000
_WALL_SHARE = 0.5


def read_page(item: Item, data: bytes) -> RawText:
    """Read the article of a page, without menus, tables and readers' comments.

    Raises:
        SourceError: The page holds no article, as one that asks for consent or a subscription.
    """
    declared = item.charset
    if declared is None and (meta := _DECLARED.search(data, 0, _DECLARED_WITHIN)):
        declared = meta[1].decode("ascii")
    html, encoding = decode(data, item.name, declared)
    found = extracted(html, item.fallback.url)
    if found is None or len((found.text or "").split()) < _FEWEST_WORDS:
        raise SourceError(f"{item.name}: no article in this page; save the article's text as .txt")
    text = _with_headline(found)
    if _is_wall(text):
        raise SourceError(
            f"{item.name}: a page that asks for consent or a subscription, and no article; save the article's text"
        )
    return RawText(item.name, text, _known(found, item.fallback.url), encoding)


def _with_headline(found: Document) -> str:
    """Return the text, a paragraph a line, below the page's title unless a headline of the first order stands there."""
    lines = lines_of(found)
    headline = " ".join((found.title or "").split())
    first = next(iter(found.body), None)
    has_headline = first is not None and first.tag == "head" and first.get("rend") == "h1"
    if headline and not has_headline and lines[0] != headline:
        lines.insert(0, headline)
    return "\n".join(lines)


def _is_wall(text: str) -> bool:
    """Tell whether a short text is mostly lines that ask for consent, a subscription or a login."""
    if len(text) > _LONGEST_WALL:
        return False
    asking = sum(len(line) for line in text.splitlines() if _WALL.search(line))
    return asking >= _WALL_SHARE * len(text)


def _known(found: Document, address: str | None) -> Known:
    outlet = found.sitename
    # Where a page names no outlet, trafilatura gives the host, which is nothing that the page says.
    if outlet and urlsplit(found.url or "").netloc.endswith(outlet):
        outlet = None
    values = {
        "title": found.title,
        "outlet": outlet,
        "author": (found.author or "").replace("; ", ", "),
        "published": found.date,
        "url": None if found.url == address else found.url,  # which says nothing of its own
    }
    return known_from(values, "markup").known
