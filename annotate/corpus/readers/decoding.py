"""Text files read exactly as they are: no line ending translated, no byte order mark removed."""

import codecs
import re
from collections.abc import Iterator
from email.message import Message
from io import BufferedReader, TextIOWrapper
from typing import NamedTuple

from charset_normalizer import from_bytes

from annotate.corpus.readers.item import LARGEST_ARTICLE, UTF8, too_large
from annotate.corpus.readers.media import BYTE_ORDER_MARKS
from annotate.corpus.readers.stream import HEAD
from annotate.errors import SourceError

_WESTERN = "cp1252"
# The encodings that browsers know and charset-normalizer tells apart, since news is written for browsers.
_LEGACY = (
    *(_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2"),
    *("koi8_r", "mac_roman", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_MOST_CONTROLS = 0.01


class Decoded(NamedTuple):
    """A text, and the encoding it was in (``utf-8`` unless its bytes say otherwise)."""

    text: str
    encoding: str


def decode(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """Decode bytes by their byte order mark, as UTF-8, as declared, or in the encoding they were likely written in.

    What is valid UTF-8 is hardly ever anything else, whatever is declared.

    Raises:
        SourceError: The bytes are no text, no encoding can be settled on, or there is nothing but white space.
    """
    text, encoding = _decoded(data, name, declared)
    if "\0" in text or len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise SourceError(f"{name}: binary, not a text file; save its text as .txt")
    if not text.strip().strip("\ufeff"):
        raise SourceError(f"{name}: empty; leave it out or put the article's text there")
    return Decoded(text, encoding)


def decoded_lines(stream: BufferedReader, name: str, encoding: str | None = None) -> Iterator[str]:
    """Yield the lines of a long text with their ends, decoded as its first bytes suggest; byte order marks are dropped.

    Raises:
        SourceError: The text is in another encoding than it begins with, or a line is longer than an article may be.
    """
    with TextIOWrapper(stream, encoding or encoding_of(stream.peek(HEAD)[:HEAD], name), newline="") as text:
        while line := _line(text, name):
            yield line


def encoding_of(head: bytes, name: str) -> str:
    """Return the encoding of a long text by its first bytes; raises ``SourceError`` where they are no text."""
    marked = _marked(head)
    if marked:
        return {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(marked, "utf-32")  # which drop the mark
    try:
        codecs.getincrementaldecoder(UTF8)().decode(head)
    except UnicodeDecodeError:
        return _decoded(head, name, None)[1]
    return "utf-8-sig"


def charset_of(content_type: str) -> str | None:
    """Return the encoding that a media type declares, as in ``text/html; charset=utf-8``."""
    message = Message()
    message["Content-Type"] = content_type
    return message.get_content_charset()


def _line(text: TextIOWrapper, name: str) -> str:
    try:
        line = text.readline(LARGEST_ARTICLE + 1)
    except UnicodeDecodeError as error:
        raise SourceError(f"{name}: not {error.encoding} throughout; save it as UTF-8") from error
    if len(line) > LARGEST_ARTICLE:
        raise too_large(name)
    return line


def _decoded(data: bytes, name: str, declared: str | None) -> tuple[str, str]:
    marked = _marked(data)
    try:
        return data.decode(marked or UTF8), marked or UTF8
    except UnicodeDecodeError as error:
        if marked:
            raise SourceError(f"{name}: starts as {marked} but is damaged; save it as UTF-8") from error
    if b"\0" in data:
        raise SourceError(f"{name}: binary, not a text file; save its text as .txt")
    encoding = _as_declared(data, declared) or _detected(data)
    if encoding is None:
        raise SourceError(f"{name}: not text in any known encoding; save it as UTF-8")
    return data.decode(encoding), encoding


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)), None)


def _as_declared(data: bytes, declared: str | None) -> str | None:
    try:
        encoding = codecs.lookup(declared or "").name
        # Browsers take both for Windows' extension of them, and so do those who declare them.
        encoding = _WESTERN if encoding in ("ascii", "iso8859-1") else encoding
        data.decode(encoding)
    except (LookupError, ValueError):  # of no such encoding, of a name that cannot be one, or of other data
        return None
    return encoding


def _detected(data: bytes) -> str | None:
    """Return the likeliest encoding, among equals that of Western Europe, in which undeclared English is written."""
    matches = list(from_bytes(data, cp_isolation=list(_LEGACY), enable_fallback=False))
    equals = [match for match in matches if match.chaos <= matches[0].chaos]
    if any(_WESTERN in match.could_be_from_charset for match in equals):
        return _WESTERN
    return equals[0].encoding if equals else None
