"""Items to texts, whatever their format; what reads a format is imported when it is needed (see `containers`)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from io import BufferedReader

from annotate.corpus.readers.decoding import decode, decoded_lines
from annotate.corpus.readers.item import UTF8, Item, RawText
from annotate.corpus.readers.known import NOTHING, laid_over
from annotate.corpus.readers.stream import opened, read_whole


def read_item(item: Item) -> RawText:
    """Read an article, and put together what is known about it; opens no connection.

    Raises:
        SourceError: The article is damaged, locked, empty or too large, or there is none.
    """
    raw = _read(item)
    return raw._replace(known=laid_over(item.known, laid_over(raw.known, item.fallback)))


def _read(item: Item) -> RawText:
    if isinstance(item.content, str):
        return RawText(item.name, item.content, NOTHING)
    with _stream_of(item) as stream:
        data = read_whole(stream, item.name)
    match item.media:
        case "text":
            text, encoding = decode(data, item.name, item.charset)
            return RawText(item.name, text, NOTHING, encoding, _notes(item.name, encoding))
        case "markdown":
            from annotate.corpus.readers.markdown import read_markdown

            text, encoding = decode(data, item.name, item.charset)
            return read_markdown(item.name, text, encoding)._replace(notes=_notes(item.name, encoding))
        case "html":
            from annotate.corpus.readers.page import read_page

            return read_page(item, data)
        case "pdf":
            from annotate.corpus.readers.pdf import read_pdf

            return read_pdf(item.name, data)
        case "docx":
            from annotate.corpus.readers.word import read_word

            return read_word(item.name, data)
    raise ValueError(f"{item.name}: sentence records are read by their lines")


def record_lines(item: Item) -> Iterator[tuple[int, str]]:
    """Yield the lines of an item of sentence records with their numbers; blank ones are passed over."""
    with _stream_of(item) as stream:
        lines = enumerate(decoded_lines(stream, item.name), start=item.first_line)
        yield from ((number, line) for number, line in lines if line.strip())


def _stream_of(item: Item) -> AbstractContextManager[BufferedReader]:
    content = item.content
    if isinstance(content, BufferedReader):
        return nullcontext(content)
    return opened(content.encode() if isinstance(content, str) else content, item.name)


def _notes(name: str, encoding: str) -> tuple[str, ...]:
    return () if encoding == UTF8 else (f"{name}: not UTF-8, read as {encoding}",)
