"""The application: what answers at which path, and what every request passes on its way there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from annotate.server import page, protocol, scoring
from annotate.server.answers import REFUSALS, CurrentLive, tell_refusals
from annotate.server.guard import Guard
from annotate.server.intake import Bounded, Sealed
from annotate.server.live import Live
from annotate.server.rates import Rates

_ABOUT = (
    "Scores of how sentences are written, from a trained model. They do not say whether a sentence is true. Where the"
    " server demands a token, send it as a bearer token, or as the password of HTTP Basic authentication."
)
router = APIRouter(tags=["state"])


@router.head("/metrics", include_in_schema=False)
@router.get("/metrics", responses=REFUSALS, response_class=PlainTextResponse)
async def metrics(live: CurrentLive) -> Response:
    """Give the server's figures in the form that Prometheus reads."""
    return Response(live.metrics.rendered(), media_type=CONTENT_TYPE_LATEST)


def make_app(live: Live) -> FastAPI:
    """Make the application of a server."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with live.running():
            yield

    # Its pages of documentation load scripts from elsewhere: the description alone stays.
    app = FastAPI(
        title="annot", description=_ABOUT, version=version("annotate"), lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.live = live
    for each in (protocol.router, scoring.router, router, page.router):
        app.include_router(each)
    tell_refusals(app)
    # The last one added is the first one passed.
    app.add_middleware(Bounded, limits=live.options.limits)
    app.add_middleware(Guard, options=live.options, rates=Rates(live.options.limits))
    app.add_middleware(Sealed, metrics=live.metrics)
    return app
