"""The commands: they read options, call one function, and print what it returns."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli import (
    agreement,
    anchoring,
    datasets,
    evaluation,
    learning,
    ledger,
    people,
    profile,
    review,
    selection,
    serve,
    sources,
    studio,
)
from annotate.cli.group import Group
from annotate.cli.options import State
from annotate.cli.quickstart import quickstart

app = typer.Typer(
    cls=Group,
    help="Annotate news text for loaded terms, unsourced claims and predictions, and learn to do it.",
    epilog="Begin with: annot quickstart",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if wanted:
        from importlib.metadata import version

        typer.echo(f"annot {version('annotate')}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="The folder to work in.  [default: the one around you]"),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback acts
        bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Annotate news text for loaded terms, unsourced claims and predictions, and learn to do it."""
    context.obj = State(workspace)


app.command()(quickstart)
app.command()(sources.ingest)
app.command()(studio.push)
app.command()(studio.pull)
app.command("next")(selection.next_)
app.command()(people.status)
app.command()(agreement.agreement)
app.command()(agreement.adjudicate)
app.command()(learning.train)
app.command()(evaluation.evaluate)
app.command()(review.review)
app.command()(anchoring.anchoring)
app.command()(sources.score)
app.command()(profile.profile)
app.add_typer(ledger.ledger, name="ledger")
app.command()(serve.serve)
app.add_typer(learning.models, name="models", cls=Group)
app.add_typer(people.annotators, name="annotators", cls=Group)
app.command()(people.login)
app.command()(people.logout)
app.add_typer(datasets.dataset, name="dataset", cls=Group)
app.add_typer(studio.server, name="studio", cls=Group)
