"""A batch of sources is read to its end, whatever is wrong with some of them."""

from io import BytesIO
from pathlib import Path

import pytest

from annotate.corpus.ingest import STANDARD_INPUT, Reading, documents_of
from annotate.corpus.segmentation import Document, read_article
from annotate.corpus.store import to_lines, write_records
from annotate.errors import SourceError

TEXT = "He left. She stayed."


def texts(documents: object) -> list[str]:
    assert isinstance(documents, list)
    return [s.text for document in documents if isinstance(document, Document) for s in document.sentences]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_the_batch_goes_on_after_a_bad_source(tmp_path: Path) -> None:
    sources = [tmp_path / "missing", write(tmp_path / "a.txt", "\0"), write(tmp_path / "b.txt", TEXT)]
    first, second, third = documents_of(sources)
    assert isinstance(first, SourceError)
    assert isinstance(second, SourceError)
    assert isinstance(third, Document)


def test_a_text_read_twice_is_one_article_and_says_so(tmp_path: Path) -> None:
    notes: list[str] = []
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.txt", TEXT)
    assert texts(list(documents_of([tmp_path], note=notes.append))) == ["He left.", "She stayed."]
    assert notes == [f"{tmp_path}/b.txt: same text as {tmp_path}/a.txt: left out"]


def test_a_detected_encoding_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    path = write(tmp_path / "a.txt", "The army said it won’t attack – not “now”.", "cp1252")
    list(documents_of([path], note=notes.append))
    assert notes == [f"{path}: not UTF-8, read as cp1252"]


def test_a_sentence_file_keeps_uids_and_contexts(tmp_path: Path) -> None:
    sentences = read_article(TEXT).sentences
    write_records(tmp_path / "s.jsonl", sentences)
    assert list(documents_of([tmp_path / "s.jsonl"])) == [Document(article=None, sentences=sentences)]


def test_sentences_read_before_are_left_out(tmp_path: Path) -> None:
    notes: list[str] = []
    write_records(tmp_path / "s.jsonl", read_article(TEXT).sentences)
    sources = [write(tmp_path / "a.txt", TEXT), tmp_path / "s.jsonl"]
    assert texts(list(documents_of(sources, note=notes.append))) == ["He left.", "She stayed."]
    assert notes == [f"{tmp_path}/s.jsonl: 2 sentences were read before: left out"]


@pytest.mark.parametrize("content", [TEXT, "\n" + "".join(to_lines(read_article(TEXT).sentences))])
def test_standard_input_is_text_or_sentence_records(content: str) -> None:
    read = list(documents_of([STANDARD_INPUT], standard_input=BytesIO(content.encode())))
    assert texts(read) == ["He left.", "She stayed."]


def test_a_broken_record_on_standard_input_is_named_by_its_line() -> None:
    content = "".join(to_lines(read_article(TEXT).sentences)) + "{}\n"
    (error,) = documents_of([STANDARD_INPUT], standard_input=BytesIO(content.encode()))
    assert str(error).startswith("standard input, line 3: ")


def test_lines_can_be_sentences(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "By Jane Doe\n\nHe left. She stayed.\n")
    assert texts(list(documents_of([path], Reading(lines=True)))) == ["By Jane Doe", "He left. She stayed."]


def test_a_text_of_furniture_alone_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    path = write(tmp_path / "a.txt", "By Jane Doe")
    assert list(documents_of([path], note=notes.append)) == []
    assert notes == [f"{path}: no sentence in it, furniture alone"]
