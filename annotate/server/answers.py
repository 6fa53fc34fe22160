"""How a server answers what it cannot do: a status and one sentence, in one form."""

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from annotate.errors import AnnotError, ConfigError, SourceError
from annotate.server.live import Live
from annotate.server.served import NotReadyError


class Refusal(BaseModel):
    """Why a request was refused, in a sentence."""

    detail: str


REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": description}
    for status, description in (
        (400, "The body is no JSON, or what it holds cannot be used"),
        (401, "The token is missing or wrong"),
        (403, "The request comes from another site's page, or is for another host"),
        (408, "The body took too long to arrive"),
        (413, "The body is too large"),
        (422, "A field is missing or has another form"),
        (429, "Too many requests; try again in a minute"),
        (503, "There is no model yet, or too many requests wait"),
    )
}


def live_of(request: Request) -> Live:
    """Return the server's state."""
    state: Live = request.app.state.live
    return state


CurrentLive = Annotated[Live, Depends(live_of)]


def told(error: AnnotError) -> tuple[int, str]:
    """Return the status of an answer and what it says; what is for whoever runs the server stays there."""
    if isinstance(error, NotReadyError):
        return 503, str(error)
    if isinstance(error, (ConfigError, SourceError)):
        return 400, str(error)
    return 503, "the model cannot be used; the server's own messages say why"


def tell_refusals(app: FastAPI) -> None:
    """Have errors answered in one form, without anything of the request, which may hold a token."""

    @app.exception_handler(AnnotError)
    async def _(request: Request, error: AnnotError) -> JSONResponse:
        live_of(request).listeners.note(f"{request.url.path}: {error}")
        return refusal(*told(error))

    @app.exception_handler(RequestValidationError)
    async def _(_: Request, error: RequestValidationError) -> JSONResponse:
        return refusal(422, first_wrong(error))

    @app.exception_handler(HTTPException)
    async def _(_: Request, error: HTTPException) -> JSONResponse:
        return refusal(error.status_code, str(error.detail), error.headers)


def refusal(status: int, detail: str, headers: Any = None) -> JSONResponse:  # noqa: ANN401 - as Starlette has it
    """Return an answer that refuses."""
    return JSONResponse(Refusal(detail=detail).model_dump(), status, headers)


def first_wrong(error: RequestValidationError) -> str:
    """Say which field is wrong and why, without its value."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    return f"{place}: {first['msg']}"
