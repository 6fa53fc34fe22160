"""`annot anchoring`."""

from enum import StrEnum
from typing import Annotated

import typer

from annotate.cli.options import Labels, Output, State, inputs, note, refuse_overwriting, write


class Format(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"


def anchoring(
    context: typer.Context,
    labels: Labels = None,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write what was found.")] = Format.TEXT,
    output: Output = None,
) -> None:
    """Tell what seeing a model's suggestions does to answers."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.quality.anchoring_words import findings
    from annotate.workflow.anchoring import measure_anchoring

    state: State = context.obj
    workspace = state.open()
    refuse_overwriting(inputs(workspace, labels), output)
    with progress_on_stderr() as progress:
        found = measure_anchoring(workspace, labels or [], progress, note)
    text = "".join(f"{line}\n" for line in findings(found))
    write([text if format_ is Format.TEXT else found.model_dump_json(indent=2) + "\n"], output)
