"""What passes between the readers: options, an article yet to be read, and its text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from annotate.corpus.readers.known import NOTHING, Known
from annotate.errors import SourceError
from annotate.record import Record

ArticleFormat = Literal["text", "markdown", "html", "pdf", "docx"]
Container = Literal["feed", "warc", "csv", "tsv", "jsonl", "parquet"]
Column = Literal["title", "outlet", "author", "published", "url", "id"]
Media = ArticleFormat | Container | Literal["sentences"]

LARGEST_ARTICLE = 50_000_000
"""Bytes that one article may have, unpacked: a long novel has three million, so more is a mistake or an attack."""

UTF8 = "utf-8"

Note = Callable[[str], None]


class FetchLimits(Record):
    """What a request may take: bytes (unpacked), seconds in all, redirects; and how servers are spared.

    ``total`` is how many seconds all requests may take together, those for robots.txt and waiting included.
    ``delay`` is the least time between two requests to one host, and ``longest_wait`` the longest that a server may
    ask for before the source is given up, both in seconds.
    """

    largest: Annotated[int, Field(gt=0)] = LARGEST_ARTICLE
    seconds: Annotated[float, Field(gt=0)] = 60
    total: Annotated[float, Field(gt=0)] | None = None
    redirects: Annotated[int, Field(ge=0)] = 5
    delay: Annotated[float, Field(ge=0)] = 1
    longest_wait: Annotated[float, Field(ge=0)] = 30


class SourceOptions(Record):
    """How sources are read.

    ``text_column`` is the column of a table that holds the articles, and ``columns`` names those of title, outlet,
    author, published, url and id where they are called otherwise. ``allow_private`` lets addresses lead to hosts of
    this machine and of private networks.
    """

    text_column: str = "text"
    columns: Mapping[Column, str] = {}
    allow_private: bool = False
    limits: FetchLimits = FetchLimits()


@dataclass(frozen=True)
class Item:
    """An article yet to be read.

    ``content`` is a file still to be read, or what was read already; sentence records may also be a stream that cannot
    be opened again. ``name`` is for messages. ``key`` is the same for the same source in every run, and ``None`` for
    standard input. ``known`` overrides what the article's own markup says; ``fallback`` is what others say of it, which
    counts where its markup says nothing. ``charset`` is the encoding that a server declared. ``first_line`` is the
    number of the first line of sentence records.
    """

    name: str
    key: str | None
    content: Path | bytes | str | BufferedReader
    media: Media
    known: Known = NOTHING
    fallback: Known = NOTHING
    charset: str | None = None
    first_line: int = 1


Found = Item | SourceError


class RawText(NamedTuple):
    """A text as read, with its encoding and what is known about it; ``notes`` are lines that a person may want to see.

    A text file's text is exact. That of other formats has one paragraph a line, the headline first where there is one.
    """

    name: str
    text: str
    known: Known
    encoding: str = UTF8
    notes: tuple[str, ...] = ()


def too_large(name: str) -> SourceError:
    """Return the error of a source that is larger than an article may be."""
    return SourceError(f"{name}: over {LARGEST_ARTICLE // 1_000_000} MB, too large for one article; split it")
