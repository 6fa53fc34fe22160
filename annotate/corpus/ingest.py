"""Sources of every kind to sentences, one article after the other.

What goes wrong with one source is handed on as a value, so that the rest is still read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby, islice
from typing import BinaryIO, Generic, Literal, TypeVar

from annotate.article import Sentence, article_id
from annotate.config import FurniturePattern
from annotate.corpus.catalogue import Catalogue, named_after_source
from annotate.corpus.duplicates import Seen, SeenArticle
from annotate.corpus.furniture import furniture_rules
from annotate.corpus.identity import Identity, identity_of, is_edited, keep_identity
from annotate.corpus.near_duplicates import sketch
from annotate.corpus.readers.item import Found, Item, Note, RawText, SourceOptions
from annotate.corpus.readers.reading import read_item, record_lines
from annotate.corpus.readers.sources import items_of
from annotate.corpus.segmentation import Document, read_article, read_lines
from annotate.corpus.store import parse_record
from annotate.corpus.workers import Workers
from annotate.errors import SourceError
from annotate.record import Record
from annotate.wording import counted

Rendered = TypeVar("Rendered")
Render = Callable[[Document], Rendered]


def unheard(_: str) -> None:
    """Take a note and tell nobody."""


class Reading(Record):
    """How articles are read: in which language (ISO 639-1), and whether each line is a sentence of its own.

    ``furniture`` are the user's patterns. Near-duplicates, such as one wire story in two outlets, are taken without a
    look, reported, or left out as well. ``jobs`` is the number of processes.
    """

    language: str = "en"
    lines: bool = False
    near_duplicates: Literal["take", "report", "skip"] = "take"
    jobs: int = 1
    furniture: tuple[FurniturePattern, ...] = ()
    sources: SourceOptions = SourceOptions()


@dataclass(frozen=True)
class _Job:
    """An article to be read, and what it was when its source was last read."""

    item: Item
    before: Identity | None = None


@dataclass(frozen=True)
class _Read(Generic[Rendered]):
    """An article as a worker hands it back: rendered, and by what it is compared with others."""

    job: _Job
    identity: Identity
    n_sentences: int
    rendered: Rendered
    notes: tuple[str, ...]
    sketch: bytes | None


def documents_of(
    sources: Sequence[str],
    reading: Reading | None = None,
    note: Note = unheard,
    catalogue: Catalogue | None = None,
    standard_input: BinaryIO | None = None,
) -> Iterator[Document | SourceError]:
    """Yield the documents of the sources in order, and an error for each article that cannot be read.

    Sources are what ``items_of`` takes, and files of sentence records (``.jsonl``): these keep their uids and
    contexts, and their documents have no article. What was read before is left out. With a ``catalogue``, an article
    that was edited keeps the uids of its unchanged sentences. ``note`` is told in one line what a person may want to
    know and need not act on.
    """
    return render_documents(sources, _itself, reading, note, catalogue, standard_input)


def render_documents(  # noqa: PLR0913, PLR0917 - documents_of, with how to render
    sources: Sequence[str],
    render: Render[Rendered],
    reading: Reading | None = None,
    note: Note = unheard,
    catalogue: Catalogue | None = None,
    standard_input: BinaryIO | None = None,
) -> Iterator[Rendered | SourceError]:
    """Yield what ``render`` makes of each document, where it was read: in a process of its own if there are several.

    See ``documents_of``.
    """
    reading = reading or Reading()
    return _rendered(items_of(sources, reading.sources, note, standard_input), render, reading, note, catalogue)


def documents_of_items(
    items: Iterator[Found], reading: Reading, note: Note, catalogue: Catalogue
) -> Iterator[Document | SourceError]:
    """Yield the documents of what readers found (see ``documents_of``)."""
    return _rendered(items, _itself, reading, note, catalogue)


def _rendered(
    items: Iterator[Found], render: Render[Rendered], reading: Reading, note: Note, catalogue: Catalogue | None
) -> Iterator[Rendered | SourceError]:
    with ExitStack() as stack:
        batch = _Batch(
            reading,
            render,
            note,
            stack.enter_context(Seen()),
            catalogue or stack.enter_context(Catalogue()),
            stack.enter_context(Workers(reading.jobs)),
        )
        yield from batch.read(items)


@dataclass
class _Batch(Generic[Rendered]):
    """The sources of one call, and what was read of them so far."""

    reading: Reading
    render: Render[Rendered]
    note: Note
    seen: Seen
    catalogue: Catalogue
    workers: Workers

    def read(self, items: Iterator[Item | SourceError]) -> Iterator[Rendered | SourceError]:
        first_two = list(islice(items, 2))
        if len(first_two) < 2:  # noqa: PLR2004 - nothing to be a duplicate of
            self.reading = self.reading.model_copy(update={"near_duplicates": "take"})
        for of_records, run in groupby(chain(first_two, items), key=_holds_records):
            read = self._records if of_records else self._articles
            yield from read(run)

    def _articles(self, items: Iterable[Item | SourceError]) -> Iterator[Rendered | SourceError]:
        for read in self.workers.map(partial(_read, reading=self.reading, render=self.render), self._jobs(items)):
            settled = self._settled(read) if isinstance(read, _Read) else read
            if isinstance(settled, SourceError):
                yield settled
            elif self._is_new(settled):
                yield settled.rendered

    def _jobs(self, items: Iterable[Item | SourceError]) -> Iterator[_Job | SourceError]:
        """Yield the articles with what they were before; of two with one key, such as rows with one id, the first."""
        for item in items:
            if isinstance(item, SourceError):
                yield item
            elif item.key is None or self.seen.is_new_source(item.key):
                yield _Job(item, self.catalogue.of_source(item.key))
            else:
                yield _Job(replace(item, key=None))

    def _settled(self, read: _Read[Rendered]) -> _Read[Rendered] | SourceError:
        """Return what was read under the identity that it must have because of other articles."""
        key = read.job.item.key
        instead = self.catalogue.instead(read.identity, key)
        if instead is None and self._is_another(read.identity):
            instead = named_after_source(read.identity, key)
        if instead is None:
            return read
        return _read(replace(read.job, before=instead), reading=self.reading, render=self.render)

    def _is_new(self, read: _Read[Rendered]) -> bool:
        """Tell whether an article has sentences and was not read before, and remember it."""
        name = read.job.item.name
        for line in read.notes:
            self.note(line)
        self.catalogue.note(read.job.item.key, read.identity)
        same = self.seen.article(read.identity.article)
        if same is not None:
            self.note(f"{name}: same text as {same.name}: left out")
            return False
        self.seen.note_article(read.identity.article, SeenArticle(read.identity.digest, name))
        return read.n_sentences > 0 and not self._is_left_out(read)

    def _is_another(self, identity: Identity) -> bool:
        """Tell whether the id was that of another text in this run."""
        same = self.seen.article(identity.article)
        return same is not None and same.digest not in (identity.digest, "")

    def _is_left_out(self, read: _Read[Rendered]) -> bool:
        """Tell whether an article is to be left out because of another; the first of a family stands for it."""
        if read.sketch is None:
            return False
        near = self.seen.near(read.sketch)
        if near is None:
            self.seen.note_sketch(read.job.item.name, read.sketch)
            return False
        skips = self.reading.near_duplicates == "skip"
        told = f"{read.job.item.name}: nearly the same text as {near.name} ({near.similarity:.0%} alike)"
        self.note(f"{told}: left out" if skips else told)
        return skips

    def _records(self, items: Iterable[Item | SourceError]) -> Iterator[Rendered | SourceError]:
        for item in items:
            if isinstance(item, SourceError):
                yield item
                continue
            try:
                yield from map(self.render, self._new_documents(item))
            except SourceError as error:
                yield error

    def _new_documents(self, item: Item) -> Iterator[Document]:
        """Yield the documents of a file of sentences, with the sentences that were not read before."""
        n_known = n_read = 0
        broken: list[SourceError] = []
        read = _up_to_error(_sentences_of(item), broken)
        for article, group in groupby(read, key=lambda sentence: sentence.article_id):
            sentences = list(group)
            new = self._new_sentences(article, sentences, item.name)
            n_known, n_read = n_known + len(sentences) - len(new), n_read + len(sentences)
            if new:
                yield Document(article=None, sentences=tuple(new))
        if broken:
            raise broken[0]
        if not n_read:
            raise SourceError(f"{item.name}: no sentence in it; make it with annot ingest")
        if n_known:
            self.note(f"{item.name}: {counted(n_known, 'sentence')} read before: left out")

    def _new_sentences(self, article: str, sentences: Sequence[Sentence], name: str) -> list[Sentence]:
        known = self.seen.article(article)
        if known is not None and known.digest:
            return []
        self.seen.note_article(article, SeenArticle("", name))
        uids = self.seen.new_sentences([sentence.uid for sentence in sentences])
        return list({sentence.uid: sentence for sentence in sentences if sentence.uid in uids}.values())


def _read(job: _Job | SourceError, *, reading: Reading, render: Render[Rendered]) -> _Read[Rendered] | SourceError:
    """Read an article; this runs in a process of its own if there are several."""
    if isinstance(job, SourceError):
        return job
    try:
        raw = read_item(job.item)
    except SourceError as error:
        return error
    document = _document(raw, reading)
    digest = article_id(raw.text)
    before = job.before
    if before is not None and (before.digest == digest or is_edited(document, before)):
        document = keep_identity(document, before)
    notes = raw.notes if document.sentences else (*raw.notes, f"{job.item.name}: no sentence in it, furniture alone")
    compared = reading.near_duplicates != "take"
    return _Read(
        job=job,
        identity=identity_of(document, digest),
        n_sentences=len(document.sentences),
        rendered=render(document),
        notes=notes,
        sketch=sketch(" ".join(sentence.text for sentence in document.sentences)) if compared else None,
    )


def _document(raw: RawText, reading: Reading) -> Document:
    """Cut a text; what is known of it from elsewhere counts more than what the text itself says."""
    known = raw.known
    if reading.lines:
        document = read_lines(raw.text)
    else:
        rules = furniture_rules(reading.language, reading.furniture, known.outlet, known.url)
        document = read_article(raw.text, reading.language, rules)
    if document.article is None:
        return document
    fields = {name: value for name, value in known if value is not None}
    fields |= {"found_in": {**document.article.found_in, **known.found_in}, "source": raw.name}
    return document.model_copy(update={"article": document.article.model_copy(update=fields)})


def _sentences_of(item: Item) -> Iterator[Sentence]:
    return (parse_record(Sentence, line, f"{item.name}, line {number}") for number, line in record_lines(item))


def _up_to_error(sentences: Iterator[Sentence], broken: list[SourceError]) -> Iterator[Sentence]:
    """Yield sentences until one cannot be read, and put down why; those before it in its article are kept."""
    try:
        yield from sentences
    except SourceError as error:
        broken.append(error)


def _holds_records(item: Item | SourceError) -> bool:
    return isinstance(item, Item) and item.media == "sentences"


def _itself(document: Document) -> Document:
    return document
