"""Files that machines of a cluster read and write: on a disk that all of them see, or in object storage."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pyarrow
from pyarrow.fs import FileSelector, FileSystem, FileType  # type: ignore[attr-defined]

from annotate.corpus.readers.folder import files_of
from annotate.corpus.readers.item import Note
from annotate.corpus.readers.known import NOTHING, Known
from annotate.corpus.readers.media import ENDINGS, ending_of
from annotate.corpus.readers.side_file import known_of_side_file, read_side_file, side_file_of
from annotate.corpus.readers.stream import HEAD, damage_told, read_whole
from annotate.errors import SourceError, StoreError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)
_README = "readme"


class Place(NamedTuple):
    """A file, as workers find it, and whether it was found in a folder."""

    path: str
    in_folder: bool = False

    def row(self) -> dict[str, Any]:
        """Return it as a row of a table."""
        return self._asdict()


class _Stored(NamedTuple):
    """A place in object storage: what stands before its path, the path, and the query behind it."""

    system: FileSystem
    scheme: str
    path: str
    query: str

    @property
    def kind(self) -> FileType:
        return self.system.get_file_info(self.path).type

    def named(self, path: str) -> str:
        """Return the address of another path there."""
        return f"{self.scheme}{path}{self.query}"


def is_address(path: str) -> bool:
    """Tell whether a path is one of object storage."""
    return _ADDRESS.match(path) is not None


def places_of(source: str, note: Note) -> Iterator[Place | SourceError]:
    """Yield the files of a source in order, and what cannot be read."""
    try:
        if is_address(source):
            yield from _stored_files(source)
        elif Path(source).is_dir():
            for file in files_of(Path(source), note):
                yield file if isinstance(file, SourceError) else Place(str(file.absolute()), in_folder=True)
        elif Path(source).is_file():
            yield Place(str(Path(source).absolute()))
        else:
            raise _not_here(source)
    except SourceError as error:
        yield error
    except OSError as error:
        yield SourceError(f"{source}: cannot be read: {error.strerror or error}")


@contextmanager
def opened_at(path: str) -> Iterator[io.BufferedReader]:
    """Open a file as it is; raises ``SourceError``."""
    with damage_told(path), _raw(path) as raw, io.BufferedReader(raw, HEAD) as file:
        yield file


def side_of(path: str) -> Known:
    """Return what the side file of a file says; raises ``SourceError`` as ``read_side_file`` does."""
    if not is_address(path):
        return read_side_file(Path(path))
    stored = _stored(path)
    side = str(side_file_of(Path(stored.path)))
    if stored.system.get_file_info(side).type is not FileType.File:
        return NOTHING
    name = stored.named(side)
    with opened_at(name) as file:
        return known_of_side_file(read_whole(file, name), name)


def check_empty(output: str) -> None:
    """Raise ``StoreError`` where the folder to be written to holds files, which new ones would be mixed with."""
    try:
        stored = _stored(output if is_address(output) else Path(output).absolute().as_uri())
        if stored.kind is FileType.File:
            raise StoreError(f"{output}: is a file; with Ray, Parquet is a folder of files: name another place")
        if stored.kind is FileType.Directory and stored.system.get_file_info(FileSelector(stored.path)):
            raise StoreError(
                f"{output}: is not empty, and rows would be mixed with old ones; empty it, or name another"
            )
    except (SourceError, OSError) as error:
        raise StoreError(f"{output}: cannot be written: {error}") from error


def _raw(path: str) -> Any:  # noqa: ANN401 - pyarrow has no types
    if not is_address(path):
        return Path(path).open("rb", buffering=0)
    stored = _stored(path)
    return stored.system.open_input_file(stored.path)


def _stored_files(source: str) -> Iterator[Place]:
    stored = _stored(source)
    if stored.kind is not FileType.Directory:
        yield Place(source)
        return
    infos = stored.system.get_file_info(FileSelector(stored.path, recursive=True))
    inside = {info.path: PurePosixPath(info.path).relative_to(stored.path) for info in infos if info.is_file}
    read = sorted(path for path, below in inside.items() if _is_read(below))
    if not read:
        raise SourceError(f"{source}: no articles in this folder; put .txt or other articles there")
    yield from (Place(stored.named(path), in_folder=True) for path in read)


def _is_read(path: PurePosixPath) -> bool:
    is_hidden = any(part.startswith(".") for part in path.parts)
    return not is_hidden and path.stem.lower() != _README and ending_of(path.name) in ENDINGS


def _stored(address: str) -> _Stored:
    if address.startswith(("http://", "https://")):
        raise _not_here(address)
    try:
        system, path = FileSystem.from_uri(address)
    except pyarrow.ArrowException as error:
        raise SourceError(f"{address}: no place that can be read: {str(error).splitlines()[0]}") from error
    before, mark, query = address.partition("?")
    return _Stored(system, before.rstrip("/").removesuffix(path), path, mark + query)


def _not_here(source: str) -> SourceError:
    if is_address(source) or source == "-" or Path(source).exists():
        return SourceError(f"{source}: Ray reads files, folders and object storage; annot ingest reads others")
    return SourceError(f"{source}: does not exist; check the path")
