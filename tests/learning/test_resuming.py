"""An interrupted training goes on to the same network, and what is kept of it is written whole."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lessons import course

from annotate.annotation import Annotation
from annotate.errors import TrainingError
from annotate.learning import snapshot
from annotate.learning.base import load_base
from annotate.learning.device import Device, find_device
from annotate.learning.snapshot import SnapshotFile
from annotate.learning.training import fit
from annotate.learning.validation import prepare
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema

RECIPE = Recipe(epochs=6, batch_size=8, learning_rate=1e-3)


class Interrupted(Exception):  # noqa: N818 - it is what a person does
    """A person stops the training."""


def test_an_interrupted_training_ends_in_the_same_weights(
    tiny_base: Path, starter: list[Annotation], schema: LabelSchema, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "_SELDOM", 0.0)
    some = starter[:20]
    mine = replace(course(load_base(str(tiny_base)), schema, RECIPE), folder=tmp_path)
    examples = prepare(mine, some).examples
    whole = fit(replace(mine, folder=None), examples).state_dict()

    def stop(_: str, /, done: int = 0, total: int | None = None) -> None:
        if done == 11:  # of 18 steps, in the middle of an epoch
            raise Interrupted

    with pytest.raises(Interrupted):
        fit(mine, examples, stop)
    torch.manual_seed(99)
    steps: list[int] = []
    resumed = fit(mine, examples, lambda _, /, done=0, total=None: steps.append(done))
    assert steps == list(range(10, 19))
    assert all(torch.equal(value, whole[name]) for name, value in resumed.state_dict().items())


@pytest.mark.parametrize("content", [b"", b"{", b"\xff" * 99])
def test_a_broken_snapshot_counts_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "all.safetensors").write_bytes(content)
    assert SnapshotFile(tmp_path / "all.safetensors").restore() is None


@pytest.mark.parametrize("name", ["nowhere", "meta", "cpu:0"])
def test_what_is_no_device_to_train_on_is_refused(name: str) -> None:
    with pytest.raises(TrainingError, match=f"^{name}: not a device to train on; use cpu, cuda or cuda:1"):
        find_device(name)


def test_a_device_that_is_not_there_is_refused_in_a_line() -> None:
    with pytest.raises(TrainingError, match=r"^cuda:99: no such device here [^\n]+; leave --device out$"):
        find_device("cuda:99")


def test_memory_that_runs_out_on_a_device_is_told_in_a_line() -> None:
    with (
        pytest.raises(TrainingError, match=r"^cpu: its memory ran out; use --accumulate 4"),
        Device("cpu").running_out_told(),
    ):
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")
    with pytest.raises(TrainingError, match=r"^cpu: its memory ran out"), Device("cpu").running_out_told():
        torch.empty(2**60, dtype=torch.int8)
    with pytest.raises(RuntimeError, match="shape"), Device("cpu").running_out_told():
        torch.ones(2).reshape(3)
