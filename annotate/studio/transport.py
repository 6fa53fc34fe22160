"""Requests to a Label Studio server: the only module that imports its SDK."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self, TypeAlias

import httpx
from label_studio_sdk.base_client import LabelStudioBase
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.core.request_options import RequestOptions

from annotate.errors import StudioBusyError, StudioError

Options: TypeAlias = RequestOptions

# A request that was answered with an error may have been carried out: whoever sent it looks before sending it again.
ONCE = Options(max_retries=0)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PASSING = (408, 409, 425, 429)  # with 5xx, what a server answers that may do better a moment later


@dataclass(frozen=True)
class Trust:
    """Which certificates of servers are trusted: those signed by a bundle of authorities (PEM), or any at all."""

    verify: bool = True
    ca_bundle: Path | None = None

    @property
    def context(self) -> ssl.SSLContext | bool:
        """What httpx verifies with; raises ``StudioError`` when the bundle cannot be used."""
        if not self.verify or self.ca_bundle is None:
            return self.verify
        try:
            return ssl.create_default_context(cafile=self.ca_bundle)
        except (OSError, ssl.SSLError) as error:
            raise StudioError(f"{self.ca_bundle}: not a file of certificates (PEM); see setting 'ca_bundle'") from error


class Transport:
    """A connection to a server, to be closed after use; requests raise ``StudioError`` when it is lost or refuses."""

    def __init__(self, url: str, api_key: str, timeout: float = 120, trust: Trust | None = None) -> None:
        """Connect to the server at ``url``; ``timeout`` is in seconds and per request."""
        self.url = url.rstrip("/")
        # A proxy of the user's cannot reach this machine's own loopback.
        own = httpx.URL(self.url).host in _LOOPBACK
        self.clock: datetime | None = None  # the server's, at its last answer
        self._connections = httpx.Client(
            timeout=timeout,
            follow_redirects=True,
            trust_env=not own,
            verify=(trust or Trust()).context,
            event_hooks={"response": [self._read_clock]},
        )
        with self._telling():
            # The class above it, which the SDK documents, takes a second to load: it brings pandas and three clouds.
            self._sdk: Any = LabelStudioBase(base_url=self.url, api_key=api_key, httpx_client=self._connections)

    def _read_clock(self, response: httpx.Response) -> None:
        said = parsedate_tz(response.headers.get("Date") or "")
        self.clock = datetime.fromtimestamp(mktime_tz(said), UTC) if said else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connections.close()

    @contextmanager
    def _telling(self, *passing: int) -> Iterator[None]:
        """Turn the SDK's and the network's errors into ours, without what they carry of headers and cookies.

        ``passing`` are further answers after which it helps to look again.
        """
        try:
            yield
        except ApiError as error:
            status = error.status_code or 0
            kind = (
                StudioBusyError
                if status in (*_PASSING, *passing) or status >= HTTPStatus.INTERNAL_SERVER_ERROR
                else StudioError
            )
            raise kind(f"{self.url}: {_refusal(error)}") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            if _is_distrust(error):
                raise StudioError(
                    f"{self.url}: the server's certificate is not trusted; name its authority's in setting 'ca_bundle'"
                ) from error
            raise StudioBusyError(
                f"{self.url}: Label Studio does not answer ({type(error).__name__});"
                " see `annot studio status`, or check the address"
            ) from error
        except (ValueError, AttributeError, KeyError, TypeError) as error:  # what the SDK makes of another shape
            raise StudioError(f"{self.url}: the answer is not Label Studio's; check the address") from error


def all_of(pages: Iterable[Any]) -> Iterator[Any]:
    """Yield what is on the pages of a list; that there is none after the last one, the server tells by an error."""
    try:
        yield from pages
    except ApiError as error:
        if error.status_code != HTTPStatus.NOT_FOUND:
            raise


def _is_distrust(error: BaseException | None) -> bool:
    """Tell whether a connection failed on the server's certificate, which is somewhere among the causes."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _refusal(error: ApiError) -> str:
    if error.status_code in (401, 403):
        return "the token is refused; set LABEL_STUDIO_API_KEY to one of your account's, or run `annot login`"
    if error.status_code == HTTPStatus.NOT_FOUND:
        return "not found (HTTP 404); somebody may have deleted the project, or the address is another server's"
    body: Any = error.body
    said = (body.get("validation_errors") or body.get("detail")) if isinstance(body, dict) else None
    return f"Label Studio refuses (HTTP {error.status_code}): {_in_a_line(said) or 'it does not say why'}"


def _in_a_line(said: object) -> str:
    """Return what an answer says, however it is nested, without its lines and its echo of the request."""
    if isinstance(said, dict):
        said = list(said.values())
    if isinstance(said, list):
        return "; ".join(_in_a_line(part) for part in said)
    return " ".join(str(said).split(" :: ", maxsplit=1)[0].split()) if said else ""
