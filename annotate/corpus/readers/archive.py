"""WARC files (ISO 28500), record by record."""

import io
from collections.abc import Iterator
from contextlib import redirect_stderr

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from annotate.corpus.readers.decoding import charset_of
from annotate.corpus.readers.item import LARGEST_ARTICLE, Found, Item, Note, too_large
from annotate.corpus.readers.known import known_from
from annotate.corpus.readers.media import article_media
from annotate.corpus.readers.stream import DAMAGE
from annotate.errors import SourceError
from annotate.wording import counted

_KINDS = ("response", "resource", "conversion")
_ARTICLES = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf", "text/markdown")


def records_of(stream: io.BufferedReader, name: str, key: str | None, note: Note) -> Iterator[Found]:
    """Yield the pages and documents that were answered with success; ``note`` hears how many records hold none.

    Raises:
        SourceError: The file is damaged; what stands before the damage was yielded.
    """
    whole = _UpToDamage(stream)
    left_out = 0
    records = iter(ArchiveIterator(whole))
    while (record := _next(records, name)) is not None:
        if not _is_article(record):
            left_out += record.rec_type in _KINDS
            continue
        data = record.content_stream().read(LARGEST_ARTICLE + 1)
        if _is_cut(record, data):
            break
        yield _item(record, data, name, key)
    else:
        if not whole.is_damaged:
            if left_out:
                note(f"{name}: {counted(left_out, 'record')} without an article left out")
            return
    raise SourceError(f"{name}: damaged or cut off; the records before that are read, so fetch or copy it again")


class _UpToDamage:
    """A stream that ends where it is damaged, and remembers that; what stands before it is read."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.is_damaged = False

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read1(size)  # `read` would lose what it has when it meets damage
        except DAMAGE:
            self.is_damaged = True
            return b""


def _next(records: Iterator[ArcWarcRecord], name: str) -> ArcWarcRecord | None:
    try:
        # warcio writes to standard error of records that are not as long as they say.
        with redirect_stderr(io.StringIO()):
            return next(records, None)
    except (ArchiveLoadFailed, ValueError) as error:
        raise SourceError(f"{name}: damaged from here on; the records before are read") from error


def _is_article(record: ArcWarcRecord) -> bool:
    if record.rec_type not in _KINDS:
        return False
    if record.http_headers and record.http_headers.get_statuscode() != "200":
        return False
    return _content_type(record).partition(";")[0].strip().lower() in _ARTICLES


def _content_type(record: ArcWarcRecord) -> str:
    return str((record.http_headers or record.rec_headers).get_header("Content-Type", ""))


def _is_cut(record: ArcWarcRecord, data: bytes) -> bool:
    """Tell whether the file ends before the record does."""
    if len(data) > LARGEST_ARTICLE:
        return False
    while record.raw_stream.read(io.DEFAULT_BUFFER_SIZE):
        pass  # what follows the payload
    return bool(record.raw_stream.limit > 0)


def _item(record: ArcWarcRecord, data: bytes, name: str, key: str | None) -> Found:
    address = record.rec_headers.get_header("WARC-Target-URI", "").strip("<>")
    if len(data) > LARGEST_ARTICLE:
        return too_large(f"{name}, {address}")
    try:
        media = article_media(data, address)
    except SourceError as error:
        return error
    told = known_from({"url": address}, "WARC record").known
    charset = charset_of(_content_type(record))
    return Item(f"{name}, {address}", key and f"{key}#{address}", data, media, fallback=told, charset=charset)
