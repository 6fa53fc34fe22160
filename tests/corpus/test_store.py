"""Files are written whole or not at all, and a broken line is named."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.corpus.store import keep_copy, read_records, write_records, write_text
from annotate.errors import SourceError, StoreError

FULL = """
import sys
from pathlib import Path
from annotate.corpus.store import write_text
from annotate.errors import StoreError
try:
    write_text(Path(sys.argv[1]), ["new " * 100_000])
except StoreError as error:
    sys.exit(str(error))
"""


def test_records_come_back_as_they_were(tmp_path: Path, sentence: Callable[..., Sentence]) -> None:
    records = [sentence("One\u2028 line."), sentence("Two – “ß” 🐀.", start=9)]
    assert write_records(tmp_path / "new" / "a.jsonl", records)
    assert list(read_records(tmp_path / "new" / "a.jsonl", Sentence)) == records


def test_an_error_in_the_middle_leaves_the_old_file_alone(tmp_path: Path) -> None:
    def parts() -> Iterator[str]:
        yield "new" * 100_000
        raise KeyboardInterrupt

    path = tmp_path / "a.txt"
    write_text(path, ["old"])
    with pytest.raises(KeyboardInterrupt):
        write_text(path, parts())
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_would_not_change_is_left_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert write_text(path, ["o", "ld"])
    before = path.stat()
    assert not write_text(path, ["old"])
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_text(path, ["new"])
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_asked_for_or_those_there_were(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, ["secret"], mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    write_text(path, ["another secret"])
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_text(tmp_path / "ours", ["text"])
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_full_disk_is_told_in_one_line_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", "utf-8")
    command = ["sh", "-c", 'ulimit -f 8; exec "$@"', "sh", sys.executable, "-c", FULL, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == f"{path}: cannot be written: File too large; nothing was changed\n"
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"a\.txt: cannot be written: "):
        write_text(tmp_path / "file" / "a.txt", ["text"])


def test_a_broken_line_is_named_by_file_and_number(tmp_path: Path, sentence: Callable[..., Sentence]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{sentence('One.').model_dump_json()}\n\n{{}}\n", "utf-8")
    with pytest.raises(SourceError, match=f"^{path}, line 3: not a record of kind 'sentence': 'uid' is missing$"):
        list(read_records(path, Sentence))


def test_a_sentence_is_not_taken_for_an_annotation(tmp_path: Path, sentence: Callable[..., Sentence]) -> None:
    write_records(tmp_path / "a.jsonl", [sentence("One.")])
    with pytest.raises(SourceError, match=r"line 1: not a record of kind 'annotation': 'annotator' is missing$"):
        list(read_records(tmp_path / "a.jsonl", Annotation))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("The harbour was sold.", "not JSON"),
        ("{'uid': 1}", "not JSON"),
        ('{"uid": "0123456789abcdef", "text": "The har', "not whole JSON: the line is cut off"),
        ('{"uid": "0123456789abcdef", ', "not whole JSON: the line is cut off"),
        ("[]", "the line: Input should be an object"),
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_line_that_is_no_record_is_told_in_plain_words(tmp_path: Path, line: str, reason: str, end: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(f"{line}{end}".encode())
    with pytest.raises(SourceError, match=f"a.jsonl, line 1: not a record of kind 'sentence': {reason}$"):
        list(read_records(tmp_path / "a.jsonl", Sentence))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [("model", "v1", "'model' is not known$"), ("start", -1, "start: "), ("end", 0, "the line: ")],
)
def test_a_field_that_is_not_known_or_not_right_is_named(
    tmp_path: Path, sentence: Callable[..., Sentence], field: str, value: object, reason: str
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({**sentence("One.").model_dump(mode="json"), field: value}), "utf-8")
    with pytest.raises(SourceError, match=f"line 1: not a record of kind 'sentence': {reason}") as refused:
        list(read_records(tmp_path / "a.jsonl", Sentence))
    assert "Value error" not in str(refused.value)


def test_a_file_that_is_not_utf8_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\n")
    with pytest.raises(SourceError, match=r"a\.jsonl: not UTF-8"):
        list(read_records(tmp_path / "a.jsonl", Sentence))
    with pytest.raises(SourceError, match=r"b\.jsonl: does not exist; check the path$"):
        list(read_records(tmp_path / "b.jsonl", Sentence))
    with pytest.raises(SourceError, match=f"^{tmp_path}: is a folder; name the file in it$"):
        list(read_records(tmp_path, Sentence))


def test_a_kept_copy_outlives_what_is_written_next(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    copies = []
    for text in ("first", "second"):
        write_text(path, [text])
        copies.append(keep_copy(path))
    write_text(path, ["third"])
    assert [copy.read_text("utf-8") for copy in copies] == ["first", "second"]
