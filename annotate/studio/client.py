"""Label Studio's API: the only module that imports its SDK."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import httpx
from label_studio_sdk import LabelStudio
from label_studio_sdk.core.api_error import ApiError
from label_studio_sdk.core.request_options import RequestOptions

from annotate.errors import StudioError
from annotate.studio.tasks import Json

_PAGE = 1000
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TASK_FIELDS = ["id", "data", "is_labeled", "total_predictions"]
# A request that was answered with an error may have been carried out: whoever sent it looks before sending it again.
_ONCE = RequestOptions(max_retries=0)


@dataclass(frozen=True)
class Project:
    """A Label Studio project; ``shown_version`` is the model whose pre-annotations annotators see."""

    id: int
    title: str
    config: str
    instruction: str
    shown_version: str | None


@dataclass(frozen=True)
class Task:
    """A task with its data, and whether anybody has labelled or any model pre-annotated it."""

    id: int
    data: Json
    is_labeled: bool
    is_pre_annotated: bool


class Studio:
    """A Label Studio server, to be closed after use; methods raise ``StudioError`` when it is lost or refuses."""

    def __init__(self, url: str, api_key: str, timeout: float = 120) -> None:
        """Connect to the server at ``url``; ``timeout`` is in seconds and per request."""
        self.url = url.rstrip("/")
        # A proxy of the user's cannot reach this machine's own loopback.
        own = httpx.URL(self.url).host in _LOOPBACK
        self._connections = httpx.Client(timeout=timeout, follow_redirects=True, trust_env=not own)
        with self._telling():
            self._sdk: Any = LabelStudio(base_url=self.url, api_key=api_key, httpx_client=self._connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connections.close()

    def find_project(self, title: str) -> Project | None:
        """Return the project of that title, or ``None``; of several the oldest."""
        with self._telling():
            listed = self._sdk.projects.list(title=title)
            found = [int(project.id) for project in listed if project.title == title]
            if not found:
                return None
            project = self._sdk.projects.get(id=min(found))
        shown = project.model_version or None
        return Project(min(found), title, project.label_config or "", project.expert_instruction or "", shown)

    def create_project(self, title: str, config: str, instruction: str) -> Project:
        """Create a project; ``instruction`` is HTML."""
        with self._telling():
            project = self._sdk.projects.create(
                title=title,
                label_config=config,
                expert_instruction=instruction,
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

    def tasks(self, project: Project) -> Iterator[Task]:
        """Yield every task of a project."""
        with self._telling():
            pages = self._sdk.tasks.list(project=project.id, fields="task_only", include=_TASK_FIELDS, page_size=_PAGE)
            for task in pages:
                yield Task(task.id, task.data, bool(task.is_labeled), bool(task.total_predictions))

    def pre_annotated(self, project: Project, version: str) -> set[int]:
        """Return the ids of the tasks that have a pre-annotation of that model."""
        with self._telling():
            found = self._sdk.predictions.list(project=project.id)
            return {int(prediction.task) for prediction in found if prediction.model_version == version}

    def import_tasks(self, project: Project, tasks: Sequence[Json]) -> None:
        """Create tasks, each ``{"data": …, "predictions": […]}``; a batch is taken whole or refused whole."""
        with self._telling():
            self._sdk.projects.import_tasks(id=project.id, request=tasks, request_options=_ONCE)

    def import_predictions(self, project: Project, predictions: Sequence[Json]) -> None:
        """Add pre-annotations to tasks that exist, each with its ``task``."""
        with self._telling():
            self._sdk.projects.import_predictions(id=project.id, request=predictions, request_options=_ONCE)

    def export(self, project: Project) -> list[Json]:
        """Return the tasks that have annotations, with them."""
        with self._telling():
            parts = self._sdk.projects.exports.download_sync(
                id=project.id, export_type="JSON", download_all_tasks=False
            )
            exported = json.loads(b"".join(parts))
            if not isinstance(exported, list):
                raise TypeError("not a list of tasks")
        return exported

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn the SDK's and the network's errors into ours, without what they carry of headers and cookies."""
        try:
            yield
        except ApiError as error:
            raise StudioError(f"{self.url}: {_refusal(error)}") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise StudioError(
                f"{self.url}: Label Studio does not answer ({type(error).__name__});"
                " see `annot studio status`, or check the address"
            ) from error
        except (ValueError, AttributeError, KeyError, TypeError) as error:  # what the SDK makes of another shape
            raise StudioError(f"{self.url}: the answer is not Label Studio's; check the address") from error


def _refusal(error: ApiError) -> str:
    if error.status_code in (401, 403):
        return "the token is refused; set LABEL_STUDIO_API_KEY to one of your account's"
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
