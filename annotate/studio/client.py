"""Label Studio's API: the only module that imports its SDK."""

import json
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.core.request_options import RequestOptions

from annotate.errors import StudioBusyError, StudioError
from annotate.studio.stream import read_array
from annotate.studio.tasks import Json, to_stamp

_PAGE = 1000
_SELECTED = 250  # ids in one query string; more would make an address too long for some servers
_EXPORTED_WITHIN = 3600  # seconds until the first byte: the server makes the whole export before it sends any
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TASK_FIELDS = [
    "id",
    "data",
    "total_annotations",
    "cancelled_annotations",
    "total_predictions",
    "overlap",
    "updated_at",
]
_HAS_DRAFT = {"filter": "filter:tasks:draft_exists", "operator": "equal", "type": "Boolean", "value": True}
_PASSING = (408, 409, 425, 429)  # with 5xx, what a server answers that may do better a moment later
# A request that was answered with an error may have been carried out: whoever sent it looks before sending it again.
_ONCE = RequestOptions(max_retries=0)


@dataclass(frozen=True)
class Project:
    """A Label Studio project.

    ``shown_version`` is the model whose pre-annotations annotators see, ``sampling`` the order of its queue in Label
    Studio's words.
    """

    id: int
    title: str
    config: str
    instruction: str
    shown_version: str | None
    created_at: str = ""
    sampling: str = ""


@dataclass(frozen=True)
class Counts:
    """How much a project holds; ``n_submitted`` counts annotations and skips."""

    n_tasks: int
    n_submitted: int


@dataclass(frozen=True)
class Task:
    """A task with its data; ``n_submitted`` counts annotations and skips, ``overlap`` how many people it is for."""

    id: int
    data: Json
    n_submitted: int
    n_predictions: int
    overlap: int
    updated_at: str


@dataclass(frozen=True)
class Person:
    """Somebody who has an account; ``name`` is empty where only the e-mail address is known."""

    id: int
    email: str
    name: str


@dataclass(frozen=True)
class RegisteredBackend:
    """An ML backend that is registered with a project; ``description`` says who registered it."""

    id: int
    url: str
    title: str
    description: str


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


class Studio:
    """A Label Studio server, to be closed after use; methods raise ``StudioError`` when it is lost or refuses."""

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
            self._sdk: Any = LabelStudio(base_url=self.url, api_key=api_key, httpx_client=self._connections)

    def _read_clock(self, response: httpx.Response) -> None:
        said = parsedate_tz(response.headers.get("Date") or "")
        self.clock = datetime.fromtimestamp(mktime_tz(said), UTC) if said else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connections.close()

    def account(self) -> Person:
        """Return whose token it is."""
        with self._telling():
            return _person(self._sdk.users.whoami())

    def people(self) -> list[Person]:
        """Return everybody who has an account, by id."""
        with self._telling():
            return sorted((_person(user) for user in self._sdk.users.list()), key=lambda person: person.id)

    def name_person(self, person: Person, first: str, last: str) -> None:
        """Say what somebody is called."""
        with self._telling():
            self._sdk.users.update(id=person.id, first_name=first, last_name=last, request_options=_ONCE)

    def invitation(self) -> str:
        """Return the address at which somebody can make an account."""
        with self._telling():
            return urljoin(self.url, str(self._sdk.organizations.invites.get_invite_link().invite_url))

    def set_sampling(self, project: Project, sampling: str) -> None:
        """Say in which order "Label All Tasks" serves, in Label Studio's words."""
        with self._telling():
            self._sdk.projects.update(id=project.id, sampling=sampling, request_options=_ONCE)

    def find_project(self, title: str) -> Project | None:
        """Return the project of that title, or ``None``; of several the oldest."""
        found = self.project_ids(title)
        if not found:
            return None
        with self._telling():
            project = self._sdk.projects.get(id=min(found))
            shown, made = project.model_version or None, str(project.created_at)
        config, instruction, sampling = project.label_config, project.expert_instruction, project.sampling
        return Project(min(found), title, config or "", instruction or "", shown, made, str(sampling or ""))

    def project_ids(self, title: str, description: str | None = None) -> list[int]:
        """Return the ids of the projects of that title, or of those of that description among them."""
        with self._telling():
            named = [project for project in self._sdk.projects.list(title=title) if project.title == title]
            return [int(each.id) for each in named if description in (None, each.description)]

    def counts(self, project: Project) -> Counts:
        """Return how much a project holds at this moment."""
        with self._telling():
            found = self._sdk.projects.get(id=project.id)
            return Counts(
                int(found.task_number), int(found.total_annotations_number) + int(found.skipped_annotations_number)
            )

    def create_project(self, title: str, config: str, instruction: str, description: str = "") -> Project:
        """Create a project; ``instruction`` is HTML."""
        with self._telling():
            project = self._sdk.projects.create(
                title=title,
                label_config=config,
                expert_instruction=instruction,
                description=description,
                show_instruction=True,
                show_collab_predictions=True,
                sampling="Sequential sampling",
                request_options=_ONCE,
            )
            return Project(int(project.id), title, config, instruction, None)

    def set_config(self, project: Project, config: str) -> None:
        """Change a project's labeling configuration, unless answers would be lost by it."""
        with self._telling():
            self._sdk.projects.validate_label_config(id=project.id, label_config=config, request_options=_ONCE)
            self._sdk.projects.update(id=project.id, label_config=config, request_options=_ONCE)

    def set_instruction(self, project: Project, instruction: str) -> None:
        """Change what annotators read as instructions; ``instruction`` is HTML."""
        with self._telling():
            self._sdk.projects.update(id=project.id, expert_instruction=instruction, request_options=_ONCE)

    def show_version(self, project: Project, version: str) -> None:
        """Show annotators the pre-annotations of that model."""
        with self._telling():
            self._sdk.projects.update(id=project.id, model_version=version, request_options=_ONCE)

    def rename_project(self, project: int, title: str) -> None:
        """Change the title of a project, by its id."""
        with self._telling():
            self._sdk.projects.update(id=project, title=title, request_options=_ONCE)

    def backends(self, project: Project) -> list[RegisteredBackend]:
        """Return the ML backends that are registered with a project."""
        with self._telling():
            found = self._sdk.ml.list(project=project.id)
            return [RegisteredBackend(int(b.id), b.url or "", b.title or "", b.description or "") for b in found]

    def add_backend(self, project: Project, **fields: object) -> int:
        """Register an ML backend by Label Studio's names for its fields, and return its number.

        Label Studio asks it for its health and sets it up before it answers.
        """
        with self._telling():
            return int(self._sdk.ml.create(project=project.id, **fields, request_options=_ONCE).id)

    def change_backend(self, project: Project, backend: int, **fields: object) -> None:
        """Set fields of an ML backend; where its title was the version shown, that becomes the new title."""
        with self._telling():
            self._sdk.ml.update(backend, project=project.id, **fields, request_options=_ONCE)

    def delete_backend(self, backend: int) -> None:
        """Take an ML backend out of its project."""
        with self._telling():
            self._sdk.ml.delete(backend, request_options=_ONCE)

    def webhooks(self, project: Project) -> dict[int, Json]:
        """Return the headers that a project's webhooks send, by the number of each."""
        with self._telling():
            found = self._sdk.webhooks.list(project=str(project.id))
            return {int(hook.id): dict(hook.headers or {}) for hook in found if hook.project == project.id}

    def add_webhook(self, project: Project, url: str, actions: Sequence[str], headers: Json) -> None:
        """Have an address told of actions, named in Label Studio's words, by requests with those headers."""
        with self._telling():
            self._sdk.webhooks.create(
                project=project.id,
                url=url,
                actions=list(actions),
                headers=headers,
                send_payload=True,
                send_for_all_actions=False,
                request_options=_ONCE,
            )

    def delete_webhook(self, webhook: int) -> None:
        """Have an address told of nothing more."""
        with self._telling():
            self._sdk.webhooks.delete(webhook, request_options=_ONCE)

    def tasks(self, project: Project, since: str | None = None) -> Iterator[Task]:
        """Yield every task of a project, or those that were touched at a time or later (ISO 8601, the server's)."""
        later = {
            "filter": "filter:tasks:updated_at",
            "operator": "greater_or_equal",
            "type": "Datetime",
            "value": since,
        }
        return self._tasks(project, {} if since is None else _filtered(later))

    def tasks_among(self, project: Project, ids: Sequence[int]) -> Iterator[Task]:
        """Yield those of the tasks that are still there."""
        for start in range(0, len(ids), _SELECTED):
            yield from self._tasks(project, {"selectedItems": _selected(ids[start : start + _SELECTED])})

    def _tasks(self, project: Project, query: Json) -> Iterator[Task]:
        options: Json = {"query": json.dumps(query)} if query else {}
        with self._telling():
            for task in self._sdk.tasks.list(
                project=project.id, fields="task_only", include=_TASK_FIELDS, page_size=_PAGE, **options
            ):
                n_submitted = (task.total_annotations or 0) + (task.cancelled_annotations or 0)
                n_predictions, overlap = task.total_predictions or 0, task.overlap or 1
                yield Task(task.id, task.data, n_submitted, n_predictions, overlap, to_stamp(task.updated_at))

    def with_drafts(self, project: Project) -> set[int]:
        """Return the ids of the tasks that somebody has begun to answer and not submitted."""
        with self._telling():
            found = self._sdk.tasks.list(
                project=project.id,
                fields="task_only",
                include=["id"],
                page_size=_PAGE,
                query=json.dumps(_filtered(_HAS_DRAFT)),
            )
            return {int(task.id) for task in found}

    def import_tasks(self, project: Project, tasks: Sequence[Json]) -> None:
        """Create tasks, each ``{"data": …, "predictions": […]}``; a batch is taken whole or refused whole."""
        with self._telling():
            self._sdk.projects.import_tasks(id=project.id, request=tasks, request_options=_ONCE)

    def change_task(self, task: int, **fields: object) -> None:
        """Set fields of a task, by Label Studio's names for them; what people answered stays."""
        with self._telling(HTTPStatus.NOT_FOUND):
            self._sdk.tasks.update(id=str(task), **fields, request_options=_ONCE)

    def delete_tasks(self, project: Project, ids: Sequence[int]) -> None:
        """Delete tasks with everything that belongs to them."""
        self._act("delete_tasks", project, ids)

    def predictions(self, project: Project) -> dict[int, list[tuple[str, float]]]:
        """Return model and score of every pre-annotation, by task."""
        found: dict[int, list[tuple[str, float]]] = {}
        with self._telling():
            for made in self._sdk.predictions.list(project=project.id):
                found.setdefault(int(made.task), []).append((made.model_version or "", float(made.score or 0)))
        return found

    def import_predictions(self, project: Project, predictions: Sequence[Json]) -> None:
        """Add pre-annotations to tasks that exist, each with its ``task``."""
        with self._telling():
            self._sdk.projects.import_predictions(id=project.id, request=predictions, request_options=_ONCE)

    def delete_predictions(self, project: Project, tasks: Sequence[int]) -> None:
        """Delete every pre-annotation of some tasks."""
        self._act("delete_tasks_predictions", project, tasks)

    def _act(self, action: str, project: Project, ids: Sequence[int]) -> None:
        """Do something to some tasks; to none nothing, for the server takes an empty selection for all of them."""
        if not ids:
            return
        with self._telling():
            self._sdk.actions.create(
                id=action, project=project.id, selected_items=_selected(ids), request_options=_ONCE
            )

    def export(self, project: Project, ids: Sequence[int] | None = None) -> Iterator[Json]:
        """Yield the tasks that have annotations, with them: of all tasks, or of some."""
        if ids is None:
            yield from self._export(project, {})
            return
        for start in range(0, len(ids), _SELECTED):
            yield from self._export(project, {"ids[]": list(ids[start : start + _SELECTED])})

    def _export(self, project: Project, selection: Json) -> Iterator[Json]:
        options = RequestOptions(timeout=_EXPORTED_WITHIN, additional_query_parameters=selection)
        with self._telling():
            parts = self._sdk.projects.exports.download_sync(
                id=project.id, export_type="JSON", download_all_tasks=False, request_options=options
            )
            yield from read_array(parts)

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


def _person(user: Any) -> Person:  # noqa: ANN401 - the SDK's types differ between requests
    return Person(int(user.id), str(user.email), f"{user.first_name or ''} {user.last_name or ''}".strip())


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


def _selected(ids: Sequence[int]) -> Json:
    return {"all": False, "included": list(ids)}


def _filtered(condition: Json) -> Json:
    return {"filters": {"conjunction": "and", "items": [condition]}}
