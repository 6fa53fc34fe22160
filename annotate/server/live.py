"""A server's life beside its requests: it follows the model in use, trains when that is due, and is registered."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

from annotate.config import Workspace
from annotate.errors import AnnotError
from annotate.progress import Progress, silent
from annotate.server.events import Event, Failed, NotDue, Order, Told
from annotate.server.metrics import Metrics
from annotate.server.options import ServeOptions
from annotate.server.retraining import Job, Wishes
from annotate.server.served import NotReadyError, Served
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.local import LocalStudio
from annotate.studio.pull import find_answered_project
from annotate.studio.registration import Backend, announce, register, unregister
from annotate.workflow.studio import connected

_FOLLOW_EVERY = 1.0  # seconds
_LOOK_EVERY = 60.0  # seconds, where webhooks told of something: some of them may be lost
_LOOKS_UNTOLD = 5  # so many times that, where they told of nothing
_AFTER_FAILURE = 30.0  # seconds until something that failed is tried again
_FETCHES = 4  # addresses at once
_UNNAMED = "annot"  # the version shown as long as there is no model


@dataclass(frozen=True)
class Listeners:
    """Who is told in a line what happens, and how far a training is."""

    note: Callable[[str], None] = lambda _: None
    progress: Progress = silent


@dataclass
class Live:
    """One server's state, and the tasks that run as long as it does."""

    workspace: Workspace
    options: ServeOptions
    served: Served
    listeners: Listeners
    metrics: Metrics = field(default_factory=Metrics)
    url: str = ""
    activity: str | None = None
    last: Event | None = None
    problem: BaseException | None = None
    ending: bool = False
    n_fetching: int = 0
    fetching: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_FETCHES))
    stop: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        fixed = self.workspace.settings.model is not None
        self.wishes = Wishes(0 if fixed else self.options.after)
        self.metrics.show_model(self.served.version)

    @property
    def backend(self) -> Backend:
        """What Label Studio is told of the server; the mark is the same in every run of a workspace."""
        mark = f"annot serve {sha256(str(self.workspace.root).encode()).hexdigest()[:16]}"
        return Backend(self.options.address or self.url, mark, self.options.token)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Live as long as the context does."""
        loops: list[Callable[[], Coroutine[Any, Any, None]]] = [self._follow, self._train, self._look]
        loops += [self._connect] if self.options.connect else []
        tasks = [asyncio.create_task(loop()) for loop in loops]
        for task in tasks:
            task.add_done_callback(self._told_of_end)
        try:
            yield
        finally:
            self.ending = True
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self.options.connect:
                await self._disconnect()
            self.served.close()

    def _told_of_end(self, task: "asyncio.Task[None]") -> None:
        """Stop the server where one of its loops has failed, so that it does not half live on."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.problem = error
            self.stop()

    @asynccontextmanager
    async def turn_to_fetch(self) -> AsyncIterator[None]:
        """Wait until an address may be fetched; raises ``NotReadyError`` where too many are waited for."""
        if self.n_fetching >= self.options.limits.fetches:
            raise NotReadyError("too many addresses at once; try again in a moment")
        self.n_fetching += 1
        try:
            async with self.fetching:
                yield
        finally:
            self.n_fetching -= 1

    async def _connect(self) -> None:
        """Register with the project, and have it show the version that answers.

        A server that cannot register is of no use, and stops with the error.
        """
        version = self.served.version or _UNNAMED
        await self._in_project(lambda studio, project: register(studio, project, self.backend, version))
        self.listeners.note(f"connected with project '{self.workspace.settings.project}'")
        if version == self.served.version:
            self.wishes.renew_suggestions()
        self.wishes.look_again()
        while True:
            await asyncio.sleep(_FOLLOW_EVERY)
            if self.served.version not in (None, version):
                version = await self._announced(self.served.version) or version

    async def _announced(self, version: str) -> str | None:
        """Have the project show a version; return it, or ``None`` where that is to be tried again."""
        try:
            await self._in_project(lambda studio, project: announce(studio, project, self.backend, version))
        except AnnotError as error:
            self.listeners.note(f"the project does not show suggestions of '{version}' yet: {error}")
            await asyncio.sleep(_AFTER_FAILURE)
            return None
        self.wishes.renew_suggestions()
        return version

    async def _disconnect(self) -> None:
        if self.workspace.settings.url is None and LocalStudio(self.workspace.studio).running() is None:
            return  # it is not started for this: the next start takes out what is left
        try:
            await self._in_project(lambda studio, project: unregister(studio, project, self.backend), at_end=True)
        except AnnotError as error:
            self.listeners.note(f"still registered with the project: {error}")

    async def _in_project(self, act: Callable[[Studio, Project], None], *, at_end: bool = False) -> None:
        """Do something in the project; cancelled, wait until it is done, for a thread does not end for that."""

        def go_on(*_: object, **__: object) -> None:
            if self.ending and not at_end:
                raise AnnotError("the server ends")

        def do() -> None:
            with connected(self.workspace, go_on) as studio:
                project = find_answered_project(studio, self.workspace.settings.project, self.served.schema)
                go_on()
                act(studio, project)

        work = asyncio.create_task(asyncio.to_thread(do))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.gather(work, return_exceptions=True)
            raise

    async def _follow(self) -> None:
        """Take every model that comes into use, by a training, by `annot models use` or otherwise."""
        while True:
            await self.take_model()
            await asyncio.sleep(_FOLLOW_EVERY)

    async def take_model(self) -> None:
        """Take the model in use if it is another; one that cannot be used is told, and the old one stays."""
        before = self.served.version
        try:
            if not await asyncio.to_thread(self.served.refresh):
                return
        except AnnotError as error:
            self.listeners.note(f"'{before}' stays in use: {error}")
            return
        version = self.served.version
        if version is None or version == before:
            return
        self.metrics.show_model(version)
        self.metrics.swaps.inc()
        self.listeners.note(f"'{version}' answers from here on")

    def train_now(self) -> str:
        """Have a model trained because somebody asked, and say what becomes of that."""
        if self.workspace.settings.model is not None:
            return f"'{self.workspace.settings.model}' is served whatever is trained; leave --model out to train"
        self.wishes.ask()
        return "training starts" if self.activity is None else "training starts when the one that runs is done"

    async def _look(self) -> None:
        """Try again what failed, and look what is new: Label Studio drops webhooks not answered in a second."""
        for turn in count(1):
            await asyncio.sleep(_LOOK_EVERY)
            if self.wishes.n_noticed or turn % _LOOKS_UNTOLD == 0:
                self.wishes.look_again(new=self.options.connect)

    async def _train(self) -> None:
        """Do what is wished, one thing at a time."""
        while True:
            await self.wishes.changed.wait()
            wish = self.wishes.take()
            if wish is None:
                continue
            kind, asked = wish
            order = Order(
                kind=kind,
                root=str(self.workspace.root),
                settings=_given(self.workspace),
                pull=True,
                asked=asked,
                after=max(1, self.options.after),
            )
            if isinstance(await self._done(order), Failed):
                self.wishes.keep(kind, asked=asked)
                await asyncio.sleep(_AFTER_FAILURE)

    async def _done(self, order: Order) -> Event:
        self.activity = "starting"
        self.metrics.is_training.set(1)
        try:
            last = await Job(order, self._hear).run()
        except AnnotError as error:
            last = Failed(reason=str(error))
            self._hear(last)
        finally:
            self.activity = None
            self.metrics.is_training.set(0)
        await self.take_model()
        return last

    def _hear(self, event: Event) -> None:
        if isinstance(event, Told):
            self.activity = event.activity
            self.listeners.progress(event.activity, event.done, event.total)
            return
        self.metrics.count(event)
        if isinstance(event, NotDue):  # which is so every few minutes
            self.wishes.notice(event.n_new)  # for they count for the next time
            return
        self.last = event
        self.listeners.note(event.said)


def _given(workspace: Workspace) -> dict[str, str]:
    """Return what options may have set, for the process that trains reads files, environment and keyring itself."""
    chosen = {name: getattr(workspace.settings, name) for name in ("url", "project", "model")}
    return {name: value for name, value in chosen.items() if value is not None}
