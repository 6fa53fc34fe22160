"""Parts of large tables, so that several readers can share one: cut between rows, and each read on its own."""

import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from annotate.corpus.readers.decoding import encoding_of
from annotate.corpus.readers.item import LARGEST_ARTICLE, Found, Item, Media, Note, SourceOptions
from annotate.corpus.readers.known import NOTHING, Known, laid_over
from annotate.corpus.readers.media import BYTE_ORDER_MARKS, GZIP, media_of
from annotate.corpus.readers.rows import Rows, json_rows, numbered_objects
from annotate.corpus.readers.stream import HEAD, damage_told
from annotate.corpus.readers.table import articles_of
from annotate.errors import SourceError

_SIZE = 1 << 20  # bytes, some hundred articles
_MOST = 16  # of a row group, since whoever reads the last one must pass over all before it
_LONGEST = 4 * LARGEST_ARTICLE  # bytes that the characters of a line may take


class Source(NamedTuple):
    """The file that parts are of: its name and key (see ``Item``), and what its side file says."""

    name: str
    key: str | None = None
    side: Known = NOTHING


class Part(NamedTuple):
    """Rows of a table from number ``first`` on: bytes ``start`` to ``end`` of lines, or such rows of Parquet."""

    first: int
    start: int
    end: int


def parts_of(file: io.BufferedReader, name: str) -> list[Part]:
    """Cut JSON Lines or Parquet into parts; of what must be read as a whole, such as packed files, there are none.

    Raises:
        SourceError: The file cannot be read.
    """
    with damage_told(name):
        head = _head(file)
        if head.startswith(tuple(mark for mark, _ in BYTE_ORDER_MARKS)) or head.startswith(GZIP):
            return []
        media = media_of(head, name)
        if media == "parquet":
            from annotate.corpus.readers.parquet import group_sizes

            return list(_row_ranges(group_sizes(file, name)))
        return list(_lines(file)) if media in ("jsonl", "sentences") else []


def items_of_part(
    file: io.BufferedReader, part: Part, source: Source, options: SourceOptions, note: Note
) -> Iterator[Found]:
    """Yield the articles of a part, or the part as sentence records, as they stand in the whole file.

    Raises:
        SourceError: It cannot be read on.
    """
    with damage_told(source.name):
        media = media_of(_head(file), source.name)
        if media == "sentences":
            yield Item(source.name, source.key, _lines_of(file, part), media, first_line=part.first)
            return
        rows = _rows_of(file, part, media, source.name)
        for found in articles_of(rows, source.name, source.key, options, note if part.first == 1 else _unheard):
            yield found if isinstance(found, SourceError) else replace(found, known=laid_over(source.side, found.known))


def _rows_of(file: io.BufferedReader, part: Part, media: Media, name: str) -> Rows:
    """Read the rows of a part, under the columns and with the numbers that they have in the whole table."""
    if media == "parquet":
        from annotate.corpus.readers.parquet import parquet_rows

        return parquet_rows(file, name, part)
    stretch, encoding = _lines_of(file, part), encoding_of(_head(file), name)
    return Rows(json_rows(file, name).columns, numbered_objects(stretch, name, part.first, encoding))


def _lines_of(file: io.BufferedReader, part: Part) -> io.BufferedReader:
    file.seek(part.start)
    return io.BufferedReader(io.BytesIO(file.read(part.end - part.start)), HEAD)


def _head(file: io.BufferedReader) -> bytes:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    return head


def _lines(file: io.BufferedReader) -> Iterator[Part]:
    first, start = 1, 0
    while block := file.read(_SIZE) + file.readline(_LONGEST):
        if block.strip():
            yield Part(first, start, start + len(block))
        if not block.endswith(b"\n"):  # the end, or a line behind which nothing can be read
            return
        n_ends = block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
        first, start = first + n_ends, start + len(block)


def _unheard(_: str) -> None:
    """Take a note that the first part has told."""


def _row_ranges(sizes: list[tuple[int, int]]) -> Iterator[Part]:
    """Cut large row groups, and put small ones together; ``sizes`` are the rows and bytes of each."""
    start = end = n_bytes = 0
    for number, (rows, size) in enumerate(sizes, start=1):
        end, n_bytes = end + rows, n_bytes + size
        if n_bytes >= _SIZE or number == len(sizes):
            n = max(1, min(_MOST, n_bytes // _SIZE))
            edges = [start + (end - start) * k // n for k in range(n + 1)]
            yield from (Part(low + 1, low, high) for low, high in pairwise(edges) if low < high)
            start, n_bytes = end, 0
