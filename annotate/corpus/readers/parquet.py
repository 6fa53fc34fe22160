"""Rows of Parquet files, by batches."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow
from pyarrow.parquet import ParquetFile

from annotate.corpus.readers.rows import Row, Rows
from annotate.errors import SourceError

if TYPE_CHECKING:
    from annotate.corpus.readers.parts import Part

_ROWS_AT_ONCE = 64


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
        return ParquetFile(source)
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(name) from error


def _rows(file: ParquetFile, name: str, part: "Part | None") -> Iterator[Row]:
    number = part.first - 1 if part else 0
    with file:
        groups = range(part.start, part.end) if part else None
        batches = file.iter_batches(batch_size=_ROWS_AT_ONCE, row_groups=groups)
        while True:
            try:
                batch = next(batches, None)
            except (pyarrow.ArrowException, OSError) as error:
                raise _damaged(name) from error
            if batch is None:
                return
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _damaged(name: str) -> SourceError:
    return SourceError(f"{name}: a damaged Parquet file; copy it again")
