"""How output is written: in the format asked for, else as the file's name or the terminal suggests; tables as text."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.console import RenderableType

AnyFormat = TypeVar("AnyFormat", bound=StrEnum)

FORMAT_OF_RECORDS = "[default: as the ending of -o says; else table on a terminal, else jsonl]"
_WIDE = 120


def format_of(output: Path | None, formats: type[AnyFormat], otherwise: AnyFormat) -> AnyFormat:
    """Return the format that a file's ending names."""
    ending = "" if output is None else output.suffix.lstrip(".").lower()
    return formats(ending) if ending in {each.value for each in formats} else otherwise


def format_of_records(output: Path | None, formats: type[AnyFormat]) -> AnyFormat:
    """Return the format of records: a table for people, JSON Lines for programs, or what a file's ending names."""
    shown = output is None and sys.stdout.isatty()
    return format_of(output, formats, formats("table" if shown else "jsonl"))


def rendered(*parts: "RenderableType", wide: int = _WIDE) -> str:
    """Return what a terminal as wide as this one would show; elsewhere, one of so many columns."""
    from rich.console import Console

    console = Console() if Console().is_terminal else Console(width=wide)
    with console.capture() as capture:
        console.print(*parts, sep="\n")
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())
