"""Label Studio's ML backend protocol, as version 1.23 speaks it; fields that nothing here needs are passed over.

Among those is the API token that it hands over to `/setup`: it is neither kept nor written anywhere.
"""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from annotate.annotation import Scores
from annotate.article import Sentence
from annotate.errors import StudioError
from annotate.models.folder import model_names
from annotate.schema import LabelSchema
from annotate.server.answers import REFUSALS, CurrentLive
from annotate.studio.tasks import BLIND, Json, to_prediction, to_sentence

_NAME = "annot"  # what Label Studio calls a model's class
_ANSWERED = {"ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED"}


class Health(BaseModel):
    """That the server is there."""

    status: Literal["UP"] = "UP"
    model_class: str = _NAME


class Setup(BaseModel):
    """A project's labeling configuration."""

    schema_: Annotated[str, Field(alias="schema", max_length=100_000)]


class Version(BaseModel):
    """The version of the suggestions to come; without a model yet there is none."""

    model_version: str | None


class Task(BaseModel):
    """A task, with the data that it shows."""

    data: dict[str, Any]


class Tasks(BaseModel):
    """Tasks that are to be pre-annotated."""

    tasks: Annotated[list[Task], Field(max_length=2_000)]


class Suggestion(BaseModel):
    """A pre-annotation in Label Studio's form; ``score`` says how sure the model is (0 to 1)."""

    result: list[dict[str, Any]]
    score: float
    model_version: str


class Suggestions(BaseModel):
    """What there is to suggest for each task, in order: one pre-annotation, or none."""

    results: list[list[Suggestion]]


class Named(BaseModel):
    """A project, by its title."""

    title: str | None = None


class Webhook(BaseModel):
    """Something that happened in a project."""

    action: Annotated[str, Field(max_length=100)]
    project: Named | None = None
    annotation: dict[str, Any] | list[Any] | None = None


class Noticed(BaseModel):
    """What becomes of a webhook."""

    status: str


class Versions(BaseModel):
    """The models that there are, and the one that answers."""

    versions: list[str]
    in_use: str | None


router = APIRouter(tags=["Label Studio"])


@router.head("/health", include_in_schema=False)
@router.get("/health")
async def health() -> Health:
    """Say that the server is there."""
    return Health()


@router.post("/setup", responses=REFUSALS)
async def setup(asked: Setup, live: CurrentLive) -> Version:
    """Refuse a project that asks other questions than the model knows."""
    await asyncio.to_thread(live.served.refuse_other_questions, asked.schema_)  # so that others are answered meanwhile
    return Version(model_version=live.served.version)


@router.post("/predict", responses=REFUSALS, response_model=Suggestions)
async def predict(asked: Tasks, live: CurrentLive) -> Response:
    """Suggest answers; to tasks that are blind or not annot's, nothing."""
    longest = live.options.limits.sentence
    # In threads, so that others are answered meanwhile.
    shown = await asyncio.to_thread(lambda: [_shown(task.data, longest) for task in asked.tasks])
    sentences = [sentence for sentence in shown if sentence is not None]
    answering = live.served.answering
    if answering is None or not sentences:
        return JSONResponse({"results": [[] for _ in shown]})
    found = await live.served.scores(sentences, answering.model)
    live.metrics.sentences.inc(len(found))
    return await asyncio.to_thread(_suggested, shown, found, answering.schema)


@router.post("/webhook", responses=REFUSALS)
async def webhook(told: Webhook, live: CurrentLive) -> Noticed:
    """Notice what happened in the project: enough new annotations, or a press of a button, start a training."""
    ours = told.project is None or told.project.title == live.workspace.settings.project
    if not ours:
        return Noticed(status="another project's")
    if told.action == "START_TRAINING":
        return Noticed(status=live.train_now())
    if told.action not in _ANSWERED:
        return Noticed(status="noticed")
    number = len(told.annotation) if isinstance(told.annotation, list) else 1
    live.metrics.answers.inc(number)
    live.wishes.notice(number)
    return Noticed(status="counted")


@router.head("/versions", include_in_schema=False)
@router.get("/versions", responses=REFUSALS)
async def versions(live: CurrentLive) -> Versions:
    """List the models; `annot models use` chooses one, also while this server runs."""
    return Versions(versions=model_names(live.workspace.models), in_use=live.served.version)


def _shown(data: Json, longest: int) -> Sentence | None:
    """Return the sentence of a task, or ``None`` of one that gets no suggestion."""
    try:
        sentence = None if data.get(BLIND) else to_sentence(data)
    except StudioError:
        return None
    return sentence if sentence is not None and len(sentence.text) <= longest else None


def _suggested(shown: Sequence[Sentence | None], found: Sequence[Scores], schema: LabelSchema) -> Response:
    rest = iter(found)
    made = [[] if one is None else [to_prediction(next(rest), schema)] for one in shown]
    return JSONResponse({"results": made})
