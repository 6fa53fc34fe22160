"""Sources to articles and sentences, with what could not be read."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self, TypeVar

from annotate.article import Article, Furniture
from annotate.config import Workspace
from annotate.corpus.catalogue import Catalogue
from annotate.corpus.ingest import Reading, documents_of, render_documents, unheard
from annotate.corpus.readers.item import Note
from annotate.corpus.segmentation import Document
from annotate.corpus.store import to_lines
from annotate.errors import SourceError, StoreError
from annotate.progress import Progress, silent
from annotate.workflow.locks import prepare_state

Read = TypeVar("Read")

_TELLING_AFTER = 10  # seconds, for a few articles are read before anybody asks


class Dropped(Furniture):
    """A stretch of an article that is no running text, with its words; ``source`` names what was read."""

    article_id: str
    source: str | None
    text: str

    @classmethod
    def of(cls, article: Article, furniture: Furniture) -> Self:
        """Return the furniture of an article with what it says."""
        text = article.text[furniture.start : furniture.end]
        return cls(article_id=article.id, source=article.source, text=text, **dict(furniture))


def refuse(problem: SourceError) -> None:
    """Raise a problem, so that the first one is the last."""
    raise problem


@dataclass(frozen=True)
class Listeners:
    """Who is told what: of sources that cannot be read, of what a person may want to know, and how far it is."""

    problem: Callable[[SourceError], None] = refuse
    note: Note = unheard
    progress: Progress = silent


def read_articles(
    workspace: Workspace,
    sources: Sequence[str],
    reading: Reading | None = None,
    listeners: Listeners | None = None,
    *,
    remember: bool = True,
) -> list[Document]:
    """Read sources (see ``corpus.ingest``); with ``remember`` their articles are known again when they are edited."""
    listeners = listeners or Listeners()
    with _catalogue(workspace, listeners.note, remember=remember) as catalogue:
        return list(_told(documents_of(sources, _usual(reading, workspace), listeners.note, catalogue), listeners))


def streamed_articles(
    workspace: Workspace,
    sources: Sequence[str],
    reading: Reading | None = None,
    listeners: Listeners | None = None,
) -> Iterator[Document]:
    """Yield the documents of sources one after the other (see ``read_articles``); nothing is remembered."""
    listeners = listeners or Listeners()
    with _catalogue(workspace, listeners.note, remember=False) as catalogue:
        yield from _told(documents_of(sources, _usual(reading, workspace), listeners.note, catalogue), listeners)


def rendered_articles(
    workspace: Workspace,
    sources: Sequence[str],
    render: Callable[[Document], str],
    reading: Reading | None = None,
    listeners: Listeners | None = None,
) -> Iterator[str]:
    """Yield the lines that ``render`` makes of each article, one after the other (see ``read_articles``).

    Articles are remembered where the folder is a workspace.
    """
    listeners = listeners or Listeners()
    with _catalogue(workspace, listeners.note, remember=workspace.exists) as catalogue:
        read = render_documents(sources, render, _usual(reading, workspace), listeners.note, catalogue)
        yield from _told(read, listeners)


def sentence_lines(document: Document) -> str:
    """Render a document as the records of its sentences."""
    return "".join(to_lines(document.sentences))


def article_lines(document: Document) -> str:
    """Render a document as the record of its article; sentences that were read as such have none."""
    return "".join(to_lines([document.article] if document.article else []))


def furniture_lines(document: Document) -> str:
    """Render a document as the stretches of its article that are no running text, with kind and reason."""
    article = document.article
    if article is None:
        return ""
    return "".join(to_lines(Dropped.of(article, furniture) for furniture in article.furniture))


def _told(read: Iterable[Read | SourceError], listeners: Listeners) -> Iterator[Read]:
    """Yield what was read, and tell the problems."""
    began = time.monotonic()
    for number, each in enumerate(read):
        if time.monotonic() - began > _TELLING_AFTER:
            listeners.progress("Reading articles", number)
        if isinstance(each, SourceError):
            listeners.problem(each)
        else:
            yield each


def _usual(reading: Reading | None, workspace: Workspace) -> Reading:
    return reading or Reading(language=workspace.settings.language, furniture=workspace.settings.furniture)


@contextmanager
def _catalogue(workspace: Workspace, note: Note, *, remember: bool) -> Iterator[Catalogue]:
    if remember:
        try:
            prepare_state(workspace)
        except StoreError as error:
            note(f"{error}; edited articles are not known again")
            remember = False
    with Catalogue(workspace.catalogue, writable=remember) as catalogue:
        yield catalogue
