"""`annot push`, `pull` and `studio`: what talks to Label Studio."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import ModelName, Problems, State, note
from annotate.cli.reading import ReadingOptions, reads_sources

Project = Annotated[str | None, typer.Option("--project", "-p", help="The project's title.  [default: annot]")]
Url = Annotated[str | None, typer.Option("--url", help="A Label Studio's address.  [default: the embedded one]")]
PullOutput = Annotated[
    Path | None, typer.Option("--output", "-o", help="The file to write.  [default: data/labels.jsonl]")
]

server = typer.Typer(help="Manage the embedded Label Studio.", no_args_is_help=True, rich_markup_mode=None)


@reads_sources
def push(
    context: typer.Context,
    options: ReadingOptions,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="As for score; without any, pre-annotations are renewed."),
    ] = None,
    project: Project = None,
    url: Url = None,
    model: ModelName = None,
) -> None:
    """Bring sentences into Label Studio, pre-annotated.

    Those that are there stay as they are; what a failed push did not make, another one makes.
    """
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.articles import Listeners, read_articles
    from annotate.workflow.sync import push as run

    state: State = context.obj
    workspace = state.open(project=project, url=url, model=model)
    problems = Problems(strict=options.strict)
    with progress_on_stderr() as progress:
        reading = options.reading(workspace.settings, "report")
        documents = read_articles(workspace, sources or [], reading, Listeners(problems, note, progress))
        if documents or not sources:
            address, pushed = run(workspace, documents, progress, note)
            typer.echo(f"{pushed.summary}: {address}")
    problems.finish(read_any=bool(documents))


def pull(context: typer.Context, output: PullOutput = None, project: Project = None, url: Url = None) -> None:
    """Fetch what people labelled, into data/labels.jsonl."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.sync import pull as run

    state: State = context.obj
    with progress_on_stderr() as progress:
        result = run(state.open(project=project, url=url), output, progress)
    for problem in result.pulled.problems:
        note(f"annot: {problem}")
    if result.kept:
        note(f"labels that Label Studio no longer has are kept in {result.kept}")
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
