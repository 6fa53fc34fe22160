"""One request to a host that was checked before, within limits of size and time."""

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPException
from socket import SHUT_RDWR
from threading import Event, Timer
from typing import NamedTuple

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from annotate.corpus.readers.addresses import Place
from annotate.corpus.readers.item import FetchLimits
from annotate.errors import SourceError

_PART = 64 * 1024


class Response(NamedTuple):
    """What a server answered; ``body`` is empty unless the status is 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def request(place: Place, address: str, agent: str, limits: FetchLimits, latest: float = math.inf) -> Response:
    """Get what is at an address, without following redirects; cookies are neither sent nor kept.

    By the ``latest`` moment, of the clock that never goes back, it is over in any case.

    Raises:
        SourceError: The server does not answer, is not who it should be, is too slow, or gives too much.
    """
    deadline = min(time.monotonic() + limits.seconds, latest)
    headers = {
        "Host": place.origin.partition("//")[2],
        "User-Agent": agent,
        "Accept": "text/html, application/xhtml+xml, application/pdf, application/rss+xml, application/atom+xml, */*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    with (
        _failures_told(address),
        closing(_connected(place, deadline)) as connection,
        _shut_at(connection, deadline) as is_late,
    ):
        try:
            connection.request("GET", place.target, headers=headers, preload_content=False)
            with closing(connection.getresponse()) as response:
                body = _body(response, address, limits.largest) if response.status == HTTPStatus.OK else b""
        except (HTTPError, HTTPException, OSError) as error:
            if is_late.is_set():
                raise _too_slow(address, limits) from error
            raise
        if is_late.is_set():  # a body without a declared length ends where the connection does
            raise _too_slow(address, limits)
        return Response(response.status, response.headers, body)


def _body(response: BaseHTTPResponse, address: str, largest: int) -> bytes:
    body = bytearray()
    for part in response.stream(_PART, decode_content=True):
        body += part
        if len(body) > largest:
            raise SourceError(f"{address}: over {largest // 1_000_000} MB, too large to fetch")
    return bytes(body)


def _connected(place: Place, deadline: float) -> HTTPConnection:
    """Connect to the first of the hosts that answers; a certificate must be for the host's name."""
    failures: list[Exception] = []
    for numeric in place.hosts:
        connection = _connection(place, numeric, timeout=max(0.001, deadline - time.monotonic()))
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            failures.append(error)
        else:
            return connection
    raise failures[0]


def _connection(place: Place, numeric: str, timeout: float) -> HTTPConnection:
    if place.scheme == "http":
        return HTTPConnection(numeric, place.port, timeout=timeout)
    return HTTPSConnection(numeric, place.port, timeout=timeout, server_hostname=place.host)


@contextmanager
def _shut_at(connection: HTTPConnection, deadline: float) -> Iterator[Event]:
    """Shut a connection when its time is up; a timeout of its socket starts anew with every byte that drips in."""
    is_late = Event()
    socket = connection.sock

    def shut() -> None:
        is_late.set()
        with suppress(OSError):
            socket.shutdown(SHUT_RDWR)

    timer = Timer(max(0, deadline - time.monotonic()), shut)
    timer.daemon = True
    timer.start()
    try:
        yield is_late
    finally:
        timer.cancel()


@contextmanager
def _failures_told(address: str) -> Iterator[None]:
    try:
        yield
    except (HTTPError, HTTPException, OSError) as error:
        reason = str(error) or type(error).__name__
        raise SourceError(f"{address}: cannot be fetched: {reason}; check the address and the network") from error


def _too_slow(address: str, limits: FetchLimits) -> SourceError:
    return SourceError(f"{address}: took longer than {limits.seconds:g} seconds; try again later")
