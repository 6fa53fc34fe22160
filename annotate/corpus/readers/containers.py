"""Files of many articles, opened by their format.

What reads a format is imported when a source is in that format: `annot score article.txt` must not wait for the
libraries of pages, feeds and tables, which take longer to import than the file takes to read.
"""

from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, get_args

from annotate.corpus.readers.item import Container, Found, Media, Note, SourceOptions
from annotate.corpus.readers.stream import is_packed, read_whole
from annotate.corpus.readers.table import articles_of

if TYPE_CHECKING:
    from annotate.corpus.readers.fetch import Fetch
    from annotate.corpus.readers.rows import Rows

CONTAINERS: frozenset[Media] = frozenset(get_args(Container))


class Opened(NamedTuple):
    """A source that was opened, and its file where it is one."""

    stream: BufferedReader
    media: Media
    name: str
    key: str | None
    path: Path | None = None


def contained(source: Opened, options: SourceOptions, note: Note, fetch: "Fetch") -> Iterator[Found]:
    """Yield the articles of a feed, a WARC file or a table; raises ``SourceError`` where it cannot be read on."""
    stream, media, name, key, _ = source
    if media == "feed":
        from annotate.corpus.readers.feed import entries_of

        return entries_of(read_whole(stream, name), name, key, fetch)
    if media == "warc":
        from annotate.corpus.readers.archive import records_of

        return records_of(stream, name, key, note)
    return articles_of(_rows(source), name, key, options, note)


def _rows(source: Opened) -> "Rows":
    stream, media, name, _, path = source
    if media == "parquet":
        from annotate.corpus.readers.parquet import parquet_rows

        # Parquet is read from its end, which needs a file that is not packed.
        return parquet_rows(path if path and not is_packed(path) else read_whole(stream, name), name)
    from annotate.corpus.readers.rows import delimited_rows, json_rows

    if media == "jsonl":
        return json_rows(stream, name)
    return delimited_rows(stream, name, "\t" if media == "tsv" else None)
