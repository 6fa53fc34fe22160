"""Pieces of a corpus, put together, are what the local engine reads: row for row, with the same problems."""

import gzip
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Queue
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from messy import fill, records

from annotate.corpus.catalogue import Catalogue
from annotate.corpus.ingest import Reading, documents_of
from annotate.corpus.readers import parts
from annotate.corpus.store import to_lines
from annotate.errors import AnnotError, SourceError, StoreError
from annotate.inference import cluster
from annotate.inference.cluster import Cluster, head_watched, reason_of
from annotate.inference.found import found_in
from annotate.inference.graphs import Engine
from annotate.inference.pieces import Piece, pieces_of, sentences_of, units_of
from annotate.inference.places import Place, check_empty, places_of


class Read(NamedTuple):
    """What was read: each sentence as a line, with what is known of its article; and what is broken."""

    sentences: list[tuple[str, object]]
    problems: list[str]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_SIZE", 2000)


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    fill(folder, repository / "seeds")
    return folder


def locally(*sources: str | Path, catalogue: Path | None = None) -> Read:
    rows: list[tuple[str, object]] = []
    problems: list[str] = []
    with Catalogue(catalogue, writable=False) as known:
        for read in documents_of([*map(str, sources)], catalogue=known):
            if isinstance(read, SourceError):
                problems.append(str(read))
            else:
                citation = read.article and read.article.citation
                rows += [(line, citation) for line in to_lines(read.sentences)]
    return Read(rows, problems)


def on_a_cluster(*sources: str | Path, catalogue: bytes | None = None, note: Callable[[str], None] = print) -> Read:
    """Read a corpus as a cluster does, with each piece on a machine of its own."""
    listed = [each for source in sources for each in places_of(str(source), note)]
    problems = [each for each in listed if isinstance(each, SourceError)]
    places = [each for each in listed if isinstance(each, Place)]
    pieces = [
        Piece.of_row(row)._replace(number=number) for number, row in enumerate(pieces_of(table(places)).to_pylist())
    ]
    units = (u for each in pieces for rows in units_of(table([each]), Reading(), catalogue) for u in rows.to_pylist())
    found = found_in(pieces, units, note)
    read = [pair for each in found.pieces for pair in sentences_of(table([each]), Reading(), catalogue)]
    assert found.n_sentences == len(read)
    return Read([(next(to_lines([one])), known) for one, known in read], [*map(str, problems + found.problems)])


def table(rows: Sequence[Piece | Place]) -> pa.Table:
    return pa.Table.from_pylist([row.row() for row in rows])


def test_pieces_of_a_folder_are_what_the_local_engine_reads(folder: Path) -> None:
    assert on_a_cluster(folder) == locally(folder)
    assert f"{folder}/a.jsonl, row 123: not JSON: Expecting value; write one object a line" in locally(folder).problems


@pytest.mark.parametrize("order", ["articles first", "records first", "twice"])
def test_pieces_of_sentence_records_are_what_the_local_engine_reads(folder: Path, tmp_path: Path, order: str) -> None:
    new = tmp_path / "new.txt"
    new.write_text("Entirely new. This will come true. And a third.", "utf-8")
    lines = [*records(min(folder.glob("*.txt"))), *records(new) * 2]
    file = tmp_path / "records.jsonl"
    file.write_text("".join([*lines, "{broken\n", *lines]), "utf-8")
    sources = {"articles first": [folder, file], "records first": [file, new, folder], "twice": [file, file]}[order]
    assert on_a_cluster(*sources) == locally(*sources)


def test_sources_that_are_missing_or_packed_are_read_as_on_one_machine(folder: Path, tmp_path: Path) -> None:
    packed = tmp_path / "packed.jsonl.gz"
    packed.write_bytes(gzip.compress((folder / "a.jsonl").read_bytes()))
    marked = tmp_path / "marked.jsonl"
    marked.write_text((folder / "ends.ndjson").read_text("utf-8"), "utf-16")
    sources = [tmp_path / "missing.txt", packed, marked]
    assert on_a_cluster(*sources) == locally(*sources)


def test_a_large_row_group_is_read_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "one-group.parquet"
    pq.write_table(pa.Table.from_pylist([{"text": f"He met {n} of them. She left."} for n in range(2400)]), path)
    (cut,) = [pieces_of(table([Place(str(path))]))]
    assert cut["first"].to_pylist()[0] == 1
    assert len(cut) == 16
    assert on_a_cluster(path) == locally(path)


def test_an_edited_article_keeps_its_uids(tmp_path: Path) -> None:
    text, rows, file = tmp_path / "a.txt", tmp_path / "rows.jsonl", tmp_path / "catalogue"
    for first in ("He left.", "He left early."):
        text.write_text(f"{first} She stayed. It rained all day.", "utf-8")
        lines = (f'{{"text": "{first} Hall {n} was sold. They cheered."}}\n' for n in range(30))
        rows.write_text("".join(lines), "utf-8")
        if not file.exists():
            with Catalogue(file) as catalogue:
                assert list(documents_of([str(text), str(rows)], catalogue=catalogue))
    with Catalogue(file, writable=False) as catalogue:
        packed = catalogue.packed()
    expected = locally(text, rows, catalogue=file)
    assert expected != locally(text, rows)
    assert on_a_cluster(text, rows, catalogue=packed) == expected


def test_an_address_is_read_as_a_path_is(folder: Path) -> None:
    by_address, by_path = on_a_cluster(folder.as_uri()), locally(folder)
    assert sorted(by_address.sentences, key=str) == sorted(by_path.sentences, key=str)
    assert [each.replace("file://", "") for each in by_address.problems] == by_path.problems
    single = on_a_cluster(min(folder.glob("*.txt")).as_uri())
    assert single == locally(min(folder.glob("*.txt")))


def test_what_is_no_place_is_told(tmp_path: Path) -> None:
    (web, unknown) = on_a_cluster("https://example.org", "nowhere://a/b").problems
    assert web == "https://example.org: Ray reads files, folders and object storage; annot ingest reads others"
    assert unknown.startswith("nowhere://a/b: no place that can be read: ")


def test_a_folder_with_old_rows_is_not_written_to(tmp_path: Path) -> None:
    check_empty(str(tmp_path / "new"))
    check_empty(str(tmp_path))
    (tmp_path / "old.parquet").write_bytes(b"old")
    for output in (str(tmp_path), tmp_path.as_uri()):
        with pytest.raises(StoreError, match=r"is not empty, and rows would be mixed with old ones"):
            check_empty(output)
    with pytest.raises(StoreError, match=r"is a file"):
        check_empty(str(tmp_path / "old.parquet"))


@pytest.mark.parametrize(
    ("device", "on_gpus", "here"), [("CPU", False, None), ("CUDA", True, "full"), ("dnnl", False, "full")]
)
def test_the_workers_device_need_not_be_here(device: str, on_gpus: bool, here: str | None) -> None:
    there = Cluster(engine=Engine(device=device))
    assert there.on_gpus == on_gpus
    assert there.engine_here.device.lower() == "cpu"
    assert there.engine_here.precision == here


def test_of_a_stack_the_cause_is_told_in_one_line() -> None:
    class StackError(Exception):
        cause = AnnotError("the model is damaged\nwhat Ray adds")

    assert reason_of(StackError("Traceback\n  File")) == "the model is damaged"
    assert reason_of(OSError(28, "No space left on device")) == "No space left on device"


def test_a_lost_head_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_LOOKED_EVERY", 0.01)
    notes: Queue[str] = Queue()
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        with head_watched(address, notes.put):
            listening.accept()[0].close()
            assert notes.empty()
            listening.close()
            assert notes.get(timeout=60).startswith(f"{address}: the head of the cluster is lost (")
