"""PDF documents to paragraphs, a line each, and their properties."""

import io
import logging
import zlib
from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from annotate.corpus.readers.item import RawText
from annotate.corpus.readers.known import NOTHING, Known, known_from
from annotate.corpus.readers.print_lines import PrintLine, paragraphs_of
from annotate.errors import SourceError

Matrix = Sequence[float]

# A damaged file leads pypdf to whatever its parsing then stumbles over.
_DAMAGE = (
    *(PyPdfError, zlib.error, ArithmeticError, AssertionError, AttributeError, LookupError),
    *(NotImplementedError, OSError, RecursionError, TypeError, ValueError),
)
# What programs write where nobody has.
_PLACEHOLDERS = frozenset({"untitled", "anonymous", "unknown", "(anonymous)", "(unspecified)"})


def read_pdf(name: str, data: bytes) -> RawText:
    """Read the paragraphs of a PDF in the order in which its pages print them; title and author are its properties.

    Raises:
        SourceError: It is encrypted, damaged, or has no text, as a scan.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs every blemish that it gets over
    try:
        reader = PdfReader(io.BytesIO(data))
        is_locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if is_locked else [_lines(page) for page in reader.pages]
        known = NOTHING if is_locked else _known(reader.metadata or {})
    except DependencyError as error:
        raise _locked(name) from error
    except _DAMAGE as error:
        raise SourceError(f"{name}: a damaged PDF; save its text as .txt") from error
    if is_locked:
        raise _locked(name)
    text = "\n".join(paragraphs_of(pages))
    if not text:
        raise SourceError(f"{name}: a PDF without text, perhaps a scan; run text recognition (OCR) on it first")
    return RawText(name, text, known)


def _locked(name: str) -> SourceError:
    return SourceError(f"{name}: an encrypted PDF; save a copy without a password")


def _lines(page: PageObject) -> list[PrintLine]:
    """Return a page's lines in the order in which they are printed."""
    lines: list[PrintLine] = []
    is_open = False

    def visit(text: str, outer: Matrix, inner: Matrix, _: object, size: float) -> None:
        nonlocal is_open
        for at, part in enumerate(text.split("\n")):
            is_open = is_open and at == 0
            if is_open:
                lines[-1] = lines[-1]._replace(text=lines[-1].text + part)
            elif part.strip():
                lines.append(_placed(part, outer, inner, size))
                is_open = True

    page.extract_text(visitor_text=visit)
    return lines


def _placed(text: str, outer: Matrix, inner: Matrix, size: float) -> PrintLine:
    """Place text by its own transformation and the one around it, both as in PDF 32000-1:2008, 8.3.3."""
    x, y = inner[4], inner[5]
    scale = hypot(inner[2], inner[3]) * hypot(outer[2], outer[3])
    return PrintLine(text, x * outer[0] + y * outer[2] + outer[4], x * outer[1] + y * outer[3] + outer[5], size * scale)


def _known(properties: Mapping[str, Any]) -> Known:
    values = {field: str(properties.get(f"/{field.capitalize()}") or "") for field in ("title", "author")}
    stated = {field: value for field, value in values.items() if not _is_placeholder(value)}
    return known_from(stated, "document properties").known


def _is_placeholder(value: str) -> bool:
    # Word writes "Microsoft Word - report.doc" as the title of what it prints.
    return value.strip().casefold() in _PLACEHOLDERS or value.startswith("Microsoft Word - ")
