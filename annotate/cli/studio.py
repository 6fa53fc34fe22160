"""`annot push`, `pull` and `studio`: what talks to Label Studio."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.bundles import bundled
from annotate.cli.options import ModelName, Problems, State, note
from annotate.cli.reading import ReadingOptions

if TYPE_CHECKING:
    from annotate.studio.push import PushOptions

Project = Annotated[str | None, typer.Option("--project", "-p", help="The project's title.  [default: annot]")]
Url = Annotated[str | None, typer.Option("--url", help="A Label Studio's address.  [default: the embedded one]")]
PullOutput = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write.  [default: data/labels.jsonl]")
]

server = typer.Typer(help="Manage the embedded Label Studio.", no_args_is_help=True, rich_markup_mode=None)


class Queue(StrEnum):
    """The order in which sentences are served."""

    READING = "reading"
    UNCERTAINTY = "uncertainty"


@dataclass(frozen=True)
class PushingOptions:
    """What a push is to do."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what differs, and send nothing.")] = False
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete sentences that left their article, unless somebody touched them.")
    ] = False
    comments: Annotated[bool, typer.Option("--comments", help="Push readers' comments too.")] = False
    refresh: Annotated[bool, typer.Option("--refresh", help="Renew the suggestions of what is not labelled yet.")] = (
        False
    )
    min_score: Annotated[
        float, typer.Option(min=0, max=1, help="Leave out suggestions of which the model is less sure.")
    ] = 0
    blind: Annotated[float, typer.Option(min=0, max=1, help="Share of new sentences without suggestion.")] = 0
    overlap: Annotated[float, typer.Option(min=0, max=1, help="Share of the sentences for two people.")] = 0
    order: Annotated[
        Queue | None,
        typer.Option(help="What is served first.  [default: uncertainty, without suggestions reading]"),
    ] = None

    def chosen(self, *, has_sources: bool) -> "PushOptions":
        """Return the options of a push; without sources it is there to renew suggestions."""
        from annotate.studio.push import PushOptions

        given = asdict(self) | {"refresh": self.refresh or not has_sources}
        return PushOptions(**given | {"order": self.order.value if self.order else None})


@bundled("options", ReadingOptions)
@bundled("pushing", PushingOptions)
def push(
    context: typer.Context,
    options: ReadingOptions,
    pushing: PushingOptions,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="As for score; without any, pre-annotations are renewed."),
    ] = None,
    project: Project = None,
    url: Url = None,
    model: ModelName = None,
) -> None:
    """Bring sentences into Label Studio, pre-annotated.

    What is there already is brought up to date; what a failed push did not do, another one does.
    """
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.articles import Listeners, read_articles
    from annotate.workflow.sync import push as run

    state: State = context.obj
    workspace = state.open(project=project, url=url, model=model, language=options.language)
    problems = Problems(strict=options.strict)
    with progress_on_stderr() as progress:
        reading = options.reading(workspace.settings, "report")
        listeners = Listeners(problems, note, progress)
        documents = read_articles(workspace, sources or [], reading, listeners, remember=not pushing.dry_run)
        if documents or not sources:
            address, pushed = run(workspace, documents, pushing.chosen(has_sources=bool(sources)), progress, note)
            typer.echo(f"{pushed.summary}: {address}" if address else pushed.summary)
    problems.finish(read_any=bool(documents))


def pull(
    context: typer.Context,
    output: PullOutput = None,
    project: Project = None,
    url: Url = None,
    whole: Annotated[bool, typer.Option("--all", help="Read everything anew, not only what has changed.")] = False,
) -> None:
    """Fetch what people labelled, into data/labels.jsonl."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.sync import pull as run

    state: State = context.obj
    with progress_on_stderr() as progress:
        result = run(state.open(project=project, url=url), output, progress, whole=whole)
    for problem in result.pulled.problems:
        note(f"annot: {problem}")
    if result.file.kept:
        note(f"labels that Label Studio no longer has are kept in {result.file.kept}")
    typer.echo(result.summary)


@server.command()
def start(
    context: typer.Context,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="The port it answers at.  [default: last time's, else 8080 or a free one]"),
    ] = None,
) -> None:
    """Start it, and leave it running."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.studio.local import LocalStudio

    state: State = context.obj
    local = LocalStudio(state.open().studio)
    with progress_on_stderr() as progress, local.started(port, progress) as running:
        typer.echo(f"Label Studio runs at {running.url}")


@server.command()
def stop(context: typer.Context) -> None:
    """Stop it; labels stay."""
    from annotate.studio.local import LocalStudio

    state: State = context.obj
    stopped = LocalStudio(state.open().studio).stop()
    typer.echo("Label Studio is stopped" if stopped else "Label Studio was not running")


@server.command()
def status(context: typer.Context) -> None:
    """Tell whether it runs, where, and how to log in."""
    from annotate.studio.local import LocalStudio

    state: State = context.obj
    local = LocalStudio(state.open().studio)
    running = local.running()
    typer.echo(
        f"Label Studio runs at {running.url} (process {running.pid})" if running else "Label Studio does not run"
    )
    if local.exists:
        account = local.credentials()
        typer.echo(f"log in as {account.username} with password {account.password}")
