"""Pieces of a corpus, to what is in them: on whichever machine of a cluster reads them."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from annotate.article import Sentence
from annotate.corpus.ingest import Reading, documents_of
from annotate.corpus.readers.folder import files_of
from annotate.corpus.readers.side_file import side_file_of
from annotate.corpus.segmentation import Document
from annotate.corpus.store import to_lines
from annotate.errors import SourceError

Table: TypeAlias = "pa.Table"
Unit = tuple[str, str]  # a piece that was read, and an article of it, or a sentence of a file of sentences

_LINES, _TABLES = (".jsonl", ".ndjson"), (".parquet",)
_SCHEME = "://"

UNITS = pa.schema([("piece", pa.string()), ("unit", pa.string()), ("n", pa.int64()), ("problem", pa.string())])
_LINE = pa.schema([("line", pa.string()), ("article", pa.string())])


def units_of(batch: Table, kind: str, reading: Reading) -> Table:
    """Return what stands in a piece: articles, or the sentences of files of sentences."""
    rows: list[dict[str, object]] = []
    for piece, found in _documents(batch, kind, reading):
        if isinstance(found, SourceError):
            rows.append({"piece": piece, "unit": None, "n": 0, "problem": str(found)})
        else:
            units = _by_unit(found).items()
            rows += [{"piece": piece, "unit": unit, "n": len(own), "problem": None} for unit, own in units]
    return pa.Table.from_pylist(rows, schema=UNITS)


def sentences_of(batch: Table, kind: str, reading: Reading, repeated: frozenset[Unit]) -> Table:
    """Return the sentences of a piece, as lines of JSON, without what is repeated."""
    rows: list[dict[str, str | None]] = []
    for piece, found in _documents(batch, kind, reading):
        if not isinstance(found, SourceError):
            article = found.article.citation.model_dump_json() if found.article else None
            for unit, own in _by_unit(found).items():
                if (piece, unit) not in repeated:
                    rows += [{"line": line, "article": article} for line in to_lines(own)]
    return pa.Table.from_pylist(rows, schema=_LINE)


def _documents(batch: Table, kind: str, reading: Reading) -> Iterator[tuple[str, Document | SourceError]]:
    """Yield the documents of a batch of files, or of a piece of a table."""
    for piece, file in _as_files(batch, kind):
        for document in documents_of([str(file)], reading.model_copy(update={"jobs": 1, "near_duplicates": "take"})):
            if isinstance(document, SourceError):
                yield piece, SourceError(str(document).replace(str(file.parent), str(Path(piece).parent)))
            else:
                yield piece, document


def _by_unit(document: Document) -> dict[str, list[Sentence]]:
    """Return the sentences of a document by what is left out where it stands twice."""
    if document.article is not None:
        return {document.article.id: list(document.sentences)}
    return {sentence.uid: [sentence] for sentence in document.sentences}


def _as_files(batch: Table, kind: str) -> Iterator[tuple[str, Path]]:
    """Yield the files of a batch, or each run of rows of one table as a table of its own, under their names.

    Each lies in a folder of its own, beside the side file that the whole one has.
    """
    with tempfile.TemporaryDirectory() as root:
        for number, (path, rows) in enumerate(_by_path(batch)):
            file = Path(root) / str(number) / Path(path).name
            file.parent.mkdir()
            if kind == "files":
                file.write_bytes(rows["bytes"][0].as_py())
            elif kind == "lines":
                file = file.with_suffix(".jsonl")
                file.write_text("\n".join(rows["text"].to_pylist()) + "\n", "utf-8")
            else:
                import pyarrow.parquet as pq

                pq.write_table(rows.drop_columns(["path"]), file)
            side = side_file_of(Path(path))
            if side.is_absolute() and side.name != file.name:  # and in no object storage
                side_file_of(file).symlink_to(side)
            digest = "" if kind == "files" else f"#{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"
            yield f"{path}{digest}", file


def _by_path(batch: Table) -> Iterator[tuple[str, Table]]:
    paths = batch["path"].to_pylist()
    start = 0
    for end in range(1, len(paths) + 1):
        if end == len(paths) or paths[end] != paths[start] or "bytes" in batch.column_names:
            yield paths[start], batch.slice(start, end - start)
            start = end


def runs_of(sources: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    """Yield the paths of the sources in order, each run of one kind together."""
    run: list[str] = []
    kind = ""
    for path in _paths(sources):
        mine = "lines" if path.endswith(_LINES) else "table" if path.endswith(_TABLES) else "files"
        if run and mine != kind:
            yield run, kind
            run = []
        kind = mine
        run.append(path)
    if not run:
        raise SourceError(f"{' '.join(sources)}: nothing to read")
    yield run, kind


def _paths(sources: Iterable[str]) -> Iterator[str]:
    for source in sources:
        path = Path(source)
        if _SCHEME in source and not source.startswith(("http://", "https://")):
            yield source
        elif path.is_dir():
            for file in files_of(path, lambda _: None):
                if isinstance(file, SourceError):
                    raise file
                yield str(file.resolve())
        elif path.is_file():
            yield str(path.resolve())
        else:
            raise SourceError(f"{source}: Ray reads files, folders and object storage; annot ingest fetches others")
