"""Tables give a row as an article, with what their columns say of it."""

import csv
import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotate.corpus.readers.item import SourceOptions
from readers.webs import PARAGRAPHS, read

ROWS: list[dict[str, object]] = [
    {"id": "a1", "text": "He left.\nShe, “his” wife, stayed.", "headline": "One", "source": "The Planet", "n": 1},
    {"id": "a2", "text": PARAGRAPHS[0], "headline": "Two", "source": "", "n": 2},
]


def write_csv(
    path: Path, rows: Sequence[Mapping[str, object]] = ROWS, delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_jsonl(path: Path, rows: Sequence[Mapping[str, object]] = ROWS) -> Path:
    path.write_text("\n" + "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: Sequence[Mapping[str, object]] = ROWS) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path


@pytest.mark.parametrize(
    ("write", "name"), [(write_csv, "t.csv"), (write_jsonl, "t.jsonl"), (write_parquet, "t.parquet")]
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_kind_of_table_gives_the_same_articles(tmp_path: Path, write: object, name: str, packed: bool) -> None:
    assert callable(write)
    path = write(tmp_path / name)
    if packed:
        path = path.with_name(f"{name}.gz")
        path.write_bytes(gzip.compress((tmp_path / name).read_bytes()))
    batch = read(path)
    assert [text.text for text in batch.texts] == [row["text"] for row in ROWS]
    assert [item.key for item in batch.items] == [f"{path}#a1", f"{path}#a2"]
    first, second = (text.known for text in batch.texts)
    assert (first.title, first.outlet, first.author) == ("One", "The Planet", None)
    assert first.found_in == {"title": "column headline", "outlet": "column source"}
    assert second.outlet is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_is_read_as_spreadsheets_write_it(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = write_csv(tmp_path / "t.csv", ROWS, delimiter, encoding)
    assert [text.text for text in read(path).texts] == [row["text"] for row in ROWS]


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [{"text": "no", "body": PARAGRAPHS[0], "by": "Jane Doe", "title": "T"}])
    options = SourceOptions(text_column="body", columns={"author": "by", "id": "by"})
    batch = read(path, options=options)
    assert batch.texts[0].text == PARAGRAPHS[0]
    assert (batch.texts[0].known.author, batch.items[0].key) == ("Jane Doe", f"{path}#Jane Doe")


def test_a_column_without_a_name_is_no_id(tmp_path: Path) -> None:
    rows = [{"": n, "text": text, "url": f"https://a.example/{n}"} for n, text in enumerate(PARAGRAPHS)]
    path = write_csv(tmp_path / "t.csv", rows)
    assert [item.key for item in read(path).items] == [f"{path}#https://a.example/{n}" for n in range(3)]


@pytest.mark.parametrize(
    ("options", "missing"),
    [(SourceOptions(), "text"), (SourceOptions(text_column="body", columns={"author": "writer"}), "writer")],
)
def test_a_column_that_is_missing_is_named_with_those_there_are(
    tmp_path: Path, options: SourceOptions, missing: str
) -> None:
    rows = [{"body": PARAGRAPHS[0], "title": "T"}]
    for path in (write_csv(tmp_path / "t.csv", rows), write_jsonl(tmp_path / "t.jsonl", rows)):
        (error,) = read(path, options=options).errors
        assert error.startswith(f"{path}: no column '{missing}'; there are body, title")


def test_a_bad_row_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('text,title\nOne.,A\nTwo, not quoted,B\n\n"",C\nThree.,D\n')
    (tmp_path / "t.jsonl").write_text('{"text": \n{"text": "One."}\n[1]\n{"title": "T"}\n{"text": "Three."}\n')
    batch = read(tmp_path)
    assert [text.text for text in batch.texts] == ["One.", "Three.", "One.", "Three."]
    assert [error.partition(":")[0].removeprefix(f"{tmp_path}/") for error in batch.errors] == [
        "t.csv, row 2",
        "t.csv, row 4",
        "t.jsonl, row 1",
        "t.jsonl, row 3",
        "t.jsonl, row 4",
    ]


def test_dates_are_checked_and_the_first_bad_one_is_noted(tmp_path: Path) -> None:
    days: list[object] = ["2015-05-13", "May 13, 2015", "13/05/2015"]
    path = write_csv(tmp_path / "t.csv", [{"text": f"Text {n}.", "date": day} for n, day in enumerate(days)])
    batch = read(path)
    assert [text.known.published for text in batch.texts] == ["2015-05-13", None, None]
    assert [note.partition(" is not")[0] for note in batch.notes] == [f"{path}, row 2: published 'May 13, 2015'"]


def test_dates_of_parquet_are_written_out(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "t.parquet", [{"text": "Text.", "published": date(2015, 5, 13)}])
    assert read(path).texts[0].known.published == "2015-05-13"


def test_a_table_cut_off_in_the_middle_is_read_to_its_last_whole_row(tmp_path: Path) -> None:
    rows = [{"text": f"{n} {PARAGRAPHS[n % 3]}"} for n in range(5000)]
    whole = gzip.compress(write_csv(tmp_path / "a.csv", rows).read_bytes())
    (tmp_path / "t.csv.gz").write_bytes(whole[: len(whole) // 2])
    batch = read(tmp_path / "t.csv.gz")
    assert [text.text for text in batch.texts] == [row["text"] for row in rows[: len(batch.texts)]]
    assert 1000 < len(batch.texts) < 4000
    assert batch.errors == [f"{tmp_path}/t.csv.gz: damaged gzip data, or cut off; fetch or copy it again"]


@pytest.mark.parametrize("content", ["text,title\n", "text,title", ""])
def test_a_table_without_rows_is_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.csv").write_text(content)
    assert len(read(tmp_path / "t.csv").errors) == 1


def test_a_quote_that_is_never_closed_and_a_damaged_file_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,title\nOne.,A\n"Two.,B\n')
    (tmp_path / "b.parquet").write_bytes(b"PAR1" + bytes(100))
    batch = read(tmp_path)
    assert [text.text for text in batch.texts] == ["One."]
    assert [error.partition(": ")[0] for error in batch.errors] == [f"{tmp_path}/a.csv", f"{tmp_path}/b.parquet"]


def test_an_article_longer_than_the_csv_module_usually_takes_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "t.csv", [{"text": "Word. " * 100_000}])
    assert len(read(path).texts[0].text) == 600_000
