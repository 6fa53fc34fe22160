"""Addresses fetched as a guest would: no faster than a server likes, and nothing that robots.txt keeps back."""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import NamedTuple
from urllib.parse import urljoin

from protego import Protego

from annotate.corpus.readers.addresses import Place, place_of
from annotate.corpus.readers.decoding import charset_of
from annotate.corpus.readers.item import FetchLimits
from annotate.corpus.readers.request import Response, request
from annotate.errors import SourceError

ROBOT = "annotate"
_REDIRECTS = (301, 302, 303, 307, 308)
_WAIT = (429, 503)
_MOST_TRIES = 3


class Fetched(NamedTuple):
    """What an address holds; ``address`` is where redirects led, ``charset`` the encoding that the server declares."""

    address: str
    data: bytes
    charset: str | None


Fetch = Callable[[str], Fetched]


class Fetcher:
    """Fetches addresses one after the other, and knows which hosts it has asked and what they allow."""

    def __init__(self, limits: FetchLimits | None = None, *, allow_private: bool = False) -> None:
        self.limits = limits or FetchLimits()
        self.allow_private = allow_private
        self._deadline = time.monotonic() + (self.limits.total or math.inf)
        self._agent = f"{ROBOT}/{version('annotate')} (reads news articles that a person asked for)"
        self._rules: dict[str, Protego] = {}
        self._next_turn: dict[str, float] = defaultdict(float)

    def fetch(self, address: str) -> Fetched:
        """Fetch an address and what it redirects to; raises ``SourceError``."""
        address, response = self._followed(address)
        if response.status != HTTPStatus.OK:
            raise SourceError(f"{address}: the server answers with status {response.status}; check the address")
        return Fetched(address, response.body, charset_of(response.headers.get("Content-Type", "")))

    def _followed(self, address: str, *, is_robots_txt: bool = False) -> tuple[str, Response]:
        """Follow redirects, each checked as the first address is, and return the last address and its answer."""
        for _ in range(self.limits.redirects + 1):
            place = place_of(address, allow_private=self.allow_private)
            response = self._ask(place, address, None if is_robots_txt else self._allowed(place, address))
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location:
                return address, response
            address = _joined(address, location)
        raise SourceError(f"{address}: redirected more than {self.limits.redirects} times; check the address")

    def _allowed(self, place: Place, address: str) -> float | None:
        """Return the seconds that a site wants between requests; raises ``SourceError`` where it wants none at all."""
        rules = self._rules.get(place.origin)
        if rules is None:
            rules = self._rules[place.origin] = Protego.parse(self._robots_txt(place.origin))
        if not rules.can_fetch(place.origin + place.target, ROBOT):
            raise SourceError(f"{address}: robots.txt of this site asks programs to keep out; save the page yourself")
        return rules.crawl_delay(ROBOT)

    def _robots_txt(self, origin: str) -> str:
        """Fetch what a site asks of robots; without such a file all is allowed (RFC 9309, 2.3.1)."""
        address, response = self._followed(f"{origin}/robots.txt", is_robots_txt=True)
        if response.status in _WAIT or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SourceError(f"{address}: the server answers with status {response.status}; try again later")
        return response.body.decode("utf-8", errors="replace")

    def _ask(self, place: Place, address: str, delay: float | None) -> Response:
        """Ask when it is the host's turn, and again where it says that it will answer soon."""
        wanted = 0.0
        for _ in range(_MOST_TRIES):
            self._wait(wanted, address)
            self._wait(self._next_turn[place.origin] - time.monotonic(), address)
            try:
                response = request(place, address, self._agent, self.limits, self._deadline)
            finally:
                self._next_turn[place.origin] = time.monotonic() + max(self.limits.delay, delay or 0)
            told = _retry_after(response)
            if response.status not in _WAIT or told is None:
                break
            wanted = told
        return response

    def _wait(self, seconds: float, address: str) -> None:
        if seconds > self.limits.longest_wait:
            raise SourceError(f"{address}: the server wants {seconds:.0f} seconds between requests; try again later")
        if time.monotonic() + seconds > self._deadline:
            raise SourceError(
                f"{address}: all in all it took longer than {self.limits.total:g} seconds; try again later"
            )
        time.sleep(max(0, seconds))


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise SourceError(f"{address}: redirected to what is no address; check the address") from error


def _retry_after(response: Response) -> float | None:
    """Return the seconds to wait (RFC 9110, 10.2.3), or ``None`` where the server does not say."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return parsedate_to_datetime(value).timestamp() - time.time()
    except ValueError:
        return None
