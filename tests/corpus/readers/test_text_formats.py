"""Text files are exact; Markdown loses its markup."""

from pathlib import Path

import pytest

from annotate.corpus.readers.decoding import decode
from readers.webs import SENTENCE, read

ENGLISH = "The army said it won’t attack – not “now”. Naïve café prices: €5."


def test_text_is_kept_as_it_is_with_its_line_endings_and_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffOne.\r\nTwo.\rThree.\n"
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode("utf-8"))
    batch = read(path)
    assert (batch.texts[0].text, batch.texts[0].encoding, batch.texts[0].notes) == (text, "utf-8", ())
    assert batch.items[0].key == str(path)


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
def test_other_encodings_are_detected_and_noted(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    (found,) = read(path).texts
    assert (found.text, found.notes) == (text, (f"{path}: not UTF-8, read as {encoding}",))


def test_what_is_declared_counts_where_it_can_be_true() -> None:
    assert decode("Łódź".encode("iso-8859-2"), "a", "iso-8859-2").text == "Łódź"
    assert decode("“now”".encode("cp1252"), "a", "iso-8859-1").text == "“now”"
    assert decode(ENGLISH.encode("cp1252"), "a", "no-such-encoding").text == ENGLISH


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"PK\x03\x04 docx", "ZIP"),
        (b"{\\rtf1 text", "RTF"),
        (b"text\0text", "binary"),
        (b"\x01\x02\x03 text", "binary"),
        (bytes(range(128, 256)) * 4, "encoding"),
        (b"\xff\xfea", "damaged"),
        (b"", "empty"),
        (b"\xef\xbb\xbf \n\t", "empty"),
        (b"<?xml version='1.0'?><urlset/>", "XML"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line_that_names_the_file(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    (error,) = read(path).errors
    assert error.startswith(f"{path}: ")
    assert reason in error
    assert "; " in error


def test_a_text_of_200_mb_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.write(b"Text. " * 20_000)
        file.truncate(200_000_000)
    assert read(path).errors == [f"{path}: over 50 MB, too large for one article; split it"]


MARKDOWN = f"""---
title: "The Harbour Plan"
date: 2015-05-13
tags: [a, b]
---
The *Harbour* Plan
==================

{SENTENCE.replace(" that its", chr(10) + "that its")} See [the plan](https://a.example/plan).

![A picture](a.png)

    code()

```python
more_code()
```

- One &amp; only
- Two<br>three

| a | b |
|---|---|
| 1 | 2 |
"""


def test_markdown_gives_its_text_without_markup_code_and_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(MARKDOWN)
    (text,) = read(tmp_path / "a.md").texts
    lines = ["The Harbour Plan", f"{SENTENCE} See the plan.", "One & only", "Two", "three"]
    assert text.text.split("\n") == lines
    assert text.known.model_dump(exclude_none=True) == {
        "title": "The Harbour Plan",
        "published": "2015-05-13",
        "found_in": {"title": "markup", "published": "markup"},
    }


def test_a_rule_at_the_top_of_a_text_is_no_front_matter(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\n\nOne.\n\nTwo.\n")
    assert read(tmp_path / "a.md").texts[0].text == "One.\nTwo."


def test_markdown_may_begin_with_a_tag(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("<p align=center>One</p>\n\n**Two.**\n")
    assert read(tmp_path / "a.md").texts[0].text == "One\nTwo."


@pytest.mark.parametrize("section", ["<![foo[x]]>", "<![ x >"])
def test_markup_that_is_no_html_is_a_comment(tmp_path: Path, section: str) -> None:
    (tmp_path / "a.md").write_text(f"<p>One {section}two.</p>\n")
    assert read(tmp_path / "a.md").texts[0].text == "One two."
