"""Sources to articles and sentences, with what could not be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from annotate.article import Article, Sentence
from annotate.config import Workspace
from annotate.corpus.ingest import Note, Reading, documents_of, unheard
from annotate.corpus.segmentation import Document
from annotate.errors import SourceError


@dataclass
class Articles:
    """What was read, in order, and one error for each source that could not be."""

    documents: list[Document] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)

    @property
    def sentences(self) -> list[Sentence]:
        """Every sentence, in order."""
        return [sentence for document in self.documents for sentence in document.sentences]

    @property
    def articles(self) -> list[Article]:
        """Every article that was read from a text."""
        return [document.article for document in self.documents if document.article is not None]


def read_articles(
    workspace: Workspace, sources: Sequence[Path], *, lines: bool = False, note: Note = unheard
) -> Articles:
    """Read sources (see ``corpus.ingest``); ``note`` hears what a person may want to know."""
    read = Articles()
    for document in documents_of(sources, Reading(language=workspace.settings.language, lines=lines), note):
        if isinstance(document, SourceError):
            read.problems.append(document)
        else:
            read.documents.append(document)
    return read
