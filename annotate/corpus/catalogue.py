"""What was read from which source before, so that an edited article is told from a new one."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Self

from annotate.corpus.identity import Identity, added
from annotate.errors import StoreError

_TABLE = """
CREATE TABLE IF NOT EXISTS article (
    number INTEGER PRIMARY KEY,
    source TEXT UNIQUE NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_id ON article (id, number);
CREATE TABLE IF NOT EXISTS known_text (
    digest TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    sentences BLOB NOT NULL
) WITHOUT ROWID;
"""
_OF_SOURCE = "SELECT article.id, article.digest, sentences FROM article JOIN known_text USING (digest) WHERE source = ?"
_OF_TEXT = "SELECT id, digest, sentences FROM known_text WHERE digest = ?"
_OWNER = "SELECT source, digest FROM article WHERE id = ? ORDER BY number LIMIT 1"
_SET_SOURCE = (
    "INSERT INTO article (source, id, digest) VALUES (?, ?, ?)"
    " ON CONFLICT (source) DO UPDATE SET id = excluded.id, digest = excluded.digest"
)
_SET_TEXT = "INSERT OR REPLACE INTO known_text (digest, id, sentences) VALUES (?, ?, ?)"
_WAIT = 60  # seconds, for another command that writes
_HELD = 0.25  # seconds until what was noted is committed, for no other command writes before


class Catalogue:
    """The articles that a workspace has read, by source and by every text that they had; to be closed after use.

    An article is named by its first text. It keeps that name when its source is edited, and when its text is found in
    another place. A text that has become another article's past is named by its source as well.
    """

    def __init__(self, path: Path | None = None, *, writable: bool = True) -> None:
        """Open the catalogue at ``path``; without a path, or where there is none to read, it lasts as long as this.

        Raises:
            StoreError: The file is no catalogue, or cannot be opened.
        """
        self.path = path
        self.writable = writable
        self._lock = Lock()
        self._committing: Timer | None = None
        with self._telling():
            if path is not None and writable:
                path.parent.mkdir(parents=True, exist_ok=True)
            lasts = path is not None and (writable or path.exists())
            self._database = sqlite3.connect(
                _address(path, writable) if lasts else "", uri=True, timeout=_WAIT, check_same_thread=False
            )
            if writable or not lasts:
                self._database.executescript(_TABLE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._committing is not None:
            self._committing.cancel()
        with self._telling():
            self._database.commit()
            self._database.close()

    def packed(self) -> bytes:
        """Return the catalogue as the bytes of a file."""
        with self._telling():
            return self._database.serialize()

    def of_source(self, source: str | None) -> Identity | None:
        """Return the article that was last read from a source."""
        found = self._row(_OF_SOURCE, source) if source is not None else None
        return Identity(*found) if found else None

    def instead(self, identity: Identity, source: str | None) -> Identity | None:
        """Return the identity that an article must take because of others, or ``None`` if it may keep its own."""
        same = self._row(_OF_TEXT, identity.digest)
        if same is not None and same[0] != identity.article:
            return Identity(*same)
        owner = self._row(_OWNER, identity.article)
        is_taken = owner is not None and owner[0] != source and owner[1] != identity.digest
        return named_after_source(identity, source) if is_taken else None

    def note(self, source: str | None, identity: Identity) -> None:
        """Remember what was read from a source, and of the same article what was known before."""
        if source is None or not self.writable:
            return
        before = [known for known in (self.of_source(source), self._of_text(identity)) if known]
        older = [known.sentences for known in before if known.article == identity.article]
        with self._telling():
            self._database.execute(_SET_SOURCE, (source, identity.article, identity.digest))
            self._database.execute(_SET_TEXT, (identity.digest, identity.article, added(identity.sentences, *older)))
            if self._committing is None:
                # Not here, where each article would wait for the disk; nor later, for the next may be long in coming.
                self._committing = Timer(_HELD, self._commit)
                self._committing.daemon = True
                self._committing.start()

    def _commit(self) -> None:
        """Commit in a thread of its own; an error comes again, and is told, when the catalogue is closed."""
        with self._lock, suppress(sqlite3.Error):
            self._committing = None
            self._database.commit()

    def _of_text(self, identity: Identity) -> Identity | None:
        found = self._row(_OF_TEXT, identity.digest)
        return Identity(*found) if found else None

    def _row(self, query: str, value: str) -> tuple[Any, ...] | None:
        with self._telling():
            row: tuple[Any, ...] | None = self._database.execute(query, (value,)).fetchone()
        return row

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.OperationalError as error:
            raise StoreError(f"{self.path}: cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self.path}: not a catalogue of articles ({error}); remove it, and edited articles count as new"
            ) from error
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be written: {error.strerror}") from error


def named_after_source(identity: Identity, source: str | None) -> Identity:
    """Return an identity for an article that cannot be named by its text alone, since another is."""
    name = f"{source or '-'}\0{identity.digest}"
    return Identity(sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16], identity.digest, b"")


def _address(path: Path | None, writable: bool) -> str:  # noqa: FBT001
    return f"{path.resolve().as_uri()}?mode={'rwc' if writable else 'ro'}" if path else ""
