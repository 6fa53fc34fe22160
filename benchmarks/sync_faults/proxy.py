"""A TCP proxy before a server, which spoils some of the exchanges that change something."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from random import Random

Fault = Callable[[socket.socket, socket.socket, bytes], None]  # the client, the server, and the request

_PART = 65536
_LINGER_NOT = struct.pack("ii", 1, 0)  # closed so, a connection is reset


class Proxy(socketserver.ThreadingTCPServer):
    """A proxy that spoils the first exchange and a share of the others, drawn by a seed; one exchange a connection."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, server: tuple[str, int], fault: Fault, share: float = 0.4, seed: int = 0) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.behind = server
        self.fault = fault
        self.share = share
        self.random = Random(seed)  # noqa: S311 - nothing is kept secret by it
        self.n_spoilt = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def draws(self) -> bool:
        """Tell whether to spoil the next exchange."""
        is_drawn = self.n_spoilt == 0 or self.random.random() < self.share
        self.n_spoilt += is_drawn
        return is_drawn


class _Exchange(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        request = _read_message(self.request)
        if not request:
            return
        with socket.create_connection(self.server.behind) as behind:
            behind.settimeout(120)
            if not request.startswith(b"GET") and self.server.draws():
                self.server.fault(self.request, behind, request)
                return
            behind.sendall(request)
            if answer := b"".join(iter(partial(behind.recv, _PART), b"")):
                self.request.sendall(_closing(answer))


def error_500(client: socket.socket, _server: socket.socket, _request: bytes) -> None:
    """Answer with a failure, and let the server know nothing."""
    client.sendall(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def error_500_afterwards(client: socket.socket, server: socket.socket, request: bytes) -> None:
    """Have it done, and answer that it failed."""
    server.sendall(request)
    server.recv(_PART)
    error_500(client, server, request)


def reset(client: socket.socket, server: socket.socket, request: bytes) -> None:
    """Hand half of the request on, and reset the connection."""
    server.sendall(request[: len(request) // 2])
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)


def reset_afterwards(client: socket.socket, server: socket.socket, request: bytes) -> None:
    """Have it done, and reset the connection instead of an answer."""
    server.sendall(request)
    server.recv(_PART)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)


def silence(client: socket.socket, server: socket.socket, request: bytes) -> None:
    """Have it done, and never answer: the client gives up waiting."""
    server.sendall(request)
    server.recv(_PART)
    client.settimeout(120)
    client.recv(1)  # until it closes


@contextmanager
def running(proxy: Proxy) -> Iterator[Proxy]:
    """Run a proxy beside what is done."""
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()


def _read_message(connection: socket.socket) -> bytes:
    """Read one request, after which the connection is to be closed; nothing where there is none."""
    read = b""
    while b"\r\n\r\n" not in read:
        part = connection.recv(_PART)
        if not part:
            return b""
        read += part
    head, _, body = read.partition(b"\r\n\r\n")
    lengths = (line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    length = int(next(lengths, b":0").split(b":")[1])
    while len(body) < length and (part := connection.recv(_PART)):
        body += part
    return _closing(b"\r\n\r\n".join((head, body)))


def _closing(message: bytes) -> bytes:
    """Say in a message that the connection is closed after it: a client would send its next request into it."""
    head, _, body = message.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close", b"", body])
