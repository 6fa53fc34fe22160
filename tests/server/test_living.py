"""What a server does beside its requests, where Label Studio is slow or away."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from annotate.config import Workspace
from annotate.errors import AnnotError
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.run import serve
from annotate.server.served import Served
from annotate.workflow.locks import alone


class SlowStudio:
    """A Label Studio that takes its time, and then answers nobody; it knows how many it ever kept waiting at once."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.asked = threading.Event()
        self.n_waiting = self.most_waiting = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.keep_waiting, args=(connection,)).start()

    def keep_waiting(self, connection: socket.socket) -> None:
        self.n_waiting += 1
        self.most_waiting = max(self.most_waiting, self.n_waiting)
        self.asked.set()
        threading.Event().wait(0.5)
        self.n_waiting -= 1
        connection.close()


@pytest.fixture
def studio() -> Iterator[SlowStudio]:
    studio = SlowStudio()
    thread = threading.Thread(target=studio.run)
    thread.start()
    yield studio
    studio.listener.shutdown(socket.SHUT_RDWR)
    studio.listener.close()
    thread.join()


def living(workspace: Workspace, url: str, told: list[str]) -> Live:
    settings = workspace.settings.model_copy(update={"url": url, "api_key": SecretStr("a" * 40)})
    elsewhere = workspace.model_copy(update={"settings": settings})
    return Live(elsewhere, ServeOptions(after=0, connect=True), Served(workspace), Listeners(told.append))


def test_an_end_waits_for_what_is_done_in_the_project(workspace: Workspace, studio: SlowStudio) -> None:
    told: list[str] = []

    async def ended() -> None:
        async with living(workspace, studio.url, told).running():
            await asyncio.to_thread(studio.asked.wait)

    asyncio.run(ended())
    assert studio.most_waiting == 1
    assert told[-1].startswith("still registered with the project")


def test_a_version_that_cannot_be_shown_yet_is_tried_again(
    workspace: Workspace, studio: SlowStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotate.server.live._AFTER_FAILURE", 0.0)
    told: list[str] = []
    live = living(workspace, studio.url, told)
    assert asyncio.run(live._announced("v2")) is None
    assert told[0].startswith("the project does not show suggestions of 'v2' yet")
    assert live.wishes.next is None


def test_a_workspace_has_one_server_that_is_connected(workspace: Workspace) -> None:
    with alone(workspace, "serving"), pytest.raises(AnnotError, match="another serving runs here"):
        serve(workspace, ServeOptions(connect=True, port=0))
