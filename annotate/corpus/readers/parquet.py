"""Rows of Parquet files, by batches."""

import io
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow
from pyarrow.parquet import ParquetFile

from annotate.corpus.readers.rows import Row, Rows
from annotate.errors import SourceError

if TYPE_CHECKING:
    from annotate.corpus.readers.parts import Part

_ROWS_AT_ONCE = 64
_BUFFER = 1 << 20  # bytes; without one, all of a column's row group would be read at once


def parquet_rows(source: Path | bytes | io.BufferedReader, name: str, part: "Part | None" = None) -> Rows:
    """Open a Parquet file, or a part of one; raises ``SourceError`` where it is damaged."""
    file = _opened(io.BytesIO(source) if isinstance(source, bytes) else source, name)
    return Rows(file.schema_arrow.names, _rows(file, name, part))


def group_sizes(source: io.BufferedReader, name: str) -> list[tuple[int, int]]:
    """Return the rows and bytes of each row group; raises ``SourceError`` where the file is damaged."""
    metadata = _opened(source, name).metadata
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    return [(group.num_rows, group.total_byte_size) for group in groups]


def _opened(source: Path | io.BytesIO | io.BufferedReader, name: str) -> ParquetFile:
    try:
        return ParquetFile(source, buffer_size=_BUFFER)
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(name) from error


def _rows(file: ParquetFile, name: str, part: "Part | None") -> Iterator[Row]:
    with file:
        start, end = (part.start, part.end) if part else (0, file.metadata.num_rows)
        groups, number = _groups_of(file, start, end)
        batches = file.iter_batches(batch_size=_ROWS_AT_ONCE, row_groups=groups)
        while True:
            try:
                batch = next(batches, None)
            except (pyarrow.ArrowException, OSError) as error:
                raise _damaged(name) from error
            if batch is None:
                return
            wanted = batch.slice(max(0, start - number), max(0, end - max(start, number)))
            yield from enumerate(wanted.to_pylist(), start=max(start, number) + 1)
            number += batch.num_rows


def _groups_of(file: ParquetFile, start: int, end: int) -> tuple[list[int], int]:
    """Return the row groups in which rows from ``start`` to ``end`` stand, and the number of rows before them."""
    sizes = [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
    begins = list(accumulate(sizes, initial=0))
    groups = [number for number, size in enumerate(sizes) if begins[number] < end and begins[number] + size > start]
    return groups, begins[groups[0]] if groups else 0


def _damaged(name: str) -> SourceError:
    return SourceError(f"{name}: a damaged Parquet file; copy it again")
