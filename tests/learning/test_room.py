"""A training that cannot end well is refused before it begins."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from annotate.errors import StoreError, TrainingError
from annotate.learning.base import Base, load_base
from annotate.learning.device import Device, free_memory
from annotate.learning.room import check_room, memory_needed
from annotate.models.training_record import Recipe

Usage = namedtuple("Usage", ["total", "used", "free"])


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


def test_where_there_is_room_nothing_is_said(base: Base, tmp_path: Path) -> None:
    check_room(base, Recipe(), 10, Device("cpu"), tmp_path / "not" / "yet")


def test_too_little_memory_is_told_with_what_helps(base: Base, tmp_path: Path) -> None:
    huge = Recipe(batch_size=10_000_000)
    with pytest.raises(
        TrainingError, match=r"needs about \d+\.\d GB of memory, and \d+\.\d GB are free; use --accumulate"
    ):
        check_room(base, huge, 10, Device("cpu"), tmp_path / "new")
    assert memory_needed(base, Recipe(), 1000) > memory_needed(base, Recipe(), 999)
    check_room(base, huge.model_copy(update={"accumulate": 1_000_000}), 10, Device("cpu"), tmp_path / "new")


def test_a_full_disk_is_told(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, free = tmp_path / "new", 0
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    with pytest.raises(StoreError, match=r"GB of disk, and 0\.0 GB are free; free some space"):
        check_room(base, Recipe(), 10, Device("cpu"), folder)
    n_all, n_words = (
        sum(p.numel() for p in part.parameters()) for part in (base.encoder, base.encoder.get_input_embeddings())
    )
    free = 16 * (n_all + 6 * (n_all - n_words))  # the model, and snapshots of three folds and three more
    check_room(base, Recipe(folds=3), 10, Device("cpu"), folder)
    with pytest.raises(StoreError, match="free some space"):
        check_room(base, Recipe(folds=4), 10, Device("cpu"), folder)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "all.safetensors").write_bytes(bytes(16 * n_all))  # will be cleared, or gone on from
    check_room(base, Recipe(folds=4), 10, Device("cpu"), folder)


def test_a_containers_memory_counts_where_it_has_less_than_the_machine(tmp_path: Path) -> None:
    def contained(most: str) -> int:
        files = {"memory.max": most, "memory.current": "900000", "memory.stat": "anon 1\ninactive_file 300000\nfile 2"}
        for name, text in files.items():
            (tmp_path / name).write_text(f"{text}\n")
        return free_memory(tmp_path)

    assert contained("1000000") == 400_000
    assert contained("max") > 1_000_000
    assert contained(f"{2**60}") < 2**59
    assert free_memory(tmp_path / "none") > 1_000_000
