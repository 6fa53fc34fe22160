"""Who is let in: by a token, and not by way of a stranger's page in somebody's browser."""

import base64
import binascii
import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from annotate.server.answers import refusal
from annotate.server.options import ServeOptions
from annotate.server.rates import Rates

_OPEN = ("/health",)  # which tells nothing but that the server is there
_READS = ("GET", "HEAD", "OPTIONS")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Guard:
    """Refuses requests before anything reads them.

    Without a token the host that a request names must be this one: a name that leads here would otherwise let its page
    read what is answered (DNS rebinding). Requests that a browser sends for another site's page are refused always.
    """

    def __init__(self, app: ASGIApp, options: ServeOptions, rates: Rates) -> None:
        self.app = app
        self.rates = rates
        self.token = None if options.token is None else options.token.get_secret_value().encode()
        address = urlsplit(options.address or "")
        self.outside = address.netloc  # by which a proxy in front is asked
        self.hosts = {*_LOOPBACK, options.host.lower(), *([address.hostname] if address.hostname else [])}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        refused = self._refused(scope) if scope["type"] == "http" else None
        await (self.app if refused is None else refused)(scope, receive, send)

    def _refused(self, scope: Scope) -> Response | None:
        if scope["path"] in _OPEN:
            return None
        headers, client = Headers(scope=scope), str((scope.get("client") or ("",))[0])
        return (
            self._of_strangers(headers, scope["method"])
            or self._without_token(headers, client)
            or (
                None
                if self.rates.may_ask(client, scope["method"], scope["path"])
                else refusal(429, "too many requests; try again in a minute", {"Retry-After": "60"})
            )
        )

    def _of_strangers(self, headers: Headers, method: str) -> Response | None:
        if self.token is None and _host(headers) not in self.hosts:
            return refusal(403, "this server is for this machine; ask for it as localhost")
        own = {headers.get("host", ""), self.outside} - {""}
        if method not in _READS and _is_of_another_site(headers, own):
            return refusal(403, "requests of other sites' pages are not taken")
        return None

    def _without_token(self, headers: Headers, client: str) -> Response | None:
        if self.token is None:
            return None
        if not self.rates.may_log_in(client):
            return refusal(429, "too many wrong tokens; try again in a minute", {"Retry-After": "60"})
        if _has(headers, self.token):
            return None
        if "authorization" in headers:  # without any, a browser asks first, and a proxy's strangers are no guessers
            self.rates.fail_login(client)
        how = {"WWW-Authenticate": 'Basic realm="annot", charset="UTF-8"'}
        return refusal(401, "a token is needed: as bearer, or as the password of user annot", how)


def _host(headers: Headers) -> str:
    try:
        return urlsplit(f"//{headers.get('host', '')}").hostname or ""
    except ValueError:
        return ""


def _is_of_another_site(headers: Headers, own: set[str]) -> bool:
    """Tell whether a browser says that the request is for a page of another origin than our own ones."""
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("//")[2] not in own


def _has(headers: Headers, token: bytes) -> bool:
    """Tell in constant time whether a request has the token."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given.strip(), validate=True).decode("utf-8").partition(":")[2]
        except (binascii.Error, UnicodeDecodeError, ValueError):
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    return secrets.compare_digest(given.strip().encode("utf-8", "replace"), token)
