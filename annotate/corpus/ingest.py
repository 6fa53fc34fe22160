"""Sources of every kind to sentences: text files, folders, sentence files and standard input.

What goes wrong with one source is handed on as a value, so that the rest is still read.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from annotate.article import Sentence, article_id
from annotate.corpus.reading import UTF8, TextFile, article_files, decode, read_text
from annotate.corpus.segmentation import Document, read_article, read_lines
from annotate.corpus.store import parse_record, read_records
from annotate.errors import SourceError
from annotate.record import Record

STANDARD_INPUT = Path("-")
SENTENCE_FILE = ".jsonl"

Note = Callable[[str], None]


class Reading(Record):
    """How texts are read: in which language (ISO 639-1), and whether each line is a sentence of its own."""

    language: str = "en"
    lines: bool = False


def unheard(_: str) -> None:
    """Take a note and tell nobody."""


def documents_of(
    sources: Sequence[Path],
    reading: Reading | None = None,
    note: Note = unheard,
    standard_input: BinaryIO | None = None,
) -> Iterator[Document | SourceError]:
    """Yield the documents of the sources in order, and an error for each that cannot be read.

    A source is a text file, a folder of them, a file of sentence records (``.jsonl``) or ``-``. Sentence records keep
    their uids and contexts; their documents have no article. Sentences that were read before are left out. ``note``
    is told in one line what a person may want to know and need not act on.
    """
    batch = _Batch(reading or Reading(), note)
    for source in sources:
        try:
            files = [source] if source == STANDARD_INPUT else article_files(source)
        except SourceError as error:
            yield error
            continue
        for path in files:
            try:
                yield from batch.read(path, standard_input)
            except SourceError as error:
                yield error


class _Batch:
    """The sources of one call, and what was read of them so far."""

    def __init__(self, reading: Reading, note: Note) -> None:
        self.reading = reading
        self.note = note
        self.names: dict[str, str] = {}
        self.uids: set[str] = set()

    def read(self, path: Path, standard_input: BinaryIO | None) -> list[Document]:
        """Read one file; raises ``SourceError``."""
        if path.suffix.lower() == SENTENCE_FILE:
            return self._from_records(list(read_records(path, Sentence)), str(path))
        if path.is_file():
            return self._from_text(read_text(path))
        # A pipe has no ending to tell records from prose by.
        is_named = path != STANDARD_INPUT
        file = read_text(path) if is_named else decode((standard_input or sys.stdin.buffer).read(), "standard input")
        records = _sentence_records(file)
        return self._from_records(records, file.name) if records else self._from_text(file)

    def _from_text(self, file: TextFile) -> list[Document]:
        if file.encoding != UTF8:
            self.note(f"{file.name}: not UTF-8, read as {file.encoding}")
        article = article_id(file.text)
        if article in self.names:
            self.note(f"{file.name}: same text as {self.names[article]}: left out")
            return []
        self.names[article] = file.name
        document = read_lines(file.text) if self.reading.lines else read_article(file.text, self.reading.language)
        if not document.sentences:
            self.note(f"{file.name}: no sentence in it, furniture alone")
        return self._new([document], file.name)

    def _from_records(self, sentences: list[Sentence], name: str) -> list[Document]:
        if not sentences:
            raise SourceError(f"{name}: no sentence in it; make it with annot ingest")
        groups = groupby(sentences, key=lambda sentence: sentence.article_id)
        return self._new([Document(article=None, sentences=tuple(group)) for _, group in groups], name)

    def _new(self, documents: list[Document], name: str) -> list[Document]:
        """Return the documents with the sentences that were not read before."""
        kept: list[Document] = []
        known = 0
        for document in documents:
            new = {sentence.uid: sentence for sentence in document.sentences if sentence.uid not in self.uids}
            self.uids.update(new)
            known += len(document.sentences) - len(new)
            if new:
                kept.append(document.model_copy(update={"sentences": tuple(new.values())}))
        if known:
            self.note(f"{name}: {known} sentences were read before: left out")
        return kept


def _sentence_records(file: TextFile) -> list[Sentence]:
    """Return the sentence records that a text holds; raises ``SourceError`` where it is other JSON than that.

    A text whose first line is no JSON object is prose, and holds none.
    """
    lines = [(number, line) for number, line in enumerate(file.text.split("\n"), start=1) if line.strip("\ufeff \t\r")]
    first = lines[0][1].strip("\ufeff \t\r")
    if not (first.startswith("{") and first.endswith("}")):
        return []
    return [parse_record(Sentence, line.lstrip("\ufeff"), f"{file.name}, line {number}") for number, line in lines]
