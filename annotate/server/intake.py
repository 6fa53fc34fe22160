"""How much is taken in, how answers are sealed, and how long they took."""

import asyncio
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotate.server.answers import refusal
from annotate.server.metrics import Metrics
from annotate.server.options import Limits

_SEALS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Sealed:
    """Adds to every answer what keeps browsers from using it otherwise, and measures it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, sealed and measured."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sealed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _SEALS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, sealed)
        finally:
            route = getattr(scope.get("route"), "path", "other")  # never the path itself: there is no end of those
            method = scope["method"] if scope["method"] in ("GET", "POST") else "other"
            self.metrics.requests.labels(method, route, str(status)).inc()
            self.metrics.seconds.labels(route).observe(time.perf_counter() - began)


class _TooMuchError(Exception):
    """A body is larger than is taken."""


class Bounded:
    """Refuses bodies that are too large or come too slowly, whatever they say of themselves."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the body in whole, and hand it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        largest = self.limits.predict_body if scope["path"] == "/predict" else self.limits.body
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                body = await _body(Headers(scope=scope), receive, largest)
        except _TooMuchError:
            await refusal(413, f"the body is larger than {largest:,} bytes", {"Connection": "close"})(
                scope, receive, send
            )
            return
        except TimeoutError:
            await refusal(408, "the body took too long to arrive", {"Connection": "close"})(scope, receive, send)
            return
        if body is None:
            return  # the client has gone
        handed = False

        async def whole() -> Message:
            nonlocal handed
            if handed:
                return await receive()
            handed = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, whole, send)


async def _body(headers: Headers, receive: Receive, largest: int) -> bytes | None:
    """Return the body, or ``None`` where the client has gone; raises ``_TooMuchError``."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > largest:
        raise _TooMuchError
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if len(body) > largest:
            raise _TooMuchError
        if not message.get("more_body", False):
            return bytes(body)
