"""`POST /score`: texts and addresses to scores and profiles, for other programs."""

import asyncio
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Field

from annotate.annotation import Scores
from annotate.corpus.segmentation import Document
from annotate.errors import SourceError
from annotate.inference.engine import Model
from annotate.record import Record
from annotate.scoring.profile import Profile, Scored, profile
from annotate.server.answers import REFUSALS, CurrentLive
from annotate.server.live import Live
from annotate.server.options import Limits
from annotate.server.reading import read_address, read_text
from annotate.server.served import Answering

_MOST = 32  # sources in a request


class Text(Record):
    """A text as it stands."""

    text: Annotated[str, Field(min_length=1, max_length=Limits().text)]


class Address(Record):
    """The address of a public page."""

    url: Annotated[str, Field(min_length=8, max_length=2_000, pattern="^[Hh][Tt][Tt][Pp][Ss]?://")]


class Batch(Record):
    """Sources to be scored, each by itself."""

    sources: Annotated[tuple[Text | Address, ...], Field(min_length=1, max_length=_MOST)]


class ScoredSource(Record):
    """What was found in a source: its profile and its sentences in order, or the error that kept it from being read."""

    error: str | None = None
    profile: Profile | None = None
    sentences: tuple[Scores, ...] = ()


class ScoredBatch(Record):
    """What was found in each source, in order, and by which model."""

    model: str
    results: tuple[ScoredSource, ...]


router = APIRouter(tags=["scores"])


@router.post("/score", responses=REFUSALS, response_model=ScoredBatch)
async def score(asked: Batch, live: CurrentLive) -> Response:
    """Score texts and addresses; one that cannot be read has its error in its place, and the rest is scored."""
    answering = live.served.ready()
    results = [await _scored(source, live, answering) for source in asked.sources]
    batch = ScoredBatch(model=answering.version, results=tuple(results))
    return Response(await asyncio.to_thread(batch.model_dump_json), media_type="application/json")


async def _scored(source: Text | Address, live: Live, answering: Answering) -> ScoredSource:
    try:
        article, scores = await score_source(source, live, answering.model)
    except SourceError as error:
        return ScoredSource(error=str(error))
    summary = await asyncio.to_thread(profile, scores, answering.schema, article)
    return ScoredSource(profile=summary, sentences=tuple(scores))


async def score_source(source: Text | Address, live: Live, model: Model) -> Scored:
    """Read a source and score it.

    Raises:
        SourceError: It cannot be read.
        NotReadyError: Too many requests wait.
    """
    document = await _document(source, live)
    scores = await live.served.scores(document.sentences, model)
    live.metrics.sentences.inc(len(scores))
    return document.article, scores


async def _document(source: Text | Address, live: Live) -> Document:
    longest = live.options.limits.text
    if isinstance(source, Text):
        return await asyncio.to_thread(read_text, source.text, live.workspace, longest)
    if not live.options.fetch:
        raise SourceError("this server fetches no addresses; send the text")
    async with live.turn_to_fetch():
        return await asyncio.to_thread(read_address, source.url, live.workspace, longest)
