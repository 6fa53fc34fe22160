"""What is asked of a Label Studio server about tasks, their pre-annotations and what people answered."""

import json
from collections.abc import Iterator, Sequence
from http import HTTPStatus

from annotate.studio.entities import Project, Task
from annotate.studio.stream import read_array
from annotate.studio.tasks import Json, to_stamp
from annotate.studio.transport import ONCE, Options, Transport, all_of

IMPORTED = 1000  # tasks a request: fewer and more are both slower
_PAGE = 1000
_SELECTED = 250  # ids in one query string; more would make an address too long for some servers
_EXPORTED_WITHIN = 3600  # seconds until the first byte: the server makes the whole export before it sends any
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


class TaskRequests(Transport):
    """Requests about the tasks of a project."""

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
            listed = self._sdk.tasks.list(
                project=project.id, fields="task_only", include=_TASK_FIELDS, page_size=_PAGE, **options
            )
            for task in all_of(listed):
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
            return {int(task.id) for task in all_of(found)}

    def import_tasks(self, project: Project, tasks: Sequence[Json]) -> None:
        """Create tasks, each ``{"data": …, "predictions": […]}``; ``IMPORTED`` at a time, taken or refused whole."""
        for start in range(0, len(tasks), IMPORTED):
            with self._telling():
                some = tasks[start : start + IMPORTED]
                self._sdk.projects.import_tasks(id=project.id, request=some, request_options=ONCE)

    def change_task(self, task: int, **fields: object) -> None:
        """Set fields of a task, by Label Studio's names for them; what people answered stays."""
        with self._telling(HTTPStatus.NOT_FOUND):
            self._sdk.tasks.update(id=str(task), **fields, request_options=ONCE)

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
            self._sdk.projects.import_predictions(id=project.id, request=predictions, request_options=ONCE)

    def delete_predictions(self, project: Project, tasks: Sequence[int]) -> None:
        """Delete every pre-annotation of some tasks."""
        self._act("delete_tasks_predictions", project, tasks)

    def _act(self, action: str, project: Project, ids: Sequence[int]) -> None:
        """Do something to some tasks; to none nothing, for the server takes an empty selection for all of them."""
        if not ids:
            return
        with self._telling():
            self._sdk.actions.create(id=action, project=project.id, selected_items=_selected(ids), request_options=ONCE)

    def export(self, project: Project, ids: Sequence[int] | None = None) -> Iterator[Json]:
        """Yield the tasks that have annotations, with them: of all tasks, or of some."""
        if ids is None:
            yield from self._export(project, {})
            return
        for start in range(0, len(ids), _SELECTED):
            yield from self._export(project, {"ids[]": list(ids[start : start + _SELECTED])})

    def _export(self, project: Project, selection: Json) -> Iterator[Json]:
        options = Options(timeout=_EXPORTED_WITHIN, additional_query_parameters=selection)
        with self._telling():
            parts = self._sdk.projects.exports.download_sync(
                id=project.id, export_type="JSON", download_all_tasks=False, request_options=options
            )
            yield from read_array(parts)


def _selected(ids: Sequence[int]) -> Json:
    return {"all": False, "included": list(ids)}


def _filtered(condition: Json) -> Json:
    return {"filters": {"conjunction": "and", "items": [condition]}}
