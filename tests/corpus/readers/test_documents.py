"""PDF and Word documents give their paragraphs, and say in one line why they do not."""

import io
import zipfile
from html import escape
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from pypdf import PdfWriter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from readers.webs import PARAGRAPHS, read

STYLES = getSampleStyleSheet()
# Unlike one another, so that nothing can be mixed up; long, so that they run over columns and pages.
PEOPLE = ("Anna", "Boris", "Clara", "Dimitri", "Elena", "Farid", "Greta", "Hassan", "Irina")
TOWNS = ("Aleppo", "Beirut", "Cairo", "Damascus", "Erbil", "Fallujah", "Gaza", "Homs", "Idlib", "Jaffa", "Kirkuk")
LONG = [" ".join(f"{person} went to {town}, which had not been foreseen." for town in TOWNS) for person in PEOPLE]


def make_pdf(path: Path, paragraphs: list[str], columns: int = 1, **properties: str) -> Path:
    """Print a headline and justified paragraphs in columns, with a running head and a page number."""
    width = 500 // columns
    document = BaseDocTemplate(str(path), pagesize=(600, 800), **properties)

    def head(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.drawString(50, 770, f"The Daily Planet, page {template.page}")

    frames = [Frame(50 + n * width, 50, width, 700) for n in range(columns)]
    document.addPageTemplates([PageTemplate(frames=frames, onPage=head)])
    STYLES["BodyText"].alignment = 4
    title = Paragraph("A Headline That Is Long Enough to Need Two Lines Even in One Column", STYLES["Title"])
    document.build([title, *(Paragraph(escape(text), STYLES["BodyText"]) for text in paragraphs)])
    return path


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_and_pages_are_put_together_to_paragraphs(tmp_path: Path, columns: int) -> None:
    (text,) = read(make_pdf(tmp_path / "a.pdf", LONG, columns)).texts
    headline = "A Headline That Is Long Enough to Need Two Lines Even in One Column"
    assert text.text.split("\n") == [headline, *LONG]


def test_words_divided_at_the_end_of_a_line_are_put_together(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    lines = [
        "The well-known army said that it would at-",
        "tack before winter, in a well-",
        "known way, at Bad-",
        "Homburg.",
    ]
    for at, line in enumerate(lines):
        canvas.drawString(50, 700 - 14 * at, line)
    canvas.save()
    expected = "The well-known army said that it would attack before winter, in a well-known way, at Bad- Homburg."
    assert read(tmp_path / "a.pdf").texts[0].text == expected


def test_properties_of_a_pdf_are_metadata(tmp_path: Path) -> None:
    (text,) = read(make_pdf(tmp_path / "a.pdf", PARAGRAPHS, title="The Plan", author="Jane Doe")).texts
    assert (text.known.title, text.known.author, text.known.published) == ("The Plan", "Jane Doe", None)
    (text,) = read(make_pdf(tmp_path / "b.pdf", PARAGRAPHS)).texts
    assert text.known.found_in == {}


def test_an_encrypted_pdf_is_one_line_and_one_without_a_password_is_read(tmp_path: Path) -> None:
    make_pdf(tmp_path / "a.pdf", LONG[:2])
    for name, password in (("b.pdf", "secret"), ("c.pdf", "")):
        writer = PdfWriter(clone_from=tmp_path / "a.pdf")
        writer.encrypt(password, owner_password="owner", algorithm="AES-256")
        writer.write(tmp_path / name)
    batch = read(tmp_path / "b.pdf", tmp_path / "c.pdf")
    assert batch.errors == [f"{tmp_path}/b.pdf: an encrypted PDF; save a copy without a password"]
    assert batch.texts[0].text.split("\n")[-2:] == LONG[:2]


def test_a_scanned_pdf_is_one_line(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"))
    canvas.rect(50, 50, 100, 100, fill=1)
    canvas.save()
    (error,) = read(tmp_path / "a.pdf").errors
    assert error.startswith(f"{tmp_path}/a.pdf: a PDF without text, perhaps a scan")


def test_damaged_documents_are_one_line_each(tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "a.pdf", PARAGRAPHS).read_bytes()
    (tmp_path / "a.pdf").write_bytes(pdf[: len(pdf) // 3])
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    write_docx(tmp_path / "c.docx", PARAGRAPHS)
    (tmp_path / "c.docx").write_bytes((tmp_path / "c.docx").read_bytes()[:-100])
    batch = read(tmp_path)
    assert [error.partition(": ")[0] for error in batch.errors] == [
        f"{tmp_path}/{n}" for n in ("a.pdf", "b.pdf", "c.docx")
    ]


def write_docx(path: Path, paragraphs: list[str], **properties: str) -> None:
    document = docx.Document()
    for name, value in properties.items():
        setattr(document.core_properties, name, value)
    document.add_heading("The Harbour Plan", level=1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_table(1, 1).cell(0, 0).text = "12 %"
    document.save(str(path))


def test_a_word_document_gives_its_headings_and_paragraphs(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", [*PARAGRAPHS, " ", "One\nline"], title="The Plan", author="Jane Doe")
    (text,) = read(tmp_path / "a.docx").texts
    assert text.text.split("\n") == ["The Harbour Plan", *PARAGRAPHS, "One line"]
    assert (text.known.title, text.known.author) == ("The Plan", "Jane Doe")
    assert text.known.found_in == {"title": "document properties", "author": "document properties"}


def test_a_new_word_document_knows_nothing_of_itself(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", PARAGRAPHS)
    assert read(tmp_path / "a.docx").texts[0].known.found_in == {}


def test_tracked_insertions_are_text_and_deletions_are_not(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("He left")
    for tag, inner in (("ins", '<w:t xml:space="preserve"> the</w:t>'), ("del", "<w:delText> a</w:delText>")):
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        xml = f"<w:{tag} {space}><w:r>{inner}</w:r></w:{tag}>"
        paragraph._p.append(parse_xml(xml))
    paragraph.add_run(" town.")
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx").texts[0].text == "He left the town."


def test_a_word_document_that_would_unpack_to_too_much_is_refused(tmp_path: Path) -> None:
    write_docx(tmp_path / "a.docx", PARAGRAPHS)
    with zipfile.ZipFile(tmp_path / "a.docx", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/bomb.bin", bytes(60_000_000))
    assert (tmp_path / "a.docx").stat().st_size < 1_000_000
    assert read(tmp_path / "a.docx").errors == [f"{tmp_path}/a.docx: over 50 MB, too large for one article; split it"]


def test_another_archive_is_no_word_document(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "a.docx").write_bytes(buffer.getvalue())
    (error,) = read(tmp_path / "a.docx").errors
    assert "other than .docx" in error


def rewritten(path: Path, name: str, data: bytes) -> bytes:
    """Return a document with another part in the place of one."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(buffer, "w") as other:
        for part in archive.infolist():
            other.writestr(part, data if part.filename == name else archive.read(part))
    return buffer.getvalue()


def in_directory(data: bytes, at: int, field: bytes) -> bytes:
    """Return an archive with another value at a place of the first entry of its directory (APPNOTE.TXT, 4.3.12)."""
    start = data.index(b"PK\1\2") + at
    return data[:start] + field + data[start + len(field) :]


def test_a_broken_word_document_is_one_line_whatever_is_broken(tmp_path: Path) -> None:
    write_docx(tmp_path / "whole.docx", PARAGRAPHS)
    whole = (tmp_path / "whole.docx").read_bytes()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    content = whole.index(b"[Content_Types].xml") + 40
    broken = {
        "body": rewritten(tmp_path / "whole.docx", "word/document.xml", f'<w:document xmlns:w="{space}"/>'.encode()),
        "core": rewritten(tmp_path / "whole.docx", "docProps/core.xml", b"<odd/>"),
        "locked": in_directory(whole, 8, b"\1\0"),
        "method": in_directory(whole, 10, b"\x63\0"),
        "flipped": whole[:content]
        + bytes(255 - byte for byte in whole[content : content + 50])
        + whole[content + 50 :],
    }
    for name, data in broken.items():
        (tmp_path / f"{name}.docx").write_bytes(data)
    batch = read(*(tmp_path / f"{name}.docx" for name in broken))
    assert batch.errors == [
        f"{tmp_path}/{name}.docx: a damaged Word document; save it again, or its text as .txt" for name in broken
    ]
