"""A batch of sources is read to its end, whatever is wrong with some of them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from annotate.article import article_id
from annotate.corpus.catalogue import Catalogue
from annotate.corpus.ingest import Reading, documents_of, render_documents
from annotate.corpus.segmentation import Document, read_article
from annotate.corpus.store import to_lines, write_records
from annotate.errors import SourceError

TEXT = "He left. She stayed."


def read(*sources: Path | str, **given: Any) -> list[Document | SourceError]:
    return list(documents_of([str(source) for source in sources], **given))


def texts(documents: object) -> list[str]:
    assert isinstance(documents, list)
    return [s.text for document in documents if isinstance(document, Document) for s in document.sentences]


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_the_batch_goes_on_after_a_bad_source(tmp_path: Path) -> None:
    sources = [tmp_path / "missing", write(tmp_path / "a.txt", "\0"), write(tmp_path / "b.txt", TEXT)]
    first, second, third = read(*sources)
    assert isinstance(first, SourceError)
    assert isinstance(second, SourceError)
    assert isinstance(third, Document)


def test_a_text_read_twice_is_one_article_and_says_so(tmp_path: Path) -> None:
    notes: list[str] = []
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.txt", TEXT)
    assert texts(read(tmp_path, note=notes.append)) == ["He left.", "She stayed."]
    assert notes == [f"{tmp_path}/b.txt: same text as {tmp_path}/a.txt: left out"]


def test_a_detected_encoding_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    path = write(tmp_path / "a.txt", "The army said it won’t attack – not “now”.", "cp1252")
    read(path, note=notes.append)
    assert notes == [f"{path}: not UTF-8, read as cp1252"]


def test_a_sentence_file_keeps_uids_and_contexts(tmp_path: Path) -> None:
    sentences = read_article(TEXT).sentences
    write_records(tmp_path / "s.jsonl", sentences)
    assert read(tmp_path / "s.jsonl") == [Document(article=None, sentences=sentences)]


def test_sentences_read_before_are_left_out(tmp_path: Path) -> None:
    notes: list[str] = []
    write_records(tmp_path / "s.jsonl", read_article(TEXT).sentences)
    sources = [write(tmp_path / "a.txt", TEXT), tmp_path / "s.jsonl"]
    assert texts(read(*sources, note=notes.append)) == ["He left.", "She stayed."]
    assert notes == [f"{tmp_path}/s.jsonl: 2 sentences read before: left out"]


@pytest.mark.parametrize("content", [TEXT, "\n" + "".join(to_lines(read_article(TEXT).sentences))])
def test_standard_input_is_text_or_sentence_records(content: str) -> None:
    assert texts(read("-", standard_input=BytesIO(content.encode()))) == ["He left.", "She stayed."]


def test_a_broken_record_on_standard_input_is_named_by_its_line_and_those_before_it_are_kept() -> None:
    content = "".join(to_lines(read_article(TEXT).sentences)) + "{}\n"
    *kept, error = read("-", standard_input=BytesIO(content.encode()))
    assert texts(kept) == ["He left.", "She stayed."]
    assert str(error).startswith("standard input, line 3: ")


def test_lines_can_be_sentences(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "By Jane Doe\n\nHe left. She stayed.\n")
    assert texts(read(path, reading=Reading(lines=True))) == ["By Jane Doe", "He left. She stayed."]


def test_a_text_of_furniture_alone_is_noted(tmp_path: Path) -> None:
    notes: list[str] = []
    path = write(tmp_path / "a.txt", "By Jane Doe")
    assert read(path, note=notes.append) == []
    assert notes == [f"{path}: no sentence in it, furniture alone"]


def test_an_edited_article_keeps_the_uids_of_its_unchanged_sentences(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "He left. She stayed. It rained.")
    with Catalogue() as catalogue:
        (first,) = read(path, catalogue=catalogue)
        write(path, "He left early. She stayed. It rained.")
        (second,) = read(path, catalogue=catalogue)
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert [s.uid for s in second.sentences[1:]] == [s.uid for s in first.sentences[1:]]
    assert second.sentences[0].uid not in {s.uid for s in first.sentences}
    assert {s.article_id for s in second.sentences} == {s.article_id for s in first.sentences}


def test_the_text_that_an_article_had_before_its_edit_is_another_article(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT)
    with Catalogue() as catalogue:
        read(path, catalogue=catalogue)
        write(path, "He left. She stayed on.")
        documents = read(path, write(tmp_path / "old.txt", TEXT), catalogue=catalogue)
    uids = [s.uid for document in documents if isinstance(document, Document) for s in document.sentences]
    assert len(set(uids)) == len(uids) == 4


def test_a_renamed_article_is_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "He left.")
    with Catalogue() as catalogue:
        read(path, catalogue=catalogue)
        write(path, TEXT)
        (edited,) = read(path, catalogue=catalogue)
        (renamed,) = read(path.rename(tmp_path / "b.txt"), catalogue=catalogue)
    assert isinstance(edited, Document)
    assert isinstance(renamed, Document)
    assert renamed.sentences == edited.sentences


STORY = " ".join(f"The council met on day {day} and heard the {day % 7}th speaker on the harbour." for day in range(40))


def test_a_near_duplicate_is_reported(tmp_path: Path) -> None:
    notes: list[str] = []
    sources = [write(tmp_path / "a.txt", STORY), write(tmp_path / "b.txt", f"{STORY} It adjourned.")]
    assert len(read(*sources, note=notes.append, reading=Reading(near_duplicates="report"))) == 2
    assert [note.partition(" (")[0] for note in notes] == [f"{sources[1]}: nearly the same text as {sources[0]}"]


def test_a_near_duplicate_can_be_left_out(tmp_path: Path) -> None:
    sources = [write(tmp_path / "a.txt", STORY), write(tmp_path / "b.txt", f"{STORY} It adjourned.")]
    assert len(read(*sources, reading=Reading(near_duplicates="skip"))) == 1


def count_of(document: Document) -> str:
    return f"{len(document.sentences)} in {document.sentences[0].text}"


def test_several_processes_give_the_same_in_the_same_order(tmp_path: Path) -> None:
    for number in range(40):
        write(tmp_path / f"{number:02}.txt", f"Story {number} begins. It ends." if number % 9 else "\0")
    one, two = (list(map(str, render_documents([str(tmp_path)], count_of, Reading(jobs=jobs)))) for jobs in (1, 2))
    assert one == two
    assert len(one) == 40


def uids_of(documents: list[Document | SourceError]) -> dict[str, str]:
    return {s.text: s.uid for document in documents if isinstance(document, Document) for s in document.sentences}


def test_a_row_put_in_above_others_leaves_their_uids(tmp_path: Path) -> None:
    rows = [f"{name} left. {name} came back. {name} stayed." for name in ("Ann", "Ben", "Cem")]
    table = write(tmp_path / "t.csv", "\n".join(["text", *rows]))
    with Catalogue() as catalogue:
        before = uids_of(read(table, catalogue=catalogue))
        write(table, "\n".join(["text", "Zoe left. Zoe came back.", *rows]))
        after = uids_of(read(table, catalogue=catalogue))
    assert {text: after[text] for text in before} == before


def test_what_an_edited_article_was_is_remembered_over_another_way_of_reading(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "He left. She stayed.")
    with Catalogue() as catalogue:
        read(path, catalogue=catalogue)
        write(path, "It rained. He left. She stayed.")
        edited = uids_of(read(path, catalogue=catalogue))
        read(path, catalogue=catalogue, reading=Reading(lines=True))
        assert uids_of(read(path, catalogue=catalogue)) == edited


@pytest.mark.parametrize("jobs", [1, 2])
def test_rows_of_one_id_are_articles_of_their_own(tmp_path: Path, jobs: int) -> None:
    table = write(tmp_path / "t.csv", "id,text\n1,He left. She stayed.\n1,He left. She came.\n")
    with Catalogue() as catalogue:
        first, second = read(table, catalogue=catalogue, reading=Reading(jobs=jobs))
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert [d.sentences[0].article_id for d in (first, second)] == [
        article_id(text) for text in ("He left. She stayed.", "He left. She came.")
    ]


def test_half_a_character_and_a_deep_record_are_a_line_each(tmp_path: Path) -> None:
    lines = ['{"text": "He \\ud800 left."}', '{"text": "She stayed."}']
    good, bad = read(write(tmp_path / "t.jsonl", "\n".join(reversed(lines))))
    assert isinstance(good, Document)
    assert "half a character" in str(bad)
    (deep,) = read(write(tmp_path / "deep.jsonl", '{"text": ' + "[" * 5000 + "]" * 5000 + "}"))
    assert isinstance(deep, SourceError)
