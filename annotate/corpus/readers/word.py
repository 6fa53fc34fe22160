"""Word documents (.docx) to lines, and their properties."""

import io
import lzma
import zipfile
import zlib

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.xmlchemy import BaseOxmlElement
from lxml.etree import LxmlError

from annotate.corpus.readers.item import LARGEST_ARTICLE, RawText, too_large
from annotate.corpus.readers.known import Known, known_from
from annotate.errors import SourceError

# Paragraphs of the running text: those of tables and text boxes are none.
_PARAGRAPHS = ".//w:p[not(ancestor::w:tbl) and not(ancestor::w:txbxContent)]"
# Tracked insertions are text, and so is what stands in links; what was moved away is not. Deletions are no `w:t`.
_PIECES = (
    "(.//w:t | .//w:tab | .//w:br | .//w:noBreakHyphen)[not(ancestor::w:moveFrom) and not(ancestor::w:txbxContent)]"
)
_MARKS = {"noBreakHyphen": "-"}
# A damaged archive or tree leads its readers to whatever they then stumble over.
_DAMAGE = (
    *(OpcError, LxmlError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError),
)
# What programs put where nobody has written anything.
_PLACEHOLDERS = frozenset({"python-docx", "Word Document"})


def read_word(name: str, data: bytes) -> RawText:
    """Read the paragraphs of a document, a line each; title and author are its properties.

    Raises:
        SourceError: It is another kind of archive, damaged, protected by a password, or would unpack to too much.
    """
    _check_archive(data, name)
    try:
        document = docx.Document(io.BytesIO(data))
        lines = [_line(paragraph) for paragraph in document.element.body.xpath(_PARAGRAPHS)]
        properties = document.core_properties
        stated = {"title": properties.title, "author": properties.author}
    except _DAMAGE as error:
        raise SourceError(f"{name}: a damaged Word document; save it again, or its text as .txt") from error
    text = "\n".join(line for line in lines if line)
    if not text:
        raise SourceError(f"{name}: no running text in this document; save its text as .txt")
    return RawText(name, text, _known(stated))


def _check_archive(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise SourceError(f"{name}: a damaged ZIP archive or Word document; copy it again") from error
    if not any(part.filename == "word/document.xml" for part in parts):
        raise SourceError(f"{name}: a ZIP archive or office document other than .docx; save its text as .txt")
    # No part unpacks to more than it declares: zipfile stops there.
    if sum(part.file_size for part in parts) > LARGEST_ARTICLE:
        raise too_large(name)


def _line(paragraph: BaseOxmlElement) -> str:
    return " ".join("".join(map(_text_of, paragraph.xpath(_PIECES))).split())


def _text_of(piece: BaseOxmlElement) -> str:
    tag = piece.tag.rpartition("}")[2]
    return piece.text or "" if tag == "t" else _MARKS.get(tag, " ")


def _known(stated: dict[str, str]) -> Known:
    values = {field: value for field, value in stated.items() if value not in _PLACEHOLDERS}
    return known_from(values, "document properties").known
