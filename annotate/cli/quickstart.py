"""`annot quickstart`."""

import typer

from annotate.cli.options import State

_NEXT = """
Next:
  label a few sentences at {url}
  annot pull                    fetch your labels
  annot train                   learn from them
  annot push ARTICLE.txt        bring in an article of your own, pre-annotated
  annot score ARTICLE.txt       or just score it
  annot studio stop             when you are done
"""


def quickstart(context: typer.Context) -> None:
    """Set everything up on five articles, and try it once.

    Done twice, it changes nothing.
    """
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.quickstart import embedded_account
    from annotate.workflow.quickstart import quickstart as run

    state: State = context.obj
    workspace = state.open()
    with progress_on_stderr() as progress:
        result = run(workspace, progress)
    if not result.changed:
        typer.echo("nothing to do: everything is in place")
    for line in result.summary:
        typer.echo(line)
    account = embedded_account(workspace)
    if account is not None:
        typer.echo(f"log in as {account[0]} with password {account[1]}")
    typer.echo(_NEXT.format(url=result.project_url))
