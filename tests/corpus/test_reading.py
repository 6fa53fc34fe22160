"""Text files are read exactly as they are, and what is no text is refused."""

from pathlib import Path

import pytest

from annotate.corpus.reading import article_files, decode, read_text
from annotate.errors import SourceError

ENGLISH = "The army said it won’t attack – not “now”. Naïve café prices: €5."


def test_text_is_kept_as_it_is_with_its_line_endings_and_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffOne.\r\nTwo.\rThree.\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("utf-8"))
    assert read_text(path) == (str(path), text, "utf-8")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8"])
def test_unicode_is_known_by_its_byte_order_mark(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding), "a").text.lstrip("\ufeff") == ENGLISH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        ("El presidente anunció que la operación terminó ayer. ¿Qué pasará mañana?", "cp1252"),
        ("Русская армия выиграла битву. Это важно для всех нас.", "cp1251"),
        ("Przegląd zażółć gęślą jaźń. Polska armia wygrała bitwę pod Grunwaldem.", "cp1250"),
        ("中文新聞：軍隊贏得了這場戰鬥。這很重要。", "big5"),
    ],
)
def test_other_encodings_are_detected_and_named(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a")[1:] == (text, encoding)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"%PDF-1.7 text", "PDF"),
        (b"PK\x03\x04 docx", "ZIP"),
        (b"text\0text", "binary"),
        (b"\x01\x02\x03 text", "binary"),
        (bytes(range(128, 256)) * 4, "encoding"),
        (b"\xff\xfea", "damaged"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\t", "empty"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line_that_names_the_file(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=rf"^a\.txt: .*{reason}.*; .+$"):
        decode(data, "a.txt")


def test_a_folder_gives_its_text_files_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.TXT", ".hidden.txt", ".git/d.txt", "e.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Text.")
    assert article_files(tmp_path) == [tmp_path / "a/c.TXT", tmp_path / "b.txt"]


def test_a_file_is_taken_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / ".article.md"
    path.write_text("Text.")
    assert article_files(path) == [path]


def test_a_path_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no articles in this folder"):
        article_files(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        article_files(tmp_path / "missing")
