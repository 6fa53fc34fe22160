"""Training while people label: when it is due, and the one process that does it."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from annotate.errors import AnnotError
from annotate.server.events import EVENTS, Event, Failed, Order, Told

_ENDS_WITHIN = 20  # seconds, before a signal that cannot be refused
_LONGEST = 1_000_000  # bytes of a line that it says
Kind = Literal["train", "renew"]


@dataclass
class Wishes:
    """What is to be done next: webhooks and people say so at any time, and one loop does it."""

    after: int
    n_noticed: int = 0
    asked: bool = False
    renew: bool = False
    look: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def notice(self, number: int = 1) -> None:
        """Count annotations that a webhook tells of; whether they are new, the pull decides."""
        self.n_noticed += number
        if self.after and self.n_noticed >= self.after:
            self.changed.set()

    def ask(self) -> None:
        """Have a model trained, whatever is new."""
        self.asked = True
        self.changed.set()

    def renew_suggestions(self) -> None:
        """Have open tasks get the suggestions of the model in use."""
        self.renew = True
        self.changed.set()

    def look_again(self, *, new: bool = True) -> None:
        """Have it done what failed, and looked up how many annotations are ``new``, for webhooks get lost."""
        self.look = self.look or new
        self.changed.set()

    def keep(self, kind: Kind, *, asked: bool) -> None:
        """Keep what could not be done for the next time that something is to be done."""
        self.renew = self.renew or kind == "renew"
        self.asked = self.asked or asked

    @property
    def next(self) -> Kind | None:
        """What is to be done, if anything."""
        if self.renew:
            return "renew"
        is_due = self.asked or (self.after and (self.look or self.n_noticed >= self.after))
        return "train" if is_due else None

    def take(self) -> tuple[Kind, bool] | None:
        """Return what is to be done, and whether somebody asked for it; from here on it is counted as done."""
        kind, asked = self.next, False
        if kind == "renew":
            self.renew = False
        elif kind == "train":
            asked, self.n_noticed, self.asked, self.look = self.asked, 0, False, False
        self.changed.clear()
        if self.next is not None:
            self.changed.set()
        return None if kind is None else (kind, asked)


class Job:
    """An order in a process of its own; ``heard`` is told every event, in order."""

    def __init__(self, order: Order, heard: Callable[[Event], None]) -> None:
        self.order = order
        self.heard = heard

    async def run(self) -> Event:
        """Carry the order out, and return the last event but progress; cancelled, it ends the process first.

        Raises:
            AnnotError: The process cannot be started, or says what cannot be read.
        """
        process = await _started()
        last: Event = Failed(reason="the process ended without a word; see what it printed, and the memory left")
        try:
            if process.stdin is None or process.stdout is None:
                return last
            with suppress(ConnectionError):  # it died at once, which is told below
                process.stdin.write(self.order.model_dump_json().encode() + b"\n")
                await process.stdin.drain()
            async for event in _events(process.stdout):
                self.heard(event)
                last = last if isinstance(event, Told) else event
            code = await process.wait()
        finally:
            await _ended(process)
        if code:
            last = Failed(reason=f"the process that trains was ended (code {code}); the model in use stays")
            self.heard(last)
        return last


async def _started() -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "annotate.server.job"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST,
            start_new_session=True,  # Ctrl-C is for the server, which ends it in order
        )
    except OSError as error:
        raise AnnotError(
            f"no process to train in can be started: {error.strerror}; see the memory left, and the limit of open files"
        ) from error


async def _events(lines: asyncio.StreamReader) -> AsyncIterator[Event]:
    try:
        async for line in lines:
            yield EVENTS.validate_json(line)
    except ValueError as error:  # also of a line that is too long
        raise AnnotError("the training process says what cannot be read; its version may be another") from error


async def _ended(process: asyncio.subprocess.Process) -> None:
    """See that a process is gone: it is asked to end by closing its input."""
    if process.returncode is not None:
        return
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), _ENDS_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()
