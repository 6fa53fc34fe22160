"""Pieces of a corpus, to what is in them: on whichever machine of a cluster reads them."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, TypeVar

import pyarrow as pa

from annotate.article import Citation, Sentence
from annotate.corpus.catalogue import Catalogue
from annotate.corpus.ingest import Reading, documents_of_items
from annotate.corpus.readers.item import Found, Note, SourceOptions
from annotate.corpus.readers.known import laid_over
from annotate.corpus.readers.media import ending_of
from annotate.corpus.readers.parts import Part, Source, items_of_part, parts_of
from annotate.corpus.readers.sources import items_of, items_of_stream, without_records
from annotate.corpus.segmentation import Document
from annotate.errors import SourceError
from annotate.inference.places import Place, is_address, opened_at, side_of

Table: TypeAlias = "pa.Table"
Value = TypeVar("Value")

_TABLES = frozenset({".jsonl", ".ndjson", ".parquet"})
_ROWS = 1024  # rows handed on at once

_PIECES = pa.schema(
    [("path", pa.string()), ("in_folder", pa.bool_()), *((name, pa.int64()) for name in ("first", "start", "end"))]
)
_UNITS = pa.schema(
    [
        *(("piece", pa.int64()), ("article", pa.string()), ("sentences", pa.list_(pa.string())), ("n", pa.int64())),
        *(("problem", pa.string()), ("ends", pa.bool_()), ("note", pa.string())),
    ]
)


class Piece(NamedTuple):
    """A file, or the part of one that begins with row ``first`` (see ``Part``; a whole file has no ``end``).

    ``number`` is its turn in the corpus, and ``without`` are the ids of articles and sentences in it that are left out.
    """

    path: str
    in_folder: bool = False
    first: int = 1
    start: int = 0
    end: int = 0
    number: int = 0
    without: frozenset[str] = frozenset()

    @property
    def part(self) -> Part | None:
        """What of the file it is, unless it is the whole."""
        return Part(self.first, self.start, self.end) if self.end else None

    def row(self) -> dict[str, Any]:
        """Return it as a row of a table."""
        return {**self._asdict(), "without": " ".join(sorted(self.without))}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Piece":
        """Return the piece that a row stands for."""
        return cls(**{**row, "without": frozenset(row.get("without", "").split())})


def is_table(place: Place) -> bool:
    """Tell whether a file is likely to be one that can be cut."""
    return ending_of(place.path) in _TABLES


def pieces_of(batch: Table) -> Table:
    """Return the pieces of files, given by ``path`` and ``in_folder``."""
    pieces = [piece for row in batch.to_pylist() for piece in _cut(Place(**row))]
    return pa.Table.from_pylist([piece.row() for piece in pieces], schema=_PIECES)


def units_of(batch: Table, reading: Reading, catalogue: bytes | None) -> Iterator[Table]:
    """Yield what stands in pieces: articles, sentences of files of sentences, problems and notes."""
    return tables(_units(batch, reading, catalogue), lambda rows: pa.Table.from_pylist(rows, schema=_UNITS))


def sentences_of(batch: Table, reading: Reading, catalogue: bytes | None) -> Iterator[tuple[Sentence, Citation | None]]:
    """Yield the sentences of pieces, each with what is known of its article."""
    for piece, found in _documents(batch, reading, catalogue, _unheard):
        if isinstance(found, SourceError) or (found.article and found.article.id in piece.without):
            continue
        known = found.article.citation if found.article else None
        yield from ((sentence, known) for sentence in found.sentences if sentence.uid not in piece.without)


def tables(values: Iterable[Value], render: Callable[[list[Value]], Table]) -> Iterator[Table]:
    """Yield values as tables, a thousand at a time."""
    remaining = iter(values)
    while some := list(islice(remaining, _ROWS)):
        yield render(some)


def _cut(place: Place) -> list[Piece]:
    parts: list[Part] = []
    if is_table(place):
        try:
            with opened_at(place.path) as file:
                parts = parts_of(file, place.path)
        except SourceError:
            pass  # which is told when it is read
    return [Piece(*place, *part) for part in parts] or [Piece(*place)]


def _units(batch: Table, reading: Reading, catalogue: bytes | None) -> Iterator[Mapping[str, object]]:
    notes: list[str] = []
    for piece, found in _documents(batch, reading, catalogue, notes.append):
        yield from ({"note": note} for note in notes)
        notes.clear()
        if isinstance(found, SourceError):
            # Only a row's own fault leaves the rows behind it as they are.
            ends = piece.part is not None and not str(found).startswith(f"{piece.path}, row ")
            yield {"piece": piece.number, "problem": str(found), "ends": ends}
        elif found.article:
            yield {"piece": piece.number, "article": found.article.id, "n": len(found.sentences)}
        else:
            uids = [sentence.uid for sentence in found.sentences]
            yield {"piece": piece.number, "article": found.sentences[0].article_id, "sentences": uids, "n": len(uids)}
    yield from ({"note": note} for note in notes)


def _documents(
    batch: Table, reading: Reading, catalogue: bytes | None, note: Note
) -> Iterator[tuple[Piece, Document | SourceError]]:
    reading = reading.model_copy(update={"jobs": 1, "near_duplicates": "take"})
    with _opened(catalogue) as known:
        for piece in map(Piece.of_row, batch.to_pylist()):
            items = _items(piece, reading.sources, note)
            if piece.in_folder:
                items = without_records(items, note if piece.first == 1 else _unheard)
            for found in documents_of_items(items, reading, note, known):
                yield piece, found


def _items(piece: Piece, options: SourceOptions, note: Note) -> Iterator[Found]:
    if piece.part is None and not is_address(piece.path):
        yield from items_of([piece.path], options, note)
        return
    try:
        side = side_of(piece.path)
        with opened_at(piece.path) as file:
            if piece.part is not None:
                key = None if is_address(piece.path) else str(Path(piece.path).resolve())
                yield from items_of_part(file, piece.part, Source(piece.path, key, side), options, note)
                return
            for found in items_of_stream(file, piece.path, options, note):
                yield found if isinstance(found, SourceError) else replace(found, known=laid_over(side, found.known))
    except SourceError as error:
        yield error


@contextmanager
def _opened(catalogue: bytes | None) -> Iterator[Catalogue]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue"
        if catalogue:
            path.write_bytes(catalogue)
        with Catalogue(path, writable=False) as opened:
            yield opened


def _unheard(_: str) -> None:
    """Take a note that was told before."""
