"""Text files read exactly as they are: no line ending translated, no byte order mark removed."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from charset_normalizer import from_bytes

from annotate.errors import SourceError

UTF8 = "utf-8"

# UTF-32 stands first: its little-endian mark starts with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_WESTERN = "cp1252"
# The encodings that browsers know and charset-normalizer tells apart, since news is written for browsers.
_LEGACY = (
    *(_WESTERN, "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2"),
    *("koi8_r", "mac_roman", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_MOST_CONTROLS = 0.01


class TextFile(NamedTuple):
    """A file's text, and the encoding it was read in (``utf-8`` unless its bytes say otherwise)."""

    name: str
    text: str
    encoding: str


def article_files(source: Path) -> list[Path]:
    """Return a file as it is given, or a folder's ``.txt`` files in order, those of its folders too.

    Files and folders with a name that starts with a dot are left out.

    Raises:
        SourceError: The path does not exist, or the folder holds no such file.
    """
    try:
        if not source.exists():
            raise SourceError(f"{source}: does not exist; check the path")
        if not source.is_dir():
            return [source]
        files = sorted(path for path in source.rglob("*") if _is_article(path, source))
    except OSError as error:
        raise SourceError(f"{source}: cannot be read: {error.strerror}") from error
    if not files:
        raise SourceError(f"{source}: no articles in this folder; put .txt files there")
    return files


def read_text(path: Path) -> TextFile:
    """Read a text file (see ``decode``); raises ``SourceError`` where it cannot be read or is not text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: cannot be read: {error.strerror}") from error
    return decode(data, str(path))


def decode(data: bytes, name: str) -> TextFile:
    """Decode bytes as UTF-8, by their UTF-16 or UTF-32 byte order mark, or in the encoding they were written in.

    Raises:
        SourceError: The bytes are no text, no encoding can be settled on, or there is nothing but white space.
    """
    kind = next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), None)
    if kind:
        raise SourceError(f"{name}: {kind}, not a text file; save its text as .txt")
    text, encoding = _decoded(data, name)
    if "\0" in text or len(_CONTROL.findall(text)) > _MOST_CONTROLS * len(text):
        raise SourceError(f"{name}: binary, not a text file; save its text as .txt")
    if not text.strip().strip("\ufeff"):
        raise SourceError(f"{name}: empty; leave it out or put the article's text there")
    return TextFile(name, text, encoding)


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    try:
        return data.decode(marked or UTF8), marked or UTF8
    except UnicodeDecodeError as error:
        if marked:
            raise SourceError(f"{name}: starts as {marked} but is damaged; save it as UTF-8") from error
    encoding = None if b"\0" in data else _detected(data)
    if encoding is None:
        raise SourceError(f"{name}: not text in any known encoding; save it as UTF-8")
    return data.decode(encoding), encoding


def _detected(data: bytes) -> str | None:
    """Return the likeliest encoding, among equals that of Western Europe, in which undeclared English is written."""
    matches = list(from_bytes(data, cp_isolation=list(_LEGACY), enable_fallback=False))
    equals = [match for match in matches if match.chaos <= matches[0].chaos]
    if any(_WESTERN in match.could_be_from_charset for match in equals):
        return _WESTERN
    return equals[0].encoding if equals else None


def _is_article(path: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return path.suffix.lower() == ".txt" and not hidden and path.is_file()
