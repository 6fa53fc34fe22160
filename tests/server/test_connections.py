"""Connections that ask nothing, or never come to the end of it, keep nobody out."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from annotate.config import Workspace
from annotate.server.connections import most_connections
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.served import Served
from server.conftest import at_a_port

HALF = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def url(workspace: Workspace) -> Iterator[str]:
    limits = {"connections": 6, "head_seconds": 1}
    options = ServeOptions.model_validate({"after": 0, "limits": limits, "token": "correct-horse-battery"})
    with at_a_port(Live(workspace, options, Served(workspace), Listeners())) as url:
        yield url


@contextmanager
def connected(url: str, *sent: bytes) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=30) as connection:
        for part in sent:
            connection.sendall(part)
        yield connection


def test_requests_that_never_end_keep_nobody_out(url: str) -> None:
    with ExitStack() as open_ones:
        for _ in range(40):
            open_ones.enter_context(connected(url, HALF))
        assert httpx.get(f"{url}/health").json()["status"] == "UP"


@pytest.mark.parametrize("sent", [b"", HALF, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" + HALF])
def test_a_head_that_does_not_come_ends_the_connection(url: str, sent: bytes) -> None:
    with connected(url, sent) as connection:
        assert read_whole(connection).count(b"200 OK") == sent.count(b"\r\n\r\n")


def test_a_byte_now_and_then_prolongs_nothing(url: str) -> None:
    with connected(url, HALF) as connection:
        connection.settimeout(0.1)
        for _ in range(600):
            try:
                connection.sendall(b"X")
                assert connection.recv(100) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                pass
            return
        pytest.fail("it is open still")


def test_who_is_refused_cannot_go_on_sending(url: str) -> None:
    with connected(url, b"POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n") as connection:
        assert b"401" in connection.recv(100)
        connection.sendall(b" ")
        read_whole(connection)


def read_whole(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    return b"".join(iter(lambda: connection.recv(1000), b""))


def test_there_are_fewer_connections_than_files_may_be_open() -> None:
    n_open, n_waiting = most_connections(10**9)
    assert 0 < n_waiting < n_open
    assert most_connections(1) == (1, 1)
