"""`annot review`."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Labels, ModelName, Output, State, inputs, note, refuse_overwriting, write
from annotate.cli.studio import Project, Url
from annotate.wording import counted

if TYPE_CHECKING:
    from annotate.config import Workspace
    from annotate.progress import Progress
    from annotate.quality.label_errors import Suspect


class Format(StrEnum):
    """How suspects are written."""

    TABLE = "table"
    JSONL = "jsonl"


def review(
    context: typer.Context,
    labels: Labels = None,
    model: ModelName = None,
    limit: Annotated[int, typer.Option(min=1, help="How many answers to give, worst first.")] = 50,
    format_: Annotated[
        Format | None, typer.Option("--format", "-f", help="[default: table on a terminal, else jsonl]")
    ] = None,
    output: Output = None,
    push: Annotated[bool, typer.Option("--push", help="Open them in Label Studio, in a project of their own.")] = False,
    project: Project = None,
    url: Url = None,
) -> None:
    """Find labels that are likely mistakes, worst first."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.review import review as run

    state: State = context.obj
    workspace = state.open(model=model, project=project, url=url)
    refuse_overwriting(inputs(workspace, labels), output)
    with progress_on_stderr() as progress:
        result = run(workspace, labels or [], progress)
        worst = result.suspects[:limit]
        pushed = _push(workspace, worst, progress) if push and worst else None
    note(result.summary)
    write([_render(worst, format_ or (Format.TABLE if sys.stdout.isatty() else Format.JSONL))], output)
    if pushed is not None:
        note(f"{counted(pushed[1], 'sentence')} new: {pushed[0]}")


def _push(workspace: "Workspace", worst: "Sequence[Suspect]", progress: "Progress") -> tuple[str, int]:
    # Only here, for the SDK takes a second to load.
    from annotate.workflow.push_review import push_review

    return push_review(workspace, worst, progress)


def _render(suspects: "Sequence[Suspect]", format_: Format) -> str:
    if format_ is Format.JSONL:
        from annotate.corpus.store import to_lines

        return "".join(to_lines(suspects))
    from annotate.cli.tables import suspects_table
    from annotate.cli.written import rendered

    return rendered(suspects_table(suspects)) if suspects else "nothing in doubt\n"
