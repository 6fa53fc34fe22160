"""Rows of CSV, TSV and JSON Lines, one after the other.

The standard library reads them, and not pyarrow: it leaves texts as they are, names the row that is wrong and goes on,
where pyarrow guesses types block by block and ends at the first block that does not fit.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader
from itertools import chain
from typing import Any, NamedTuple

from annotate.corpus.readers.decoding import decoded_lines
from annotate.corpus.readers.item import LARGEST_ARTICLE
from annotate.errors import SourceError

_DELIMITERS = ",;\t|"
_HALF = re.compile("[\ud800-\udfff]")

Row = tuple[int, Mapping[str, Any] | SourceError]


class Rows(NamedTuple):
    """The columns of a table, and its rows by number, counted from 1, each by column or with what is wrong with it."""

    columns: Sequence[str]
    rows: Iterator[Row]


def delimited_rows(stream: BufferedReader, name: str, delimiter: str | None = None) -> Rows:
    """Read rows below a header; without a delimiter it is the one that the header has most of."""
    csv.field_size_limit(LARGEST_ARTICLE)  # whose default of 128 kB is less than a long article
    lines = decoded_lines(stream, name)
    header = next(lines, "")
    delimiter = delimiter or max(_DELIMITERS, key=header.count)
    records = _records(csv.reader(chain([header], lines), delimiter=delimiter, strict=True), name)
    columns = next(records, [])
    return Rows(columns, _by_column(columns, records, name))


def json_rows(stream: BufferedReader, name: str) -> Rows:
    """Read one object a line; the columns are those of the first. Raises ``SourceError`` where there is none."""
    rows = numbered_objects(stream, name)
    first: list[Row] = []
    for number, row in rows:
        first.append((number, row))
        if not isinstance(row, SourceError):
            return Rows(list(row), chain(first, rows))
    raise next((row for _, row in first if isinstance(row, SourceError)), SourceError(f"{name}: empty; leave it out"))


def numbered_objects(stream: BufferedReader, name: str, first: int = 1, encoding: str | None = None) -> Iterator[Row]:
    """Yield one object a line, numbered from ``first`` on; blank lines are passed over, and counted."""
    lines = enumerate(decoded_lines(stream, name, encoding), start=first)
    return ((number, _object(line, f"{name}, row {number}")) for number, line in lines if line.strip())


def _records(records: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    try:
        yield from records
    except csv.Error as error:
        raise SourceError(
            f"{name}: not read to its end: {error}; check the quotes, and save it again as CSV"
        ) from error


def _by_column(columns: list[str], records: Iterator[list[str]], name: str) -> Iterator[Row]:
    for number, record in enumerate(records, start=1):
        if len(record) == len(columns):
            yield number, dict(zip(columns, record, strict=True))
        elif record:  # not a blank line
            reason = f"{len(record)} fields under a header of {len(columns)}; put quotes around texts with separators"
            yield number, SourceError(f"{name}, row {number}: {reason}")


def _object(line: str, place: str) -> Mapping[str, Any] | SourceError:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "too deep"
        return SourceError(f"{place}: not JSON: {reason}; write one object a line")
    if not isinstance(found, dict):
        return SourceError(f"{place}: no JSON object; write one object a line")
    # JSON can name halves of a character, which no text can hold.
    if "\\u" in line and _HALF.search(json.dumps(found, ensure_ascii=False)):
        return SourceError(f"{place}: half a character (a lone surrogate); leave it out")
    return found
