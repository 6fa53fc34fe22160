"""Several trainings at once, each in a process of its own.

A step on a few sentences gains next to nothing from a second core, and loses ten times its time to a thread that waits
for a core that something else uses. Two trainings on a core each gain almost twice.
"""

import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from queue import Empty
from typing import NamedTuple

import psutil
import torch

from annotate.errors import TrainingError
from annotate.learning.encoding import Example
from annotate.learning.network import Network
from annotate.learning.room import memory_needed
from annotate.learning.training import Course, fit, steps_of
from annotate.progress import Progress, silent

_WORTH = 2e9  # steps times parameters, below which processes take longer to start than they save
_PROGRAM = 600_000_000  # bytes that a process takes before it trains
_TICK = 0.2  # seconds


@dataclass(frozen=True)
class Job:
    """A training: its course, and what it learns from."""

    course: Course
    examples: Sequence[Example]

    @property
    def n_steps(self) -> int:
        """How many steps it takes."""
        return steps_of(self.course.recipe, len(self.examples))


def fit_all(jobs: Sequence[Job], progress: Progress = silent) -> list[Network]:
    """Train a network for each job, in as many processes as there are cores and memory for; see ``fit``.

    Raises:
        TrainingError: A process was ended from outside, as one is where memory runs out.
    """
    done = [0] * len(jobs)
    total = sum(job.n_steps for job in jobs)

    def heard(number: int, n_done: int) -> None:
        done[number] = n_done
        progress("Training", sum(done), total)

    n_processes = _n_processes(jobs)
    if n_processes < 2:  # noqa: PLR2004 - one is this process
        return [fit(job.course, job.examples, _numbered(heard, number)) for number, job in enumerate(jobs)]
    with _pool(n_processes) as pool:
        # By value: torch would pass tensors on through shared memory, of which containers have little.
        waiting = [pool.executor.submit(_fitted, number, pickle.dumps(job)) for number, job in enumerate(jobs)]
        return [pickle.loads(network) for network in _results(waiting, pool.said, heard)]  # noqa: S301 - our own


def _n_processes(jobs: Sequence[Job]) -> int:
    course = jobs[0].course
    n_parameters = sum(p.numel() for p in course.start.parameters())
    if course.device.name != "cpu" or sum(job.n_steps for job in jobs) * n_parameters < _WORTH:
        return 1
    needed = memory_needed(course.base, course.recipe, max(len(job.examples) for job in jobs))
    room = psutil.virtual_memory().available / (needed + _PROGRAM)
    return min(len(jobs), torch.get_num_threads(), int(room))


class _Pool(NamedTuple):
    """Processes, and what they say: the number of a job, and how many of its steps are done."""

    executor: ProcessPoolExecutor
    said: "Queue[tuple[int, int]]"


@contextmanager
def _pool(n_processes: int) -> Iterator[_Pool]:
    """Start processes that stop within a step when the work is left."""
    context = get_context("spawn")
    said: Queue[tuple[int, int]] = context.Queue()
    stop = context.Event()
    n_threads = max(1, torch.get_num_threads() // n_processes)
    with ProcessPoolExecutor(n_processes, context, _begin, (said, stop, n_threads)) as executor:
        try:
            yield _Pool(executor, said)
        finally:
            stop.set()
            executor.shutdown(wait=False, cancel_futures=True)


def _results(
    waiting: Sequence["Future[bytes]"], said: "Queue[tuple[int, int]]", heard: Callable[[int, int], None]
) -> list[bytes]:
    try:
        while not all(future.done() for future in waiting):
            with suppress(Empty):
                heard(*said.get(timeout=_TICK))
            for future in waiting:
                if future.done():
                    future.result()  # whose error, if it has one, ends the others
        return [future.result() for future in waiting]
    except BrokenProcessPool as error:
        raise TrainingError("a process of the training was ended from outside: is there enough memory?") from error


class _Told:
    """What a process of the pool was told at its start."""

    said: "Queue[tuple[int, int]]"
    stop: Event


class _StoppedError(Exception):
    """The work was left."""


def _begin(said: "Queue[tuple[int, int]]", stop: Event, n_threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that waits for this one tells it to stop
    said.cancel_join_thread()  # who has stopped listening reads no more
    _Told.said, _Told.stop = said, stop
    torch.set_num_threads(n_threads)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


def _fitted(number: int, job: bytes) -> bytes:
    mine: Job = pickle.loads(job)  # noqa: S301 - our own
    return pickle.dumps(fit(mine.course, mine.examples, _numbered(_report, number)))


def _report(number: int, n_done: int) -> None:
    """Tell the process that waits how far a training is."""
    if _Told.stop.is_set():
        raise _StoppedError
    _Told.said.put((number, n_done))


def _numbered(heard: Callable[[int, int], None], number: int) -> Progress:
    def report(_: str, /, done: int = 0, total: int | None = None) -> None:  # noqa: ARG001 - of one job alone
        heard(number, done)

    return report
