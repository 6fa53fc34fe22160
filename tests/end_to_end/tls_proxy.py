"""A server that speaks TLS, and hands on what it hears to one that does not."""

import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import trustme


class _Proxy(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext, target: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.context = context
        self.target = target


class _Handler(socketserver.BaseRequestHandler):
    server: _Proxy

    def handle(self) -> None:
        with (
            suppress(OSError),
            self.server.context.wrap_socket(self.request, server_side=True) as near,
            socket.create_connection(("127.0.0.1", self.server.target)) as far,
        ):
            answers = threading.Thread(target=_pump, args=(far, near))
            answers.start()
            _pump(near, far)
            answers.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Hand on what one side says until it has said everything."""
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


@contextmanager
def tls_in_front_of(port: int, authority: trustme.CA) -> Iterator[str]:
    """Yield the https address of a server of this machine, with a certificate for localhost of an authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    with _Proxy(context, port) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"https://localhost:{proxy.server_address[1]}"
        proxy.shutdown()
        thread.join()
