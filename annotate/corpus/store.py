"""Records on disk: JSON Lines, read one by one and written whole or not at all."""

import filecmp
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from filelock import FileLock
from pydantic import ValidationError

from annotate.errors import SourceError, StoreError
from annotate.record import Record

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

AnyRecord = TypeVar("AnyRecord", bound=Record)
_WRONG_FIELD = {"missing": "is missing", "extra_forbidden": "is not known"}  # by pydantic's name of the error


def parse_record(kind: type[AnyRecord], line: str, place: str) -> AnyRecord:
    """Parse one line of JSON; raises ``SourceError`` naming the place and the first thing wrong."""
    try:
        # Without its line feed, which in a line that is cut off would count as a sign of its last string.
        return kind.model_validate_json(line.rstrip("\n"), strict=True)
    except ValidationError as error:
        reason = _in_words(error.errors(include_url=False, include_input=False)[0])
        raise SourceError(f"{place}: not a record of kind '{kind.__name__.lower()}': {reason}") from error


def _in_words(wrong: "ErrorDetails") -> str:
    """Say what is wrong with a line, for whoever knows JSON at most."""
    field = ".".join(str(part) for part in wrong["loc"])
    if wrong["type"] == "json_invalid":
        return "not whole JSON: the line is cut off" if "EOF" in wrong["msg"] else "not JSON"
    if wrong["type"] in _WRONG_FIELD:
        return f"'{field}' {_WRONG_FIELD[wrong['type']]}"
    return f"{field or 'the line'}: {wrong['msg'].removeprefix('Value error, ')}"


def read_records(path: Path, kind: type[AnyRecord], wanted: Callable[[str], bool] | None = None) -> Iterator[AnyRecord]:
    """Yield the records of a JSON Lines file; empty lines, and those that are not wanted, are passed over.

    Raises:
        SourceError: There is no such file, it cannot be read, is not UTF-8, or holds a line that is no such record.
    """
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip() and (wanted is None or wanted(line)):
                    yield parse_record(kind, line, f"{path}, line {number}")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path}: not UTF-8, so not a file of records") from error
    except FileNotFoundError as error:
        raise SourceError(f"{path}: does not exist; check the path") from error
    except IsADirectoryError as error:
        raise SourceError(f"{path}: is a folder; name the file in it") from error
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error


def to_lines(records: Iterable[Record]) -> Iterator[str]:
    """Yield the records as lines of JSON, each with its line feed."""
    # What model_dump_json does, without its options: twice as fast.
    return (record.__pydantic_serializer__.to_json(record).decode() + "\n" for record in records)


def write_records(path: Path, records: Iterable[Record]) -> bool:
    """Write a JSON Lines file (see ``write_text``)."""
    return write_text(path, to_lines(records))


def write_text(path: Path, parts: Iterable[str | bytes], mode: int | None = None) -> bool:
    """Write a file, and return whether that changed it; ``mode`` are its permissions, else as is usual.

    The file is written beside its place and moved there when complete, so that a reader sees the old file or the new
    one, and an error or an interruption leaves the old one. A file that would not change is left untouched. What is
    no file, such as a pipe, is written to directly.

    Raises:
        StoreError: The file cannot be written, for example because the disk is full.
    """
    with writing(path):
        path = path.resolve()  # a link stays, and what it points to is replaced
        if path.exists() and not path.is_file() and not path.is_dir():
            with path.open("wb") as stream:
                stream.writelines(map(to_bytes, parts))
            return True
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(map(to_bytes, parts))
                file.flush()
                os.fsync(file.fileno())
            if path.is_file() and filecmp.cmp(path, temporary, shallow=False):
                return False
            temporary.chmod(usual_mode(path) if mode is None else mode)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    return True


def to_bytes(part: str | bytes) -> bytes:
    """Return what is written: text is UTF-8."""
    return part if isinstance(part, bytes) else part.encode("utf-8")


def keep_copy(path: Path) -> Path:
    """Copy a file to a name beside it that is not taken, and return that."""
    copy = next(c for n in count(1) if not os.path.lexists(c := path.with_name(f"{path.name}.before-{n}")))
    with writing(copy):
        shutil.copyfile(path, copy)
    return copy


class Replaced(NamedTuple):
    """A file that was written, whether that changed it, and where the old one lies if it held more."""

    path: Path
    changed: bool
    kept: Path | None

    @property
    def where(self) -> str:
        """The file in words."""
        return str(self.path) if self.changed else f"{self.path}, unchanged"


def replace_records(
    path: Path, records: Sequence[AnyRecord], kind: type[AnyRecord], key: Callable[[AnyRecord], object]
) -> Replaced:
    """Write records in the place of others, of which a copy is kept beside it if it has keys that they lack."""
    kept = None
    if path.is_file():
        try:
            lost = {key(record) for record in read_records(path, kind)} - {key(record) for record in records}
        except SourceError:
            lost = {path}  # whatever it is, it is not ours to lose
        kept = keep_copy(path) if lost else None
    return Replaced(path, write_records(path, records), kept)


@contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock, by way of a file, against other processes; raises ``TimeoutError`` where that means waiting."""
    lock = FileLock(path, timeout=-1 if wait else 0)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        lock.acquire()
    except TimeoutError:
        raise
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn the system's errors into ``StoreError``."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; nothing was changed") from error


def usual_mode(path: Path, most: int = 0o666) -> int:
    """Return the permissions of a file: those that it has, else as is usual; ``most`` are those of no mask at all."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0o022)  # there is no way to read it without setting it
    os.umask(mask)
    return most & ~mask
