"""What commands share: the workspace, and options that several of them take."""

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.errors import SourceError, StoreError
from annotate.wording import counted

if TYPE_CHECKING:
    from annotate.config import Workspace

_FLUSHED_EVERY = 0.2  # seconds, for whoever reads the other end of a pipe

Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of standard output.")]
Language = Annotated[str | None, typer.Option(help="Language of the texts (ISO 639-1).  [default: en]")]
ModelName = Annotated[
    str | None, typer.Option("--model", "-m", help="A model's name or folder.  [default: the one in use]")
]
Open = Annotated[bool, typer.Option("--open", help="Open the page that -o names in the browser.")]
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


def write(parts: Iterable[str | bytes], output: Path | None) -> bool:
    """Write data to a file, or to standard output, and return whether there was any; without, a file stays as it is.

    Standard output is what it is at the start, wherever the parts' makers send what they print meanwhile.
    """
    stream = sys.stdout.buffer
    rest = iter(parts)
    first = next(rest, None)
    if first is None:
        return False
    parts = chain([first], rest)
    if output is not None and output != Path("-"):
        from annotate.corpus.store import write_text

        write_text(output, parts)
        return True
    from annotate.corpus.store import to_bytes

    # Bytes, for records are UTF-8 whatever the terminal is.
    flushed = 0.0
    for part in parts:
        stream.write(to_bytes(part))
        if time.monotonic() - flushed > _FLUSHED_EVERY:
            stream.flush()
            flushed = time.monotonic()
    stream.flush()
    return True


def check_output(sources: list[str], output: Path | None, *, opened: bool) -> None:
    """Refuse to overwrite a source (``refuse_overwriting``), and to open what is written to no file."""
    if opened and output in (None, Path("-")):
        raise typer.BadParameter("shows a file; name one with -o", param_hint="--open")
    refuse_overwriting(sources, output)


def refuse_overwriting(sources: list[str], output: Path | None) -> None:
    """Raise ``StoreError`` when the output would take the place of an article that is to be read."""
    if output is not None and output.is_file() and any(_is_in(output, Path(source)) for source in sources):
        raise StoreError(f"{output}: is one of the sources, or in one; write to another file")


def inputs(workspace: "Workspace", labels: list[Path] | None, *more: Path | None) -> list[str]:
    """Return the files that a command reads: labels, those of the workspace if none are named, and others."""
    return [str(path) for path in [*(labels or workspace.label_files), *more] if path is not None]


def _is_in(output: Path, source: Path) -> bool:
    """Tell whether a file is a source, or is read as one of the files of a folder."""
    from annotate.corpus.readers.folder import files_of
    from annotate.corpus.readers.sources import holds_records

    try:
        if not source.is_dir():
            return source.samefile(output)
        files = (file for file in files_of(source, lambda _: None) if isinstance(file, Path))
        return any(file.samefile(output) for file in files) and not holds_records(output)
    except (OSError, SourceError):
        return False  # which is told when it is read


def open_in_browser(output: Path | None) -> None:
    """Open a written page in the browser; ``check_output`` sees to it that there is a file."""
    import webbrowser

    if output is not None:
        webbrowser.open(output.resolve().as_uri())


def note(text: str) -> None:
    """Tell on standard error what a person may want to know."""
    sys.stderr.write(f"{text}\n")


class Problems:
    """Sources that cannot be read: each is told at once, and the exit code says that there were some."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.n = 0

    def __call__(self, problem: SourceError) -> None:
        """Tell a problem, or raise it if the first one is to be the last."""
        if self.strict:
            raise problem
        note(f"annot: {problem}")
        self.n += 1

    def finish(self, *, read_any: bool) -> None:
        """Tell how many there were, and end with exit code 1 if there were any."""
        if self.n > 1 or (self.n and read_any):
            rest = "; the rest is done" if read_any else ""
            note(f"annot: {counted(self.n, 'source')} could not be read{rest}")
        if self.n:
            raise typer.Exit(1)
