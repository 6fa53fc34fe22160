"""Sources of every kind: files, folders, pipes, packed files, and what users know of them."""

import errno
import gzip
import os
import pickle
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest

from annotate.article import Sentence
from annotate.corpus.readers.item import Item, SourceOptions
from annotate.corpus.readers.reading import record_lines
from annotate.corpus.readers.sources import items_of
from annotate.corpus.segmentation import read_article
from annotate.corpus.store import to_lines
from readers.webs import SENTENCE, page, read

RECORDS = "".join(to_lines(read_article("He left. She stayed.").sentences))


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(f"{name} {SENTENCE}")


def test_a_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/c.TXT", ".hidden.txt", ".git/d.txt", "e.md", "a/photo.PNG", "run.sh", "Makefile", "b.z")
    (tmp_path / "loop").symlink_to(tmp_path)
    batch = read(tmp_path)
    assert [item.name for item in batch.items] == [f"{tmp_path}/{name}" for name in ("a/c.TXT", "b.txt", "e.md")]
    assert batch.notes == [f"{tmp_path}: 4 files of other kinds left out: .png, .sh, .z, no ending"]


def test_a_link_to_itself_is_one_line_and_the_rest_of_the_folder_is_read(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "c.txt")
    (tmp_path / "b.txt").symlink_to("b.txt")
    batch = read(tmp_path)
    assert [item.name for item in batch.items] == [f"{tmp_path}/a.txt", f"{tmp_path}/c.txt"]
    assert batch.errors == [f"{tmp_path}/b.txt: cannot be read: {os.strerror(errno.ELOOP)}"]


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path, ".article.z")
    assert len(read(tmp_path / ".article.z").texts) == 1


def test_the_batch_goes_on_after_each_bad_source(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    (tmp_path / "empty").mkdir()
    batch = read("missing", tmp_path / "a.txt", tmp_path / "empty", "ftp://a.example/", tmp_path / "b.txt")
    assert len(batch.texts) == 2
    assert batch.errors == [
        "missing: does not exist; check the path",
        f"{tmp_path}/empty: no articles in this folder; put .txt or other articles there",
        "ftp://a.example/: only addresses that begin with http:// or https:// are fetched",
    ]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.gz", "a.html"])
def test_packed_files_are_unpacked_whatever_their_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(gzip.compress(page().encode()))
    assert read(tmp_path / name).texts[0].known.title == "Army Crosses River"


def test_damaged_and_exploding_packed_files_are_one_line_each(tmp_path: Path) -> None:
    whole = gzip.compress(os.urandom(1000).hex().encode())
    (tmp_path / "a.txt.gz").write_bytes(whole[:-20])
    (tmp_path / "b.txt.gz").write_bytes(whole[:100] + b"\xff" * 100 + whole[200:])
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(bytes(60_000_000).replace(b"\0", b"a")))
    (tmp_path / "d.txt.gz").write_bytes(gzip.compress(whole))
    assert [error.removeprefix(f"{tmp_path}/") for error in read(tmp_path).errors] == [
        "a.txt.gz: damaged gzip data, or cut off; fetch or copy it again",
        "b.txt.gz: damaged gzip data, or cut off; fetch or copy it again",
        "c.txt.gz: over 50 MB, too large for one article; split it",
        "d.txt.gz: packed with gzip twice, which is not read; save its text as .txt",
    ]


@pytest.mark.parametrize("content", [SENTENCE.encode(), page().encode(), gzip.compress(SENTENCE.encode())])
def test_standard_input_is_known_by_its_content(content: bytes) -> None:
    batch = read("-", standard_input=content)
    assert SENTENCE in batch.texts[0].text
    assert (batch.items[0].name, batch.items[0].key) == ("standard input", None)


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_text, args=[SENTENCE])
    writer.start()
    assert read(tmp_path / "pipe").texts[0].text == SENTENCE
    writer.join()


def test_sentence_records_are_left_to_who_knows_them(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_text("\n" + RECORDS)
    (tmp_path / "s.gz").write_bytes(gzip.compress(RECORDS.encode()))
    sources = [str(tmp_path / "s.jsonl"), str(tmp_path / "s.gz"), "-"]
    for item in items_of(sources, SourceOptions(), print, BytesIO(RECORDS.encode())):
        assert isinstance(item, Item)
        assert item.media == "sentences"
        sentences = [Sentence.model_validate_json(line) for _, line in record_lines(item)]
        assert "".join(to_lines(sentences)) == RECORDS


def test_a_side_file_overrides_markup_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(head='<meta property="og:site_name" content="The Daily">'))
    (tmp_path / "a.toml").write_text('title = "The Plan"\nauthor = "Jane Doe"\npublished = 2015-05-13\n')
    batch = read(tmp_path)
    known = batch.texts[0].known
    assert (known.title, known.author, known.published) == ("The Plan", "Jane Doe", "2015-05-13")
    assert known.found_in == dict.fromkeys(("title", "author", "published"), "side file") | {"outlet": "markup"}
    assert batch.notes == []


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("titel = 'A'", "no such key: 'titel'; there are title, outlet, author, published, url"),
        ("title = ", "not valid TOML"),
        ("published = 'May 13'", "published 'May 13' is not a date"),
        ("url = 'a.example'", "url 'a.example' is not an address"),
    ],
)
def test_a_bad_side_file_is_one_line(tmp_path: Path, toml: str, reason: str) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "a.toml").write_text(toml)
    (error,) = read(tmp_path).errors
    assert error.startswith(f"{tmp_path}/a.toml: {reason}")


def test_items_can_be_handed_to_another_process(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    (tmp_path / "a.toml").write_text('title = "The Plan"')
    batch = read(tmp_path)
    assert pickle.loads(pickle.dumps((batch.items, batch.texts))) == (batch.items, batch.texts)


def test_a_plain_text_is_read_without_the_libraries_of_other_formats(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    code = f"""
import sys
from annotate.corpus.readers.item import SourceOptions
from annotate.corpus.readers.reading import read_item
from annotate.corpus.readers.sources import items_of
(item,) = items_of([{str(tmp_path / "a.txt")!r}], SourceOptions(), print)
assert read_item(item).text
heavy = {{"trafilatura", "pyarrow", "pypdf", "docx", "lxml", "warcio", "feedparser", "urllib3", "markdown_it"}}
print(sorted(heavy & sys.modules.keys()))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
