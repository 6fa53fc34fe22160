"""A copy of what would be lost is kept under a name of its own.

That a pull keeps one exactly when it must is tested against a real server, in ``end_to_end/test_sync.py``.
"""

from pathlib import Path

import pytest

from annotate.config import open_workspace
from annotate.corpus.store import keep_copy
from annotate.errors import StoreError, StudioError
from annotate.workflow.sync import pull


def test_every_copy_has_a_number_of_its_own(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    for number in (1, 2, 3):
        labels.write_text(f"{number}\n", "utf-8")
        assert keep_copy(labels) == tmp_path / f"labels.jsonl.before-{number}"
    kept = [(tmp_path / f"labels.jsonl.before-{number}").read_text("utf-8") for number in (1, 2, 3)]
    assert (kept, labels.read_text("utf-8")) == (["1\n", "2\n", "3\n"], "3\n")


def test_a_number_that_is_taken_is_passed_over_whatever_has_it(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_bytes(b"\xff")
    (tmp_path / "labels.jsonl.before-1").mkdir()
    assert keep_copy(tmp_path / "labels.jsonl").name == "labels.jsonl.before-2"
    assert (tmp_path / "labels.jsonl.before-2").read_bytes() == b"\xff"


def test_a_number_that_a_broken_link_has_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text("mine", "utf-8")
    (tmp_path / "labels.jsonl.before-1").symlink_to(tmp_path / "elsewhere")
    kept = keep_copy(tmp_path / "labels.jsonl")
    assert (kept.name, (tmp_path / "elsewhere").exists()) == ("labels.jsonl.before-2", False)


def test_a_copy_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        keep_copy(tmp_path / "missing.jsonl")


def test_pulling_where_nothing_was_pushed_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="nothing was pushed from here yet; begin with `annot push SOURCE`"):
        pull(open_workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []
