"""A server of the tiny model, asked as any client would ask it."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from annotate.config import Workspace, open_workspace
from annotate.server.app import make_app
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.run import make_server
from annotate.server.served import Served

Serving = Callable[..., AbstractContextManager[TestClient]]


@pytest.fixture
def workspace(trained: Path, tmp_path: Path) -> Workspace:
    """Give a workspace of this test's own, with the tiny model in use."""
    shutil.copytree(trained, tmp_path / "served")
    return open_workspace(tmp_path / "served")


@pytest.fixture
def serving(workspace: Workspace) -> Serving:
    """Give a function that serves the workspace with options, and yields a client of it."""

    @contextmanager
    def serve(told: list[str] | None = None, **options: object) -> Iterator[TestClient]:
        chosen = ServeOptions.model_validate({"after": 0} | options)
        listeners = Listeners((told if told is not None else []).append)
        live = Live(workspace, chosen, Served(workspace, chosen.limits.waiting), listeners)
        with TestClient(make_app(live), base_url="http://localhost:9090") as client:
            yield client

    return serve


@pytest.fixture
def client(serving: Serving) -> Iterator[TestClient]:
    """Give a client of a server that demands no token."""
    with serving() as client:
        yield client


@contextmanager
def at_a_port(live: Live) -> Iterator[str]:
    """Serve from a thread as the command does, and yield the address."""
    server = make_server(live)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
