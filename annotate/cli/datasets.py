"""`annot dataset`: public corpora that the user has downloaded, as labels."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Output, State, note, write
from annotate.errors import StoreError

if TYPE_CHECKING:
    from annotate.config import Workspace
    from annotate.workflow.datasets import Download

dataset = typer.Typer(
    help="Turn a public corpus that you have downloaded into labels.", no_args_is_help=True, rich_markup_mode=None
)

Table = Annotated[Path, typer.Argument(metavar="PATH", help="The corpus's file, CSV or Parquet, or a folder of them.")]
Folder = Annotated[Path, typer.Argument(metavar="PATH", help="The corpus's folder.")]
Loaded = Annotated[str | None, typer.Option("--label", help="The label that it answers.  [default: Loaded term]")]
Unsourced = Annotated[
    str | None, typer.Option("--label", help="The label that it answers.  [default: Unsourced claim]")
]
Prediction = Annotated[str | None, typer.Option("--label", help="The label that it answers.  [default: Prediction]")]


@dataset.command()
def babe(context: typer.Context, path: Table, output: Output = None, label: Loaded = None) -> None:
    """Take loaded terms from BABE."""
    from annotate.workflow.datasets import Download

    _convert(context, Download("babe", path, label), output)


@dataset.command()
def ptc(
    context: typer.Context,
    path: Folder,
    output: Output = None,
    label: Loaded = None,
    technique: Annotated[
        list[str] | None,
        typer.Option(help="A technique of propaganda to take; may be given again.  [default: Loaded_Language]"),
    ] = None,
) -> None:
    """Take loaded terms from PTC."""
    from annotate.workflow.datasets import Download

    _convert(context, Download("ptc", path, label, {"techniques": technique} if technique else {}), output)


@dataset.command()
def polnear(
    context: typer.Context,
    path: Folder,
    output: Output = None,
    label: Unsourced = None,
    attributed: Annotated[
        bool, typer.Option("--attributed", help="Leave out what stands in no attribution.", show_default=False)
    ] = False,
) -> None:
    """Take unsourced claims from PolNeAR."""
    from annotate.workflow.datasets import Download

    _convert(context, Download("polnear", path, label, {"attributed": attributed}), output)


@dataset.command("future-tense")
def future_tense(context: typer.Context, path: Table, output: Output = None, label: Prediction = None) -> None:
    """Take predictions from future-tense."""
    from annotate.workflow.datasets import Download

    _convert(context, Download("future-tense", path, label), output)


@dataset.command("anno-lexical")
def anno_lexical(context: typer.Context, path: Table, output: Output = None, label: Loaded = None) -> None:
    """Take loaded terms from Anno-lexical."""
    from annotate.workflow.datasets import Download

    _convert(context, Download("anno-lexical", path, label), output)


@dataset.command()
def newssd(context: typer.Context, path: Table, output: Output = None, label: Unsourced = None) -> None:
    """Take what is no unsourced claim from NewsSD-ENG."""
    from annotate.workflow.datasets import Download

    _convert(context, Download("newssd", path, label), output)


def _convert(context: typer.Context, download: "Download", output: Path | None) -> None:
    from annotate.cli.progress import progress_on_stderr
    from annotate.corpus.store import to_lines
    from annotate.workflow.datasets import convert

    state: State = context.obj
    workspace = state.open()
    _refuse_overwriting(download.path, workspace, output)
    with progress_on_stderr() as progress:
        converted = convert(workspace, download, progress)
    write(to_lines(converted.annotations), output)
    for line in converted.summary:
        note(line)


def _refuse_overwriting(corpus: Path, workspace: "Workspace", output: Path | None) -> None:
    """Raise ``StoreError`` when the output would replace people's work, or one of the corpus's files.

    The latter hold no records, so that records can be written over those of before.
    """
    if output is None or not output.is_file():
        return
    own = (workspace.labels_file, workspace.gold_file, workspace.test_file, workspace.verdicts_file)
    if output.resolve() in {path.resolve() for path in own}:
        raise StoreError(f"{output}: holds what people did in this workspace; write to another file")
    if output.suffix != ".jsonl" and corpus.resolve() in (output.resolve(), *output.resolve().parents):
        raise StoreError(f"{output}: belongs to the corpus; write to another file")
