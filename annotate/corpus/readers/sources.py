"""Sources of every kind to the articles in them: paths, addresses and standard input."""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from annotate.article import UNNAMED
from annotate.corpus.readers.containers import CONTAINERS, Opened, contained
from annotate.corpus.readers.folder import files_of
from annotate.corpus.readers.item import Found, Item, Note, SourceOptions
from annotate.corpus.readers.known import known_from, laid_over
from annotate.corpus.readers.media import media_of
from annotate.corpus.readers.side_file import read_side_file
from annotate.corpus.readers.stream import HEAD, Stream, damage_told, opened, read_whole, unpacked
from annotate.errors import SourceError

if TYPE_CHECKING:
    from annotate.corpus.readers.fetch import Fetched, Fetcher

STANDARD_INPUT = "-"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


def items_of(
    sources: Sequence[str], options: SourceOptions, note: Note, standard_input: BinaryIO | None = None
) -> Iterator[Found]:
    """Yield the articles of sources in order, and an error for each that cannot be read; raises none.

    A source is a path of a file or folder, an address of http or https, or ``-`` for standard input. All sources stand
    in one call so that a host which several of them name is spared as if they were one.
    """
    batch = _Batch(options, note, standard_input)
    for source in sources:
        yield from batch.items(source)


def without_records(items: Iterable[Found], note: Note) -> Iterator[Found]:
    """Yield what is in a file of a folder; records there are what a command wrote, and no articles."""
    for found in items:
        if isinstance(found, Item) and found.media == "sentences":
            note(f"{found.name}: records of sentences, left out; give its own path to read them")
        else:
            yield found


def items_of_stream(stream: BinaryIO, name: str, options: SourceOptions, note: Note) -> Iterator[Found]:
    """Yield the articles of a stream; raises ``SourceError`` where it cannot be read on."""
    return _Batch(options, note, None).of_stream(stream, name)


def holds_records(path: Path) -> bool:
    """Tell whether a file holds records of sentences; raises ``SourceError`` where it cannot be read."""
    with opened(path, str(path)) as stream:
        return media_of(stream.peek(HEAD), str(path)) == "sentences"


class _Batch:
    """The sources of one call, and who fetches for them."""

    def __init__(self, options: SourceOptions, note: Note, standard_input: BinaryIO | None) -> None:
        self.options = options
        self.note = note
        self.standard_input = standard_input
        self._fetcher: Fetcher | None = None

    def fetch(self, address: str) -> "Fetched":
        """Fetch an address; raises ``SourceError``."""
        from annotate.corpus.readers.fetch import Fetcher  # when needed: see `containers`

        self._fetcher = self._fetcher or Fetcher(self.options.limits, allow_private=self.options.allow_private)
        return self._fetcher.fetch(address)

    def items(self, source: str) -> Iterator[Found]:
        """Yield what is in a source, or the error that it has."""
        try:
            yield from self._items(source)
        except SourceError as error:
            yield error
        except OSError as error:  # of a name that the system refuses
            yield SourceError(f"{source}: cannot be read: {error.strerror}")

    def _items(self, source: str) -> Iterator[Found]:
        path = Path(source)
        if not source:
            raise SourceError("an empty source: name a file, a folder or an address")
        if source == STANDARD_INPUT:
            yield from self.of_stream(self.standard_input or sys.stdin.buffer, UNNAMED)
        elif _ADDRESS.match(source):
            yield from self._of_address(source)
        elif path.is_dir():
            yield from self._of_folder(path)
        elif path.is_file():
            yield from self._of_file(path)
        elif path.exists():  # a pipe
            with damage_told(source), path.open("rb") as stream:
                yield from self.of_stream(stream, source)
        else:
            raise SourceError(f"{source}: does not exist; check the path")

    def _of_folder(self, folder: Path) -> Iterator[Found]:
        """Yield what is in a folder's files."""
        for file in files_of(folder, self.note):
            yield from without_records([file] if isinstance(file, SourceError) else self.items(str(file)), self.note)

    def _of_file(self, path: Path) -> Iterator[Found]:
        name, key = str(path), str(path.resolve())
        side = read_side_file(path)
        with opened(path, name) as stream:
            media = media_of(stream.peek(HEAD), name)
            if media in CONTAINERS:
                for found in self._contained(Opened(stream, media, name, key, path)):
                    yield (
                        found if isinstance(found, SourceError) else replace(found, known=laid_over(side, found.known))
                    )
                return
        yield Item(name, key, path, media, side)

    def of_stream(self, raw: BinaryIO, name: str) -> Iterator[Found]:
        """Yield what is in a stream; raises ``SourceError`` where it cannot be read on."""
        with damage_told(name):
            stream = unpacked(cast(Stream, raw))
            media = media_of(stream.peek(HEAD), name)
            if media in CONTAINERS:
                yield from self._contained(Opened(stream, media, name, None))
            else:
                yield Item(name, None, stream if media == "sentences" else read_whole(stream, name), media)

    def _of_address(self, address: str) -> Iterator[Found]:
        fetched = self.fetch(address)
        with opened(fetched.data, address) as stream:
            media = media_of(stream.peek(HEAD), address)
            if media in CONTAINERS:
                yield from self._contained(Opened(stream, media, address, address))
                return
            data = read_whole(stream, address)
        told = known_from({"url": fetched.address}, "address").known
        yield Item(address, address, data, media, fallback=told, charset=fetched.charset)

    def _contained(self, source: Opened) -> Iterator[Found]:
        return contained(source, self.options, self.note, self.fetch)
