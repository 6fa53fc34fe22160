"""The Label Studio that a workspace uses: the one configured, or the embedded one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from annotate.config import Workspace, user_folder
from annotate.errors import ConfigError, StudioError
from annotate.progress import Progress, silent
from annotate.studio.client import Studio
from annotate.studio.entities import Person
from annotate.studio.local import LocalStudio
from annotate.studio.tokens import Tokens
from annotate.studio.transport import Trust

_LONGEST_TITLE = 50  # characters of a project's title


@contextmanager
def connected(
    workspace: Workspace, progress: Progress = silent, meanwhile: Callable[[], object] | None = None
) -> Iterator[Studio]:
    """Yield a client of the workspace's Label Studio; the embedded one is started where it does not run.

    ``meanwhile`` is done before the first request, while the embedded server starts.

    Raises:
        ConfigError: An address is configured, and no token for it is known.
    """
    url = workspace.settings.url
    if url is None:
        local = LocalStudio(workspace.studio)
        with (
            local.started(progress=progress, meanwhile=meanwhile) as server,
            Studio(server.url, local.credentials().token) as studio,
        ):
            yield studio
        return
    token = workspace.settings.api_key or tokens().find(url)
    if token is None:
        raise ConfigError(f"{url}: a token is needed; set LABEL_STUDIO_API_KEY, or run `annot login {url}`")
    if meanwhile is not None:
        meanwhile()
    with _remote(workspace, url, token) as studio:
        yield studio


def has_studio(workspace: Workspace) -> bool:
    """Tell whether anything can have been pushed: to the server that is configured, or to an embedded one."""
    return workspace.settings.url is not None or LocalStudio(workspace.studio).exists


def refuse_without_project(workspace: Workspace, command: str) -> None:
    """Raise ``StudioError`` where nothing can have been pushed, before a server is started to look."""
    if not has_studio(workspace):
        raise StudioError(f"{workspace.root}: nothing was pushed from here yet; begin with `{command} SOURCE`")


def project_title(workspace: Workspace, suffix: str) -> str:
    """Return the title of a further project, which is called like the workspace's, with a word behind it."""
    return f"{workspace.settings.project[: _LONGEST_TITLE - len(suffix) - 1]} {suffix}"


def tokens() -> Tokens:
    """Return the tokens that the user keeps."""
    return Tokens(user_folder() / "tokens.json")


def log_in(workspace: Workspace) -> tuple[Person, str]:
    """Keep the settings' token for their address, and return whose it is and where it is kept.

    Raises:
        StudioError: The server does not accept it.
    """
    url, token = _address(workspace), workspace.settings.api_key
    if token is None:
        raise ConfigError(f"{url}: no token was given; copy it from your account's page there")
    with _remote(workspace, url, token) as studio:
        person = studio.account()
    return person, tokens().keep(url, token)


def log_out(workspace: Workspace) -> bool:
    """Forget the token of the address that is configured, and return whether one was kept."""
    return tokens().forget(_address(workspace))


def _address(workspace: Workspace) -> str:
    if workspace.settings.url is None:
        raise ConfigError("the embedded Label Studio needs no token; name the address of another")
    return workspace.settings.url


def _remote(workspace: Workspace, url: str, token: SecretStr) -> Studio:
    trust = Trust(workspace.settings.verify_tls, workspace.settings.ca_bundle)
    return Studio(url, token.get_secret_value(), trust=trust)
