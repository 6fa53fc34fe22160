"""Files of public corpora: texts exactly as they are, and tables from CSV or Parquet."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

import pyarrow.parquet
from pyarrow import ArrowException

from annotate.errors import SourceError

_PARQUET = b"PAR1"
_ENDINGS = (".csv", ".parquet")
_DELIMITERS = ",;|\t"
_FEWEST_COLUMNS = 2
_UNQUOTED = "|"  # quotation marks are text in files that use it


class Row(NamedTuple):
    """One row by column, everything as text and nothing as an empty one; ``place`` names it in messages."""

    place: str
    values: dict[str, str]


class Table(NamedTuple):
    """A table of a corpus."""

    path: Path
    columns: tuple[str, ...]
    rows: list[Row]

    def require(self, *columns: str) -> None:
        """Raise ``SourceError`` where one of the columns is missing."""
        missing = next((column for column in columns if column not in self.columns), None)
        if missing:
            there = shorten(", ".join(self.columns), 200, placeholder=" …")
            raise SourceError(f"{self.path}: has no column '{missing}', so it is another file; it has {there}")

    def judged(
        self, sentence: str, verdict: str, meaning: Mapping[str, bool], counts: Counter[str]
    ) -> Iterator[tuple[Row, bool]]:
        """Yield the rows with what their verdict means; those without a sentence or a known verdict are counted.

        ``sentence`` and ``verdict`` are columns; the keys of ``meaning`` are in lower case.
        """
        self.require(sentence, verdict)
        for row in self.rows:
            judged = meaning.get(row.values[verdict].strip().casefold())
            if judged is None or not row.values[sentence].strip():
                counts["rows left out without a sentence or a verdict"] += 1
            else:
                yield row, judged


def check_exists(path: Path) -> None:
    """Raise ``SourceError`` where there is no such file or folder."""
    try:
        exists = path.exists()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    if not exists:
        raise SourceError(f"{path}: does not exist; check the path")


def read_text(path: Path) -> str:
    """Read a text as it is, line endings included, since offsets count them; it must be UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8, as the corpus is; download it again") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error


def read_table_text(path: Path) -> str:
    """Read a text whose lines are rows of a table, without the mark that some programs put before the first."""
    return read_text(path).removeprefix("\ufeff")


def read_tables(path: Path) -> Iterator[Table]:
    """Yield a file's table, or those of all CSV and Parquet files that lie in a folder."""
    check_exists(path)
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.glob("*") if file.suffix.lower() in _ENDINGS and file.is_file())
    if not files:
        raise SourceError(f"{path}: no CSV or Parquet file in this folder; name the corpus's file")
    return (_read_table(file) for file in files)


def _read_table(path: Path) -> Table:
    try:
        with path.open("rb") as file:
            is_parquet = file.read(len(_PARQUET)) == _PARQUET
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    return _read_parquet(path) if is_parquet else _read_csv(path)


def _read_parquet(path: Path) -> Table:
    try:
        table = pyarrow.parquet.read_table(path)
    except (ArrowException, OSError) as error:
        raise SourceError(f"{path}: a damaged Parquet file; download it again") from error
    rows = [
        Row(f"{path}, row {number}", {name: "" if value is None else str(value) for name, value in row.items()})
        for number, row in enumerate(table.to_pylist(), start=1)
    ]
    return Table(path, tuple(table.column_names), rows)


def _read_csv(path: Path) -> Table:
    text = read_table_text(path)
    header = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if delimiter == _UNQUOTED else csv.QUOTE_MINIMAL,
        strict=True,
    )
    try:
        columns = tuple(name.strip() for name in next(reader, []))
        if len(columns) < _FEWEST_COLUMNS:
            raise SourceError(f"{path}: not a table with a line of column names; name the corpus's file")
        rows = [_row(columns, values, f"{path}, line {reader.line_num}") for values in reader if values]
    except csv.Error as error:
        raise SourceError(
            f"{path}, line {reader.line_num}: not a table of commas and quotation marks: {error}"
        ) from error
    return Table(path, columns, rows)


def _row(columns: Sequence[str], values: Sequence[str], place: str) -> Row:
    if len(values) != len(columns):
        raise SourceError(f"{place}: has {len(values)} values for {len(columns)} columns; download the file again")
    return Row(place, dict(zip(columns, values, strict=True)))
