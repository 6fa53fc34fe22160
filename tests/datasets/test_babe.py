"""BABE's words get their places, and its verdicts on sentences stay verdicts on sentences."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from corpora import DATA, TERM, marked, read, written

from annotate.annotation import Annotation
from annotate.datasets.babe import read_babe
from annotate.errors import SourceError

COMMON = ("text", "outlet", "label", "news_link", "biased_words")
RAW = ("text", "news_link", "label_bias", "biased_words", "annotator_id")


def table(path: Path, *rows: tuple[str, ...], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def common(tmp_path: Path, text: str, label: str, words: str, link: str = "https://a/1") -> Annotation:
    path = table(tmp_path / "train.csv", COMMON, (text, "Herald", label, link, words))
    (annotation,) = read(read_babe, path, TERM)
    return annotation


def test_words_found_once_are_marked_where_they_stand(tmp_path: Path) -> None:
    found = common(tmp_path, "🎉 The “rats”, vile rodents, won.", "1", "['rodents', '\"rats\"', 'vile']")
    assert marked(found) == ["rats", "vile rodents"]
    assert (found.annotator, found.origin, found.carries) == ("gold", "manual", {})


def test_words_are_read_as_numpy_writes_them(tmp_path: Path) -> None:
    found = common(tmp_path, "The vile rats weren't sorry.", "1", "['vile' 'rats'\n \"weren't\" 'sorry']")
    assert marked(found) == ["vile rats weren't sorry"]


@pytest.mark.parametrize("words", ["5", "'rats'", "['rats'", "['rats''vile']", "[rats]", "['\\x']"])
def test_what_is_no_list_of_words_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(SourceError, match=r"train\.csv, line 2: biased_words is no list of words"):
        common(tmp_path, "The vile rats won.", "1", words)


@pytest.mark.parametrize("words", ["['rats', 'vile']", "['mice', 'vile']", "['!']", "[]", ""])
def test_a_biased_sentence_whose_words_are_not_all_found_is_biased_at_an_unknown_place(
    tmp_path: Path, words: str
) -> None:
    found = common(tmp_path, "The vile rats saw rats.", "1", words)
    assert (found.answers, found.carries) == ({}, {"Loaded term": True})


def test_an_unbiased_sentence_without_words_has_none(tmp_path: Path) -> None:
    found = common(tmp_path, "They left.", "0", "[]")
    assert (found.answers, found.carries) == ({"terms": ()}, {})


@pytest.mark.parametrize("words", ["['left']", ""])
def test_of_the_words_of_an_unbiased_sentence_nothing_is_said_where_they_are_disputed_or_unknown(
    tmp_path: Path, words: str
) -> None:
    found = common(tmp_path, "They left.", "0", words)
    assert (found.answers, found.carries) == ({}, {"Loaded term": False})


def test_every_word_is_counted(tmp_path: Path) -> None:
    row = ("The vile rats saw rats.", "Herald", "1", "", "['vile', 'rats', 'mice']")
    counts: Counter[str] = Counter()
    list(read_babe(table(tmp_path / "train.csv", COMMON, row), TERM, counts))
    assert (counts["words found in one place"], counts["words found in several places"]) == (1, 1)
    assert (counts["words found nowhere"], counts["sentences with a word found in several places or nowhere"]) == (1, 1)


def test_sentences_of_one_address_are_of_one_article(tmp_path: Path) -> None:
    one, two = common(tmp_path, "They left.", "0", "[]"), common(tmp_path, "They won.", "0", "[]")
    other = common(tmp_path, "They won.", "0", "[]", link="")
    assert one.article_id == two.article_id != other.article_id


def test_each_annotator_has_a_record_of_the_same_sentence(tmp_path: Path) -> None:
    rows = [
        ("The vile rats won.", "https://a/1", "Biased", "vile rats, won", "3"),
        ("The vile rats won.", "https://a/1", "Non-biased", "", "11"),
        ("The vile rats won.", "https://a/1", "", "", "12"),
    ]
    first, second = read(read_babe, table(tmp_path / "raw.csv", RAW, *rows, delimiter=";"), TERM)
    assert (first.annotator, marked(first)) == ("user:babe-3", ["vile rats won"])
    assert (second.annotator, second.answers) == ("user:babe-11", {"terms": ()})
    assert first.uid == second.uid == common(tmp_path, "The vile rats won.", "1", "[]").uid


def test_a_folder_of_both_kinds_is_refused(tmp_path: Path) -> None:
    table(tmp_path / "raw.csv", RAW, ("They left.", "", "Biased", "", "3"))
    table(tmp_path / "train.csv", COMMON, ("They left.", "", "1", "", "['left']"))
    with pytest.raises(SourceError, match="name one of its files"):
        read(read_babe, tmp_path, TERM)


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no column 'news_link', so it is another file; it has text, label"):
        read(read_babe, written(tmp_path / "other.csv", "text,label\nIt ends.,1\n"), TERM)


@pytest.mark.skipif(not DATA.is_dir(), reason="no public corpora: ../shared is absent")
def test_the_spans_of_the_corpus_are_the_words_that_it_lists() -> None:
    path = DATA / "babe" / "babe_train_dev.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for annotation, row in zip(read(read_babe, path, TERM), rows, strict=True):
        assert annotation.says(*TERM) == (row["label"] == "1")
        words = {word.casefold().replace("’", "'") for span in marked(annotation) for word in span.split()}
        assert not {word for word in words if word.strip("“”,") not in row["biased_words"].casefold()}
