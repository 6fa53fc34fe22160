"""`annot annotators`."""

from dataclasses import dataclass

from annotate.config import Workspace
from annotate.errors import StudioError
from annotate.progress import Progress, silent
from annotate.studio.entities import Person
from annotate.studio.local import LocalStudio
from annotate.studio.people import Login, add_person, reset_password
from annotate.workflow.studio import connected, has_studio


@dataclass(frozen=True)
class Added:
    """An account, and the address at which to label: the project's, or the server's where nothing was pushed yet."""

    login: Login
    url: str


def add_annotator(workspace: Workspace, name: str, *, reset: bool = False, progress: Progress = silent) -> Added:
    """Make an account on the embedded server, or give it another password.

    Raises:
        StudioError: Another Label Studio is configured.
    """
    url = workspace.settings.url
    if url is not None:
        raise StudioError(
            f"{url}: accounts of that server are made there; send people the invitation of its page /people"
        )
    with connected(workspace, progress) as studio:
        owner = LocalStudio(workspace.studio).credentials()
        login = reset_password(studio, owner, name) if reset else add_person(studio, name)
        project = studio.find_project(workspace.settings.project)
        return Added(login, f"{studio.url}/projects/{project.id}" if project else studio.url)


def list_annotators(workspace: Workspace, progress: Progress = silent) -> list[Person]:
    """List everybody who has an account on the workspace's Label Studio; nobody where there is none yet."""
    if not has_studio(workspace):
        return []
    with connected(workspace, progress) as studio:
        return studio.people()
