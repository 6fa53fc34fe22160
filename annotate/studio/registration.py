"""A server of a model, made known to a Label Studio project as its ML backend, and told of what happens there."""

from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass

from pydantic import SecretStr

from annotate.errors import StudioError
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.tasks import Json

USER = "annot"  # whose password the token is, for Label Studio sends no other kind
ACTIONS = ("ANNOTATION_CREATED", "ANNOTATIONS_CREATED", "ANNOTATION_UPDATED", "ANNOTATIONS_DELETED")
_MARK = "X-Annot-Server"
_ANSWERS_WITHIN = 10.0  # seconds that an annotator waits for suggestions at most


@dataclass(frozen=True)
class Backend:
    """Where a server answers, with its token if it demands one; ``mark`` tells its registrations from others'."""

    url: str
    mark: str
    token: SecretStr | None = None

    @property
    def webhook(self) -> str:
        """Where Label Studio tells what happened."""
        return f"{self.url}/webhook"

    @property
    def login(self) -> Json:
        """How Label Studio's requests to a backend say who sends them, in its words."""
        if self.token is None:
            return {"auth_method": "NONE"}
        secret = self.token.get_secret_value()
        return {"auth_method": "BASIC_AUTH", "basic_auth_user": USER, "basic_auth_pass": secret}

    @property
    def headers(self) -> Json:
        """What its webhooks send along: the same, and whose they are."""
        if self.token is None:
            return {_MARK: self.mark}
        secret = b64encode(f"{USER}:{self.token.get_secret_value()}".encode()).decode()
        return {_MARK: self.mark, "Authorization": f"Basic {secret}"}


def register(studio: Studio, project: Project, backend: Backend, version: str) -> None:
    """Have a project ask a backend for the suggestions of tasks that are opened, and show those of a version.

    Label Studio asks for new suggestions where the version shown is the title of a backend, so that is its title.
    What an earlier registration left behind is replaced.

    Raises:
        StudioError: Label Studio does not reach the backend, is not to, or asks another one already.
    """
    unregister(studio, project, backend)
    other = next(iter(studio.backends(project)), None)
    if other is not None:
        raise StudioError(
            f"project '{project.title}' has another ML backend, {other.url}; take it out in the project's settings"
        )
    # First, for Label Studio makes one of its own, without our headers, where a backend has none.
    studio.add_webhook(project, backend.webhook, ACTIONS, backend.headers)
    try:
        studio.add_backend(
            project,
            url=backend.url,
            title=version,
            description=backend.mark,
            timeout=_ANSWERS_WITHIN,
            is_interactive=False,  # which would double spans
            **backend.login,
        )
        studio.show_version(project, version)
    except StudioError:
        unregister(studio, project, backend)
        raise


def announce(studio: Studio, project: Project, backend: Backend, version: str) -> None:
    """Have a project show the suggestions of another version from here on."""
    for each in studio.backends(project):
        if each.description == backend.mark and each.title != version:
            fields = backend.login | {"url": backend.url, "description": backend.mark}
            studio.change_backend(project, each.id, title=version, **fields)


def unregister(studio: Studio, project: Project, backend: Backend) -> None:
    """Take a backend and its webhooks out of a project, which goes on showing what the backend suggested."""
    for number, headers in studio.webhooks(project).items():
        if headers.get(_MARK) == backend.mark:
            studio.delete_webhook(number)
    for each in studio.backends(project):
        if each.description == backend.mark:
            studio.delete_backend(each.id)
            # Label Studio forgets the version with the backend, and refuses one of which it has no suggestion.
            with suppress(StudioError):
                studio.show_version(project, each.title)
