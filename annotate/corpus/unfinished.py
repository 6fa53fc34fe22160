"""A file of records that is written while they come, and that a later run can continue."""

import filecmp
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Self, TypeVar

from annotate.article import Sentence
from annotate.corpus.store import locked, usual_mode, writing
from annotate.errors import StoreError
from annotate.wording import counted

AnySentence = TypeVar("AnySentence", bound=Sentence)

_A_MARK = "[0-9a-f]" * 16
_FLUSHED_EVERY = 1.0  # seconds, which is what a kill loses


class Unfinished:
    """Records on their way to a file: they stand beside it until they are complete, and stay there if they do not.

    ``mark``, 16 hex digits, names what made the records, such as a model: only records of the same maker are continued.
    Sentences must come in the same order again, and then the file has the same bytes as if it had never been stopped.
    """

    def __init__(self, path: Path, mark: str, *, resume: bool) -> None:
        """Open the unfinished file; without ``resume`` it begins anew.

        Raises:
            StoreError: It cannot be written, or another run writes to it.
        """
        self.target = path.resolve()  # a link stays, and what it points to is replaced
        self.path = self.target.with_name(f"{self.target.name}.{mark}.part")
        self.n_records = 0
        with ExitStack() as held:
            self._hold(held)
            self.resumed = resume and self.path.is_file()
            with writing(path):
                for other in self.target.parent.glob(f"{_escaped(self.target.name)}.{_A_MARK}.part"):
                    if other != self.path or not resume:
                        other.unlink()
                self._file: BinaryIO = self.path.open("r+b" if self.resumed else "w+b")
            self._held = held.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Close the file; nothing of one without records is left."""
        with self._held:
            try:
                self._file.close()
            except OSError as error:  # of what was not flushed yet
                if kind is None:
                    raise self._not_written(error) from error
            if not self.n_records:
                self.path.unlink(missing_ok=True)

    def after_those_written(self, sentences: Iterable[AnySentence]) -> Iterator[AnySentence]:
        """Yield the sentences whose records are not there; what was written of an incomplete one is cut off.

        Raises:
            StoreError: The records are not those of these sentences.
        """
        remaining = iter(sentences)
        end = 0
        for line in self._file:
            if not line.endswith(b"\n"):
                break
            sentence = next(remaining, None)
            if sentence is None or not line.startswith(f'{{"uid":"{sentence.uid}"'.encode()):
                self.n_records += 1  # keep the file
                raise StoreError(
                    f"{self.path}, line {self.n_records}: of other sentences; leave out --resume to begin anew"
                )
            self.n_records += 1
            end += len(line)
        self._file.seek(end)
        self._file.truncate()
        yield from remaining

    def write(self, lines: Iterable[str]) -> None:
        """Add lines, one a record; raises ``StoreError`` that says how to go on."""
        flushed = time.monotonic()
        for line in lines:
            try:
                self._file.write(line.encode("utf-8"))
                if time.monotonic() - flushed > _FLUSHED_EVERY:
                    self._file.flush()
                    flushed = time.monotonic()
            except OSError as error:
                raise self._not_written(error) from error
            self.n_records += 1

    def finish(self) -> None:
        """Put the complete file in its place; one that would not change is left untouched, and so is one for none."""
        if not self.n_records:
            return
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._not_written(error) from error
        with writing(self.target):
            if self.target.is_file() and filecmp.cmp(self.target, self.path, shallow=False):
                self.path.unlink()
                return
            self.path.chmod(usual_mode(self.target))
            self.path.replace(self.target)

    @property
    def kept(self) -> str:
        """What there is, and how to go on."""
        return f"{counted(self.n_records, 'sentence')} kept in {self.path}; go on with --resume"

    def _hold(self, held: ExitStack) -> None:
        """Keep other runs from writing to the same file, until the stack is closed."""
        lock = self.target.with_name(f".{self.target.name}.lock")
        try:
            held.enter_context(locked(lock, wait=False))
        except TimeoutError as error:
            raise StoreError(
                f"{self.target}: another run writes to it; wait for it, or write to another file"
            ) from error
        held.callback(lock.unlink, missing_ok=True)

    def _not_written(self, error: OSError) -> StoreError:
        return StoreError(f"{self.target}: cannot be written: {error.strerror}; make room; {self.kept}")


def _escaped(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
