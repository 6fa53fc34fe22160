"""A training that cannot end well is refused before it begins."""

import shutil
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from annotate.annotation import Annotation
from annotate.errors import StoreError, TrainingError
from annotate.learning.base import Base, load_base
from annotate.learning.device import Device, free_memory
from annotate.learning.room import Extent, check_room, extent_of, memory_needed
from annotate.learning.training import new_network
from annotate.models.tokenization import to_windows
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema

Usage = namedtuple("Usage", ["total", "used", "free"])
TEN = Extent(10, 30)


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


def test_where_there_is_room_nothing_is_said(base: Base, tmp_path: Path) -> None:
    check_room(base, Recipe(), TEN, Device("cpu"), tmp_path / "not" / "yet")


def test_too_little_memory_is_told_with_what_helps(base: Base, tmp_path: Path) -> None:
    huge = Recipe(batch_size=10_000_000)
    with pytest.raises(
        TrainingError, match=r"needs about \d+\.\d GB of memory, and \d+\.\d GB are free; use --accumulate"
    ):
        check_room(base, huge, TEN, Device("cpu"), tmp_path / "new")
    assert memory_needed(base, Recipe(), Extent(1000, 30)) > memory_needed(base, Recipe(), Extent(999, 30))
    check_room(base, huge.model_copy(update={"accumulate": 1_000_000}), TEN, Device("cpu"), tmp_path / "new")


@pytest.mark.parametrize("n_tokens", [16, 64])
def test_what_a_step_keeps_for_its_way_back_is_known_before(
    base: Base, schema: LabelSchema, annotation: Callable[..., Annotation], n_tokens: int
) -> None:
    labelled = [annotation("fall " * (n_tokens - 2), {"claims": ("Prediction",)}), annotation("It fell.", {})]
    extent = extent_of(to_windows(base.tokenizer, labelled), [])
    assert extent == (2, n_tokens)
    network, kept = new_network(base, schema, Recipe()).train(), {}

    def seen(tensor: torch.Tensor) -> torch.Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    weights = {value.untyped_storage().data_ptr() for value in network.parameters()}
    ids = torch.ones((8, n_tokens), dtype=torch.long)
    with torch.autograd.graph.saved_tensors_hooks(seen, lambda tensor: tensor):
        outputs = network(ids, torch.ones_like(ids))
    taken = sum(n for place, n in kept.items() if place not in weights)
    assert outputs
    expected = memory_needed(base, Recipe(), extent) - memory_needed(base, Recipe(), Extent(2, 0))
    assert taken == pytest.approx(expected, rel=0.2)


def test_a_full_disk_is_told(base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, free = tmp_path / "new", 0
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    with pytest.raises(StoreError, match=r"GB of disk, and 0\.0 GB are free; free some space"):
        check_room(base, Recipe(), TEN, Device("cpu"), folder)
    n_all, n_words = (
        sum(p.numel() for p in part.parameters()) for part in (base.encoder, base.encoder.get_input_embeddings())
    )
    free = 16 * (n_all + 6 * (n_all - n_words))  # the model, and snapshots of three folds and three more
    check_room(base, Recipe(folds=3), TEN, Device("cpu"), folder)
    with pytest.raises(StoreError, match="free some space"):
        check_room(base, Recipe(folds=4), TEN, Device("cpu"), folder)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "all.safetensors").write_bytes(bytes(16 * n_all))  # will be cleared, or gone on from
    check_room(base, Recipe(folds=4), TEN, Device("cpu"), folder)


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
