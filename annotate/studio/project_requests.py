"""What is asked of a Label Studio server about projects, their ML backends and their webhooks."""

from collections.abc import Sequence

from annotate.studio.entities import Counts, Project, RegisteredBackend
from annotate.studio.tasks import Json
from annotate.studio.transport import ONCE, Transport, all_of


class ProjectRequests(Transport):
    """Requests about projects."""

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
            listed = all_of(self._sdk.projects.list(title=title))
            named = [project for project in listed if project.title == title]
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
                request_options=ONCE,
            )
            return Project(int(project.id), title, config, instruction, None)

    def set_config(self, project: Project, config: str) -> None:
        """Change a project's labeling configuration, unless answers would be lost by it."""
        with self._telling():
            self._sdk.projects.validate_label_config(id=project.id, label_config=config, request_options=ONCE)
            self._sdk.projects.update(id=project.id, label_config=config, request_options=ONCE)

    def set_instruction(self, project: Project, instruction: str) -> None:
        """Change what annotators read as instructions; ``instruction`` is HTML."""
        with self._telling():
            self._sdk.projects.update(id=project.id, expert_instruction=instruction, request_options=ONCE)

    def show_version(self, project: Project, version: str) -> None:
        """Show annotators the pre-annotations of that model."""
        with self._telling():
            self._sdk.projects.update(id=project.id, model_version=version, request_options=ONCE)

    def rename_project(self, project: int, title: str) -> None:
        """Change the title of a project, by its id."""
        with self._telling():
            self._sdk.projects.update(id=project, title=title, request_options=ONCE)

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
            return int(self._sdk.ml.create(project=project.id, **fields, request_options=ONCE).id)

    def change_backend(self, project: Project, backend: int, **fields: object) -> None:
        """Set fields of an ML backend; where its title was the version shown, that becomes the new title."""
        with self._telling():
            self._sdk.ml.update(backend, project=project.id, **fields, request_options=ONCE)

    def delete_backend(self, backend: int) -> None:
        """Take an ML backend out of its project."""
        with self._telling():
            self._sdk.ml.delete(backend, request_options=ONCE)

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
                request_options=ONCE,
            )

    def delete_webhook(self, webhook: int) -> None:
        """Have an address told of nothing more."""
        with self._telling():
            self._sdk.webhooks.delete(webhook, request_options=ONCE)

    def set_sampling(self, project: Project, sampling: str) -> None:
        """Say in which order "Label All Tasks" serves, in Label Studio's words."""
        with self._telling():
            self._sdk.projects.update(id=project.id, sampling=sampling, request_options=ONCE)
