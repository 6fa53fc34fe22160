"""`annot serve`."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.bundles import bundled
from annotate.cli.options import ModelName, State, note
from annotate.cli.studio import Project, Url

if TYPE_CHECKING:
    from annotate.config import Settings
    from annotate.server.options import ServeOptions


@dataclass(frozen=True)
class ServingOptions:
    """Where to serve, for whom, and when to train."""

    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1"
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any that is free.")] = 9090
    token: Annotated[
        str | None,
        typer.Option(help="Demand this token; better set as ANNOT_SERVE_TOKEN.  [default: on loopback none]"),
    ] = None
    connect: Annotated[
        bool, typer.Option("--connect", help="Register with the project, and unregister at the end.")
    ] = False
    address: Annotated[
        str | None, typer.Option(help="Where Label Studio reaches the server.  [default: its host and port]")
    ] = None
    after: Annotated[int, typer.Option(min=0, help="Train after so many new annotations; 0: only when asked.")] = 50
    fetch: Annotated[bool, typer.Option("--fetch/--no-fetch", help="Let people have addresses fetched.")] = True

    def chosen(self, settings: "Settings") -> "ServeOptions":
        """Return how to serve."""
        from annotate.server.options import ServeOptions

        return ServeOptions(
            host=self.host,
            port=self.port,
            token=settings.serve_token,
            connect=self.connect,
            address=self.address and self.address.rstrip("/"),
            after=self.after,
            fetch=self.fetch,
        )


@bundled("serving", ServingOptions)
def serve(
    context: typer.Context,
    serving: ServingOptions,
    project: Project = None,
    url: Url = None,
    model: ModelName = None,
) -> None:
    """Serve the model to Label Studio, to programs and on a page, and train while people label."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.server.live import Listeners
    from annotate.server.run import serve as run

    state: State = context.obj
    workspace = state.open(project=project, url=url, model=model, serve_token=serving.token)
    options = serving.chosen(workspace.settings)
    if options.has_short_token:
        note("the token is short, and could be guessed; `openssl rand -hex 16` makes one that cannot")
    with progress_on_stderr() as progress:
        run(workspace, options, Listeners(note, progress))
