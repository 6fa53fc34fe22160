"""`annot annotators`, `status`, `login` and `logout`: who labels, how far they are, and on which server."""

import sys
from enum import StrEnum
from typing import Annotated

import typer

from annotate.cli.options import State, note
from annotate.cli.studio import Project, Url

annotators = typer.Typer(help="Give people accounts, or list who has one.", no_args_is_help=True, rich_markup_mode=None)


class Format(StrEnum):
    """How the status is written."""

    TABLE = "table"
    JSON = "json"


@annotators.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A name or an e-mail address.")],
    reset: Annotated[bool, typer.Option("--reset", help="Give somebody who has an account another password.")] = False,
) -> None:
    """Make an account on the embedded Label Studio, and print how to log in."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.people import add_annotator

    state: State = context.obj
    with progress_on_stderr() as progress:
        added = add_annotator(state.open(), name, reset=reset, progress=progress)
    if added.login.password is None:
        typer.echo(f"{added.login.email} has an account already; --reset gives it another password")
        return
    typer.echo(f"label at {added.url}")
    typer.echo(f"log in as {added.login.email} with password {added.login.password}")
    note("the password is kept nowhere: pass it on")


@annotators.command("list")
def list_(context: typer.Context, url: Url = None) -> None:
    """List who has an account."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.cli.status import print_people
    from annotate.workflow.people import list_annotators

    state: State = context.obj
    with progress_on_stderr() as progress:
        people = list_annotators(state.open(url=url), progress)
    if people:
        print_people(people)
    else:
        typer.echo("no accounts yet; make one with `annot annotators add NAME`")


def status(
    context: typer.Context,
    project: Project = None,
    url: Url = None,
    format_: Annotated[
        Format | None, typer.Option("--format", "-f", help="[default: table on a terminal, else json]")
    ] = None,
) -> None:
    """Tell how far the labelling is, by article and by annotator."""
    from annotate.cli.options import write
    from annotate.cli.progress import progress_on_stderr
    from annotate.cli.status import print_status
    from annotate.workflow.status import labelling_status

    state: State = context.obj
    with progress_on_stderr() as progress:
        found = labelling_status(state.open(project=project, url=url), progress)
    if (format_ or (Format.TABLE if sys.stdout.isatty() else Format.JSON)) is Format.TABLE:
        print_status(found)
    else:
        write([f"{found.model_dump_json(indent=2)}\n"], None)


def login(
    context: typer.Context, url: Annotated[str, typer.Argument(metavar="URL", help="The Label Studio's address.")]
) -> None:
    """Keep the token of your account on another Label Studio; it is asked for, or read from standard input."""
    from getpass import getpass

    from annotate.workflow.studio import log_in

    state: State = context.obj
    token = getpass(f"token of your account at {url}: ") if sys.stdin.isatty() else sys.stdin.readline()
    workspace = state.open(url=url, api_key=token)
    person, place = log_in(workspace)
    typer.echo(f"logged in as {person.email}; the token is kept in {place}")


def logout(
    context: typer.Context, url: Annotated[str, typer.Argument(metavar="URL", help="The Label Studio's address.")]
) -> None:
    """Forget the token that is kept for a Label Studio."""
    from annotate.workflow.studio import log_out

    state: State = context.obj
    forgotten = log_out(state.open(url=url))
    typer.echo("the token is forgotten" if forgotten else "no token was kept")
