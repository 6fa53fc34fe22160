"""Rows of Parquet files, by batches."""

import io
from collections.abc import Iterator
from pathlib import Path

import pyarrow
from pyarrow.parquet import ParquetFile

from annotate.corpus.readers.rows import Row, Rows
from annotate.errors import SourceError

_ROWS_AT_ONCE = 64


def parquet_rows(source: Path | bytes, name: str) -> Rows:
    """Open a Parquet file; raises ``SourceError`` where it is damaged."""
    try:
        file = ParquetFile(source if isinstance(source, Path) else io.BytesIO(source))
    except (pyarrow.ArrowException, OSError) as error:
        raise _damaged(name) from error
    return Rows(file.schema_arrow.names, _rows(file, name))


def _rows(file: ParquetFile, name: str) -> Iterator[Row]:
    number = 0
    with file:
        batches = file.iter_batches(batch_size=_ROWS_AT_ONCE)
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
