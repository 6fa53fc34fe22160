"""The Label Studio that a workspace uses: the one configured, or the embedded one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from annotate.config import Workspace
from annotate.errors import ConfigError
from annotate.progress import Progress, silent
from annotate.studio.client import Studio
from annotate.studio.local import LocalStudio


@contextmanager
def connected(
    workspace: Workspace, progress: Progress = silent, meanwhile: Callable[[], object] | None = None
) -> Iterator[Studio]:
    """Yield a client of the workspace's Label Studio; the embedded one is started where it does not run.

    ``meanwhile`` is done before the first request, while the embedded server starts.

    Raises:
        ConfigError: An address is configured, and no token.
    """
    settings = workspace.settings
    if settings.url is None:
        local = LocalStudio(workspace.studio)
        with (
            local.started(progress=progress, meanwhile=meanwhile) as server,
            Studio(server.url, local.credentials().token) as studio,
        ):
            yield studio
        return
    if settings.api_key is None:
        raise ConfigError(f"{settings.url}: a token is needed; set LABEL_STUDIO_API_KEY to one of your account's")
    if meanwhile is not None:
        meanwhile()
    with Studio(settings.url, settings.api_key.get_secret_value()) as studio:
        yield studio
