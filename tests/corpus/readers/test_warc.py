"""WARC files give the pages in them, and those before the damage where they are damaged."""

import gzip
from pathlib import Path

import pytest

from readers.webs import PARAGRAPHS, page, read


def record(url: str, body: bytes, kind: str = "text/html", status: str = "200 OK", more: str = "") -> bytes:
    """Write a record by the standard (ISO 28500, 5 and annex B), and not with the library that reads it."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2015-05-13T10:30:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:16da6da0-bcdc-49c3-927e-57494593bbbb>\r\n"
        f"WARC-Target-URI: {url}\r\nContent-Type: application/http;msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def write(path: Path, pages: int = 3) -> Path:
    """Write an archive of pages that differ, among what a crawl also gets."""
    records = [
        b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 12\r\n\r\nsoftware: a\n\r\n\r\n",
        record("http://daily.example/a.png", b"\x89PNG", "image/png"),
        record("http://daily.example/old", b"moved", status="301 Moved"),
        *(
            record(f"http://daily.example/{n}", page(*PARAGRAPHS, f"{n} soldiers fell. " * 20).encode())
            for n in range(pages)
        ),
    ]
    path.write_bytes(b"".join(map(gzip.compress, records) if path.suffix == ".gz" else records))
    return path


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_pages_are_read_and_the_rest_is_counted(tmp_path: Path, name: str) -> None:
    batch = read(path := write(tmp_path / name))
    assert [text.known.url for text in batch.texts] == [f"http://daily.example/{n}" for n in range(3)]
    assert batch.texts[0].text.split("\n")[1:4] == PARAGRAPHS
    assert batch.texts[0].known.found_in == {"title": "markup", "url": "WARC record"}
    assert batch.items[2].key == f"{path}#http://daily.example/2"
    assert (batch.errors, batch.notes) == ([], [f"{path}: 2 records without an article left out"])


def test_packed_bodies_are_unpacked(tmp_path: Path) -> None:
    body = gzip.compress(page().encode())
    (tmp_path / "a.warc").write_bytes(record("http://a.example/", body, more="Content-Encoding: gzip\r\n"))
    assert read(tmp_path / "a.warc").texts[0].text.split("\n")[1:] == PARAGRAPHS


def test_a_body_that_is_not_packed_as_it_says_spoils_only_itself(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(page(*(f"{n} soldiers fell." for n in range(9999))).encode()))
    packed[9000:9100] = b"\xff" * 100
    says_so = "Content-Encoding: gzip\r\n"
    bodies = [bytes(packed), bytes(packed[:9000]), page().encode(), b"\x1f\x8b broken"]
    records = [record(f"http://a.example/{n}", body, more=says_so) for n, body in enumerate(bodies)]
    (tmp_path / "a.warc").write_bytes(b"".join([*records, record("http://a.example/last", page().encode())]))
    batch = read(tmp_path / "a.warc")
    assert batch.texts[-1].known.url == "http://a.example/last"
    assert not any("cut off" in error for error in batch.errors)


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
@pytest.mark.parametrize("cut", [60, 400])
def test_what_stands_before_a_cut_is_read(
    tmp_path: Path, name: str, cut: int, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / name, pages=20)
    path.write_bytes(path.read_bytes()[: -cut - 4])  # the last record ends with two line breaks
    batch = read(path)
    assert [text.known.url for text in batch.texts] == [f"http://daily.example/{n}" for n in range(19)]
    assert [error.partition(":")[0] for error in batch.errors] == [str(path)]
    assert "damaged or cut off" in batch.errors[0]
    assert capfd.readouterr() == ("", "")


def test_a_file_damaged_in_the_middle_is_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "crawl.warc.gz", pages=10)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = b"\xff" * 200
    path.write_bytes(data)
    batch = read(path)
    assert 0 < len(batch.texts) < 10
    assert len(batch.errors) == 1
    assert capfd.readouterr() == ("", "")
