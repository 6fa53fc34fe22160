"""Corpora with a verdict on each sentence, and the tables they are in."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import CLAIM, PREDICTION, TERM, read, written

from annotate.datasets.anno_lexical import read_anno_lexical
from annotate.datasets.files import read_tables
from annotate.datasets.future_tense import read_future_tense
from annotate.datasets.newssd import read_newssd
from annotate.errors import SourceError

FUTURE = 'statement|future|source\n"Rats" will win.|yes|Herald \nRats won.|no|Herald\nRats may lose.|yes|\n'


def test_statements_about_the_future_are_predictions_and_say_nothing_of_claims(tmp_path: Path) -> None:
    found = read(read_future_tense, written(tmp_path / "future.csv", FUTURE), PREDICTION)
    assert [record.text for record in found] == ['"Rats" will win.', "Rats won.", "Rats may lose."]
    assert [record.carries for record in found] == [{"Prediction": said} for said in (True, False, True)]
    assert not any(record.answers for record in found)


def test_a_source_is_an_article(tmp_path: Path) -> None:
    first, second, unnamed = read(read_future_tense, written(tmp_path / "future.csv", FUTURE), PREDICTION)
    assert first.article_id == second.article_id != unnamed.article_id


def test_verdicts_of_language_models_are_drafts_on_sentences(tmp_path: Path) -> None:
    columns = {"text": ["Vile rats!", "Rats."], "source_name": ["herald", "herald"], "label": [1, 0]}
    pq.write_table(pa.table(columns), tmp_path / "train.parquet")
    first, second = read(read_anno_lexical, tmp_path, TERM)
    assert (first.annotator, first.origin) == ("model:anno-lexical", "draft")
    assert (first.answers, first.carries, second.carries) == ({}, {"Loaded term": True}, {"Loaded term": False})
    assert first.article_id == second.article_id


def test_opinions_are_no_claims_and_of_the_rest_nothing_is_said(tmp_path: Path) -> None:
    text = 'Sentence,Label,Solved conflict\n"Rats are vile, all.\n",SUBJ,False\nRats won.,OBJ,True\n'
    counts: Counter[str] = Counter()
    (found,) = read_newssd(written(tmp_path / "train.csv", text), CLAIM, counts)
    assert (found.text, found.carries) == ("Rats are vile, all.", {"Unsourced claim": False})
    assert counts["objective sentences left out"] == 1


def test_rows_without_a_sentence_or_a_verdict_are_counted(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    path = written(tmp_path / "train.csv", "Sentence,Label\n ,SUBJ\nRats.,\n\nVile rats!,subj\n")
    assert [record.text for record in read_newssd(path, CLAIM, counts)] == ["Vile rats!"]
    assert counts["rows left out without a sentence or a verdict"] == 2


@pytest.mark.parametrize("text", ["\ufeffa,b\r\nx,1\r\n", "a;b\nx;1\n", "a\tb\nx\t1", 'a,b\n"x",1\n'])
def test_a_table_is_read_whatever_separates_its_columns(tmp_path: Path, text: str) -> None:
    (table,) = read_tables(written(tmp_path / "a.csv", text))
    assert [row.values for row in table.rows] == [{"a": "x", "b": "1"}]


def test_a_line_separator_inside_a_sentence_ends_no_row(tmp_path: Path) -> None:
    (table,) = read_tables(written(tmp_path / "a.csv", "a,b\nx\u2028y\x85z,1\n"))
    assert [row.values["a"] for row in table.rows] == ["x\u2028y\x85z"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "not a table"),
        (b"One morning, rats\n\nThey won.\n", "line 3: has 1 values for 2 columns"),
        (b"a,b\nx,1,2\n", "line 2: has 3 values for 2 columns"),
        (b'a,b\n"x"y,1\n', "line 2: not a table of commas and quotation marks"),
        (b'a,b\n"x,1\n', "not a table of commas and quotation marks"),
        ("a,b\ncafé,1\n".encode("latin-1"), "not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not UTF-8"),
        (b"PAR1 is not enough", "a damaged Parquet file"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, data: bytes, fault: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=fault) as refused:
        list(read_tables(path))
    assert "\n" not in str(refused.value)


def test_a_path_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="does not exist"):
        read_tables(tmp_path / "nowhere")
    with pytest.raises(SourceError, match=r"cannot be read: File name too long$"):
        read_tables(tmp_path / ("long" * 100))
    with pytest.raises(SourceError, match="no CSV or Parquet file"):
        read_tables(tmp_path)
