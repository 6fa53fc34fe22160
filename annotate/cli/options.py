"""What commands share: the workspace, and options that several of them take."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.errors import SourceError, StoreError
from annotate.wording import counted

if TYPE_CHECKING:
    from annotate.config import Workspace

Sources = Annotated[
    list[Path],
    typer.Argument(
        metavar="SOURCE", help="Text files, folders of them, sentence files (.jsonl), or - for standard input."
    ),
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")]
Language = Annotated[str | None, typer.Option(help="Language of the texts (ISO 639-1).  [default: en]")]
Lines = Annotated[bool, typer.Option("--lines", help="Take each line of a text as one sentence.")]
ModelName = Annotated[
    str | None, typer.Option("--model", "-m", help="A model's name or folder.  [default: the one in use]")
]
Labels = Annotated[
    list[Path] | None,
    typer.Option("--labels", help="A file of annotations; may be given again.  [default: those of annot.toml]"),
]


@dataclass(frozen=True)
class State:
    """What was said before the command's name."""

    workspace: Path | None

    def open(self, **options: object) -> "Workspace":
        """Open the workspace, with a command's own options over its settings."""
        from annotate.config import open_workspace

        return open_workspace(self.workspace, **options)


def write(text: str, output: Path | None) -> None:
    """Write data to a file, or to standard output."""
    if output is not None and output != Path("-"):
        from annotate.corpus.store import write_text

        write_text(output, [text])
        return
    # Bytes, for records are UTF-8 whatever the terminal is.
    sys.stdout.buffer.write(text.encode("utf-8"))
    sys.stdout.buffer.flush()


def refuse_overwriting(sources: list[Path], output: Path | None) -> None:
    """Raise ``StoreError`` when the output would take the place of an article that is to be read."""
    if output is None or not output.is_file():
        return
    if any(path.samefile(output) for source in sources for path in _files_of(source)):
        raise StoreError(f"{output}: is one of the sources, or in one; write to another file")


def _files_of(source: Path) -> list[Path]:
    from annotate.corpus.reading import article_files

    try:
        return article_files(source)
    except SourceError:
        return []  # which is told when it is read


def note(text: str) -> None:
    """Tell on standard error what a person may want to know."""
    sys.stderr.write(f"{text}\n")


def report_problems(problems: list[SourceError], n_read: int) -> None:
    """Print what could not be read, and end with exit code 1 if anything could not be."""
    for problem in problems:
        note(f"annot: {problem}")
    if len(problems) > 1 or (problems and n_read):
        rest = "; the rest is done" if n_read else ""
        note(f"annot: {counted(len(problems), 'source')} could not be read{rest}")
    if problems:
        raise typer.Exit(1)
