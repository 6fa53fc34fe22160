"""Byte streams: opened, unpacked, looked into, and read up to a limit."""

import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import Protocol

from annotate.corpus.readers.item import LARGEST_ARTICLE, too_large
from annotate.corpus.readers.media import GZIP
from annotate.errors import SourceError

DAMAGE = (EOFError, zlib.error, BadGzipFile)
"""What reading packed data raises where it is damaged or cut off."""

HEAD = 64 * 1024
"""Bytes by which the format and the encoding of a source are told."""


class Stream(Protocol):
    """What the standard library's files, packed files and standard input have in common."""

    def read1(self, size: int, /) -> bytes:
        """Read at most ``size`` bytes, as many as there are at once; none at the end."""


@contextmanager
def opened(content: Path | bytes, name: str) -> Iterator[io.BufferedReader]:
    """Open a file or bytes, unpacked (see ``unpacked``)."""
    with damage_told(name), content.open("rb") if isinstance(content, Path) else io.BytesIO(content) as raw:
        yield unpacked(raw)


def unpacked(raw: Stream) -> io.BufferedReader:
    """Return the stream, unpacked if it is packed with gzip; its first ``HEAD`` bytes can be looked at by ``peek``."""
    stream = _buffered(raw)
    return _buffered(GzipFile(fileobj=stream)) if stream.peek(HEAD).startswith(GZIP) else stream


def is_packed(path: Path) -> bool:
    """Tell whether a file is packed with gzip."""
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def read_whole(stream: io.BufferedReader, name: str) -> bytes:
    """Read all that there is; raises ``SourceError`` where it is more than an article may have."""
    with damage_told(name):
        data = stream.read(LARGEST_ARTICLE + 1)
    if len(data) > LARGEST_ARTICLE:
        raise too_large(name)
    return data


@contextmanager
def damage_told(name: str) -> Iterator[None]:
    """Turn what goes wrong in reading and unpacking into ``SourceError``."""
    try:
        yield
    except DAMAGE as error:
        raise SourceError(f"{name}: damaged gzip data, or cut off; fetch or copy it again") from error
    except OSError as error:
        raise SourceError(f"{name}: cannot be read: {error.strerror or error}") from error


def _buffered(stream: Stream) -> io.BufferedReader:
    head = b""
    damage: Exception | None = None
    try:
        while len(head) < HEAD and (part := stream.read1(HEAD - len(head))):
            head += part
    except DAMAGE as error:
        damage = error  # which is told behind what stands before it
    return io.BufferedReader(_Chained(head, stream, damage), HEAD)


class _Chained(io.RawIOBase):
    """Bytes that were read from a stream, and then the rest of it or its damage; a pipe cannot be wound back."""

    def __init__(self, head: bytes, rest: Stream, damage: Exception | None) -> None:
        self._head = head
        self._rest = rest
        self._damage = damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # typeshed wants any buffer
        # `read` would lose what it has when it meets damage.
        if self._damage is not None and not self._head:
            raise self._damage
        part = self._head[: len(buffer)] or self._rest.read1(len(buffer))
        self._head = self._head[len(part) :]
        buffer[: len(part)] = part
        return len(part)
