"""What was read in one run, so that nothing is read twice; kept in a temporary file, however much it is."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

from annotate.corpus.near_duplicates import SIMILAR, bands, similarity
from annotate.errors import StoreError

_TABLES = """
CREATE TABLE article (id TEXT PRIMARY KEY, digest TEXT NOT NULL, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE sentence (uid TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE sketch (number INTEGER PRIMARY KEY, name TEXT NOT NULL, sketch BLOB NOT NULL);
CREATE TABLE band (band BLOB NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (band, number)) WITHOUT ROWID;
"""


_SHARING = "SELECT number, name, sketch FROM band JOIN sketch USING (number) WHERE band = ?"


class Near(NamedTuple):
    """An article read before that nearly has the text, and how similar the two are (Jaccard, 0 to 1)."""

    name: str
    similarity: float


class SeenArticle(NamedTuple):
    """An article read before, by the digest of its text."""

    digest: str
    name: str


class Seen:
    """The articles, sentences and sketches of one run; to be closed after use."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # a file of SQLite's own, which it keeps in memory while it is small
        self._database.executescript(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def is_new_source(self, key: str) -> bool:
        """Remember a source, and tell whether it was not read before."""
        with _telling():
            return self._database.execute("INSERT OR IGNORE INTO source VALUES (?)", (key,)).rowcount > 0

    def article(self, id_: str) -> SeenArticle | None:
        """Return the article of that id, if it was read."""
        with _telling():
            row = self._database.execute("SELECT digest, name FROM article WHERE id = ?", (id_,)).fetchone()
        return SeenArticle(*row) if row else None

    def note_article(self, id_: str, article: SeenArticle) -> None:
        """Remember an article."""
        with _telling():
            self._database.execute("INSERT OR IGNORE INTO article VALUES (?, ?, ?)", (id_, *article))

    def new_sentences(self, uids: Iterable[str]) -> set[str]:
        """Remember sentences, and return those that were not read before."""
        with _telling():
            return {
                uid
                for uid in uids
                if self._database.execute("INSERT OR IGNORE INTO sentence VALUES (?)", (uid,)).rowcount
            }

    def near(self, sketched: bytes) -> Near | None:
        """Return the most similar article read before, if it is a near-duplicate."""
        found: dict[int, Near] = {}
        with _telling():
            for band in bands(sketched):
                for number, name, other in self._database.execute(_SHARING, (band,)):
                    found[number] = Near(name, similarity(sketched, other))
        nearest = max(found.values(), key=lambda near: near.similarity, default=None)
        return nearest if nearest and nearest.similarity >= SIMILAR else None

    def note_sketch(self, name: str, sketched: bytes) -> None:
        """Remember what later articles are compared with."""
        with _telling():
            number = self._database.execute(
                "INSERT INTO sketch (name, sketch) VALUES (?, ?)", (name, sketched)
            ).lastrowid
            self._database.executemany("INSERT INTO band VALUES (?, ?)", ((band, number) for band in bands(sketched)))


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:  # the disk of temporary files is full
        raise StoreError(f"temporary files: {error}; set TMPDIR to a disk with more room") from error
