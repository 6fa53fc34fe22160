"""Trainings in processes of their own end as those one after the other do, and leave nothing behind."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import torch
from lessons import course

from annotate.annotation import Annotation
from annotate.errors import TrainingError
from annotate.learning import parallel
from annotate.learning.base import load_base
from annotate.learning.encoding import to_examples
from annotate.learning.parallel import Job, fit_all
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema

RECIPE = Recipe(epochs=6, batch_size=8, learning_rate=1e-3)


class Interrupted(Exception):  # noqa: N818 - it is what a person does
    """A person stops the training."""


@pytest.fixture
def jobs(tiny_base: Path, starter: list[Annotation], schema: LabelSchema) -> list[Job]:
    mine = course(load_base(str(tiny_base)), schema, RECIPE)
    examples = to_examples(mine.base.tokenizer, starter[:30], schema)
    return [Job(replace(mine, name="some"), examples[:20]), Job(replace(mine, name="all"), examples)]


@pytest.fixture
def in_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    n_threads = torch.get_num_threads()
    torch.set_num_threads(2)
    monkeypatch.setattr(parallel, "_WORTH", 0)
    yield
    torch.set_num_threads(n_threads)


def workers() -> list[psutil.Process]:
    found = []
    for each in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it has ended, or is ending
            found += [each] if "spawn_main" in " ".join(each.cmdline()) else []
    return found


def test_networks_are_those_of_one_process_and_every_step_is_told(
    jobs: list[Job], in_processes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(parallel, "_n_fitting", lambda _: 1)  # memory suffices for one at a time
        alone = fit_all(jobs)
    assert (torch.get_num_threads(), alone.memory) == (2, 0)
    expected = [network.state_dict() for network in alone.networks]
    told: list[tuple[int, int | None]] = []
    found, memory = fit_all(jobs, lambda _, /, done=0, total=None: told.append((done, total)))
    assert memory > 2 * 100_000_000  # torch alone takes more in each
    assert told[0][0] == 1
    assert {total for _, total in told} == {18 + 24}
    for network, wanted in zip(found, expected, strict=True):
        assert all(torch.equal(value, wanted[name]) for name, value in network.state_dict().items())


def test_who_stops_listening_stops_the_processes(jobs: list[Job], in_processes: None) -> None:
    long = [replace(job, course=replace(job.course, recipe=Recipe(epochs=100_000, batch_size=8))) for job in jobs]

    def stop(_: str, /, done: int = 0, total: int | None = None) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        fit_all(long, stop)
    psutil.wait_procs(workers(), timeout=30)
    assert not workers()


def test_a_process_that_is_ended_from_outside_is_told_in_a_line(jobs: list[Job], in_processes: None) -> None:
    def kill(_: str, /, done: int = 0, total: int | None = None) -> None:
        for worker in workers():
            with suppress(psutil.NoSuchProcess):
                worker.kill()

    with pytest.raises(TrainingError, match="is there enough memory"):
        fit_all(jobs, kill)
