"""A corpus of all that can stand in one: side files, tables, texts that stand there twice, broken and old files."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from annotate.corpus.ingest import documents_of
from annotate.corpus.segmentation import Document
from annotate.corpus.store import to_lines

ROWS = [
    {"id": n, "title": f"Day {n}", "text": f"The council met {n} times.\u2028 It was late. It will sell hall {n}."}
    for n in range(40)
]
HARBOURS = [{"id": 100 + n, "title": "", "text": f"Harbour {n} was sold last spring. Why?"} for n in range(200)]


def fill(folder: Path, seeds: Path) -> None:
    """Write such a corpus into a folder."""
    for path in seeds.glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    first = min(folder.glob("*.txt"))
    (folder / "again.txt").write_bytes(first.read_bytes())
    first.with_suffix(".toml").write_text('title = "Told beside it"\noutlet = "The Post"\n', "utf-8")
    broken = ["", "", "no JSON", '{"text": ""}', '{"other": 1}', '{"text": "One more will come."}', "", ""]
    (folder / "a.jsonl").write_text("".join(map(_line, ROWS)) * 3 + "\n".join(broken), "utf-8")
    (folder / "a.toml").write_text('outlet = "The Table"\n', "utf-8")
    cafes = "".join(_line({"text": f"Café {n} is closed. Très bien, he said."}) for n in range(50))
    (folder / "latin.jsonl").write_bytes(cafes.encode("latin-1"))
    (folder / "ends.ndjson").write_bytes(b'{"text": "Both ends. Here."}\r\n' * 9 + b"{broken\r\n")
    (folder / "no-text.jsonl").write_text(_line({"body": "word " * 50}) * 30, "utf-8")
    pq.write_table(pa.Table.from_pylist(ROWS[:5] + HARBOURS), folder / "table.parquet", row_group_size=70)
    (folder / "cut.parquet").write_bytes((folder / "table.parquet").read_bytes()[:-200])
    (folder / "old.jsonl").write_text("".join(records(first)), "utf-8")


def records(path: Path) -> list[str]:
    """Return the sentences of a text as lines."""
    return [
        line for each in documents_of([str(path)]) if isinstance(each, Document) for line in to_lines(each.sentences)
    ]


def _line(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"
