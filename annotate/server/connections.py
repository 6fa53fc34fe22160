"""Connections, open and waited for: how many there may be, and how long each may take to ask something."""

import asyncio
import resource

from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """A connection that is closed where the head of its next request is not there in time.

    Uvicorn waits for it without end once a byte has come. Where there are as many connections as may be, the one that
    has kept the server waiting for longest makes room for the next.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait for a request."""
        if len(self.connections) + 1 >= (self.limit_concurrency or 0):
            self._make_room()
        super().connection_made(transport)
        self._wait_until(self.loop.time() + self.timeout_keep_alive)

    def data_received(self, data: bytes) -> None:
        """Take what came; what is only a part of a head prolongs nothing."""
        until = self._until
        super().data_received(data)
        if not self._is_answered and self.timeout_keep_alive_task is None:
            self._wait_until(until or self.loop.time() + self.timeout_keep_alive)

    @property
    def _is_answered(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _until(self) -> float | None:
        return None if self.timeout_keep_alive_task is None else self.timeout_keep_alive_task.when()

    def _wait_until(self, moment: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_at(moment, self.timeout_keep_alive_handler)

    def _make_room(self) -> None:
        waiting = {each: each._until for each in self.connections if isinstance(each, Connection)}
        first = min((each for each in waiting if waiting[each]), key=lambda each: waiting[each] or 0, default=None)
        if first is not None:
            self.connections.discard(first)
            first.timeout_keep_alive_handler()


def most_connections(wanted: int) -> tuple[int, int]:
    """Return how many connections may be open, and how many may wait to be taken, of so many files as there may be."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return wanted, wanted
    return min(wanted, files // 2), min(wanted, max(1, files // 16))
