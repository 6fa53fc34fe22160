"""Which format bytes are in: by what they hold, and by the name only where that cannot tell."""

import codecs
import json
import re
from pathlib import PurePath
from typing import get_args
from urllib.parse import urlsplit

from annotate.corpus.readers.item import Container, Media
from annotate.errors import SourceError

GZIP = b"\x1f\x8b"

# UTF-32 stands first: its little-endian mark starts with that of UTF-16.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES: tuple[tuple[bytes, Media], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "docx"),  # its reader tells other archives from it
    (b"PAR1", "parquet"),
    (b"WARC/", "warc"),
)
_UNREADABLE = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, picture or film"),
    (GZIP, "packed with gzip twice"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\xd0\xcf\x11\xe0", "an old or password-protected office document"),
    (b"{\\rtf", "an RTF document"),
)
# The tags by which the WHATWG's MIME Sniffing Standard, section 7.1, knows a page, and two that are newer.
_PAGE = re.compile(r"<!doctype html|<(?:html|head|body|title)\b", re.I)
_FRAGMENT = re.compile(r"<(?:script|iframe|h1|div|font|table|a|style|b|br|p|article|main)\b", re.I)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|(?:\w+:)(?:rss|feed))\b")
_PROLOGUE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->|<!doctype(?! html)[^>]*>)+", re.I | re.S)
_ENDINGS: dict[str, Media] = {
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **{".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"},
}
ENDINGS = frozenset(_ENDINGS) | {".txt", ".pdf", ".docx", ".xml", ".rss", ".atom", ".warc", ".parquet"}
"""The endings of files that are read in a folder, each also with ``.gz`` behind it."""

_OBJECT = re.compile(r'\s*\{\s*(?:"[^"]*"\s*:|\}\s*$)')
_SENTENCE_FIELDS = frozenset({"uid", "article_id", "start", "end"})


def media_of(head: bytes, name: str) -> Media:
    """Tell the format by the first bytes, and by the ending of the name where they cannot tell.

    Raises:
        SourceError: The format is one that is known and not read.
    """
    signed = next((media for signature, media in _SIGNATURES if head.startswith(signature)), None)
    if signed:
        return signed
    unreadable = next((kind for signature, kind in _UNREADABLE if head.startswith(signature)), None)
    if unreadable:
        raise SourceError(f"{name}: {unreadable}, which is not read; save its text as .txt")
    start = _as_text(head)
    ending = ending_of(name)
    media = _of_markup(start, ending, name) or _of_json(start)
    if media is None and ending == ".json":
        raise SourceError(f"{name}: JSON, but not one record a line; write it as JSON Lines (.jsonl)")
    return media or _ENDINGS.get(ending, "text")


def article_media(head: bytes, name: str) -> Media:
    """Tell the format of what must be one article; raises ``SourceError`` where it holds several, or is not read."""
    media = media_of(head, name)
    if media == "sentences" or media in get_args(Container):
        raise SourceError(f"{name}: holds {media}, where an article should be; save it and give its path")
    return media


def ending_of(name: str) -> str:
    """Return the ending of a path or address in lower case, without the ``.gz`` of a packed file."""
    path = PurePath(urlsplit(name).path if "://" in name else name)
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).suffix.lower()


def _as_text(head: bytes) -> str:
    encoding = next((encoding for mark, encoding in BYTE_ORDER_MARKS if head.startswith(mark)), "utf-8")
    return head.decode(encoding, errors="replace").lstrip("\ufeff")


def _of_markup(start: str, ending: str, name: str) -> Media | None:
    prologue = _PROLOGUE.match(start)
    at = prologue.end() if prologue else 0
    if _FEED.match(start, at):
        return "feed"
    # Markdown may begin with a tag.
    if _PAGE.match(start, at) or (_ENDINGS.get(ending) != "markdown" and _FRAGMENT.match(start, at)):
        return "html"
    if start.lstrip().startswith("<?xml"):
        raise SourceError(f"{name}: XML that is neither a feed nor a page; save its text as .txt")
    return None


def _of_json(start: str) -> Media | None:
    first = next((line for line in start.splitlines() if line.strip()), "")
    if not _OBJECT.match(first):
        return None
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return "jsonl"  # longer than what is looked at, or damaged
    return "sentences" if record.keys() >= _SENTENCE_FIELDS else "jsonl"
