"""The same work on many values, in several processes, in the order of the values."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context
from typing import Self, TypeVar

from annotate.errors import AnnotError

A = TypeVar("A")
B = TypeVar("B")

_BATCH = 16  # values handed over at once, for handing over costs about as much as a short article
_WAITING = 2  # batches a process, beyond which no further values are taken from the source


class Workers:
    """Processes that share work; with one alone, the work is done in this process. To be closed after use."""

    def __init__(self, n: int) -> None:
        self.n = n
        # Processes made by forking would inherit locks of other threads as they happen to be.
        self._pool = ProcessPoolExecutor(n, get_context("spawn"), initializer=_leave_interrupts) if n > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[A], B], values: Iterable[A]) -> Iterator[B]:
        """Yield the function's results in order, taking values no faster than their results are used.

        ``function``, values and results must be picklable.

        Raises:
            AnnotError: A process was killed, for example because memory ran out.
        """
        if self._pool is None:
            yield from map(function, values)
            return
        waiting: deque[Future[list[B]]] = deque()
        remaining = iter(values)
        try:
            while batch := list(islice(remaining, _BATCH)):
                waiting.append(self._pool.submit(_apply, function, batch))
                if len(waiting) > _WAITING * self.n:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise AnnotError("a process was killed, perhaps for want of memory; try again with fewer --jobs") from error


def _apply(function: Callable[[A], B], values: list[A]) -> list[B]:
    return [function(value) for value in values]


def _leave_interrupts() -> None:
    # Ctrl-C reaches every process of the terminal; the one that began the work stops it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
