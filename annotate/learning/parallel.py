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
from dataclasses import dataclass, replace
from multiprocessing import get_context, parent_process
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from queue import Empty
from typing import NamedTuple

import torch

from annotate.errors import TrainingError
from annotate.learning.device import free_memory
from annotate.learning.encoding import Example
from annotate.learning.network import Network
from annotate.learning.room import extent_of, memory_needed, peak_memory
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


class Fitted(NamedTuple):
    """Networks, one for each job, and the most bytes of ``memory`` that processes of their own took together."""

    networks: Sequence[Network]
    memory: int = 0


def fit_all(jobs: Sequence[Job], progress: Progress = silent) -> Fitted:
    """Train a network for each job, in as many processes as there are cores and memory for; see ``fit``.

    Raises:
        TrainingError: A process was ended from outside, as one is where memory runs out.
    """
    done = [0] * len(jobs)
    total = sum(job.n_steps for job in jobs)

    def heard(number: int, n_done: int) -> None:
        done[number] = n_done
        progress("Training", sum(done), total)

    # Sums depend on the number of threads. So that the same seed gives the same network, each job has its share of them
    # even where memory does not suffice for all at once.
    n_at_once = _n_at_once(jobs)
    n_threads = max(1, torch.get_num_threads() // n_at_once)
    n_processes = min(n_at_once, _n_fitting(jobs))
    if n_processes < 2:  # noqa: PLR2004 - one is this process
        with _threads(n_threads):
            return Fitted([fit(job.course, job.examples, _numbered(heard, n)) for n, job in enumerate(jobs)])
    with _pool(n_processes, n_threads) as pool:
        finished = [pickle.loads(each) for each in _results(pool, jobs, heard)]  # noqa: S301 - our own
    peaks: dict[int, int] = {}
    for _, process, memory in finished:
        peaks[process] = max(memory, peaks.get(process, 0))
    return Fitted([network for network, *_ in finished], sum(peaks.values()))


def _n_at_once(jobs: Sequence[Job]) -> int:
    """Return how many jobs are worth running at once, whatever memory is free."""
    course = jobs[0].course
    n_parameters = sum(p.numel() for p in course.start.parameters())
    if course.device.name != "cpu" or sum(job.n_steps for job in jobs) * n_parameters < _WORTH:
        return 1
    return min(len(jobs), torch.get_num_threads())


def _n_fitting(jobs: Sequence[Job]) -> int:
    """Return how many jobs fit into memory at once."""
    course = jobs[0].course
    extent = extent_of(*([example.window for example in job.examples] for job in jobs))
    needed = memory_needed(course.base, course.recipe, extent)
    sent = 4 * sum(p.numel() for p in course.start.parameters())
    return int(free_memory() / (needed + sent + _PROGRAM))


@contextmanager
def _threads(n_threads: int) -> Iterator[None]:
    """Compute with so many threads inside."""
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class _Pool(NamedTuple):
    """Processes, and what they say: the number of a job, and how many of its steps are done."""

    executor: ProcessPoolExecutor
    said: "Queue[tuple[int, int]]"
    n_processes: int


@contextmanager
def _pool(n_processes: int, n_threads: int) -> Iterator[_Pool]:
    """Start processes of so many threads each, which stop within a step when the work is left."""
    context = get_context("spawn")
    said: Queue[tuple[int, int]] = context.Queue()
    stop = context.Event()
    with ProcessPoolExecutor(n_processes, context, _begin, (said, stop, n_threads)) as executor:
        try:
            yield _Pool(executor, said, n_processes)
        finally:
            stop.set()
            executor.shutdown(wait=False, cancel_futures=True)


def _results(pool: _Pool, jobs: Sequence[Job], heard: Callable[[int, int], None]) -> list[bytes]:
    """Return what becomes of the jobs; each is sent when a process is free for it, for until then it takes memory."""
    futures: list[Future[bytes]] = []
    try:
        while len(futures) < len(jobs) or not all(future.done() for future in futures):
            if len(futures) < len(jobs) and sum(not future.done() for future in futures) < pool.n_processes:
                futures.append(pool.executor.submit(_fitted, len(futures), _packed(jobs[len(futures)])))
                continue
            with suppress(Empty):
                heard(*pool.said.get(timeout=_TICK))
            for future in futures:
                if future.done():
                    future.result()  # whose error, if it has one, ends the others
        return [future.result() for future in futures]
    except BrokenProcessPool as error:
        raise TrainingError("a process of the training was ended from outside: is there enough memory?") from error


def _packed(job: Job) -> bytes:
    """Return a job by value: torch would pass tensors on through shared memory, of which containers have little."""
    course = job.course
    base = replace(course.base, encoder=course.start.encoder)  # not a second encoder, of which nothing but ids is read
    return pickle.dumps(replace(job, course=replace(course, base=base)))


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
    network = fit(mine.course, mine.examples, _numbered(_report, number))
    return pickle.dumps((network, os.getpid(), peak_memory()))


def _report(number: int, n_done: int) -> None:
    """Tell the process that waits how far a training is."""
    if _Told.stop.is_set():
        raise _StoppedError
    _Told.said.put((number, n_done))


def _numbered(heard: Callable[[int, int], None], number: int) -> Progress:
    def report(_: str, /, done: int = 0, total: int | None = None) -> None:  # noqa: ARG001 - of one job alone
        heard(number, done)

    return report
