"""The options of every command that reads sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, cast, get_args

import typer

from annotate.cli.options import Language

if TYPE_CHECKING:
    from annotate.config import Settings
    from annotate.corpus.ingest import Reading
    from annotate.corpus.readers.item import Column

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Files of any kind, folders of them, addresses, feeds, sentence files (.jsonl), or - for standard input.",
    ),
]


@dataclass(frozen=True)
class ReadingOptions:
    """How sources are to be read."""

    language: Language = None
    lines: Annotated[bool, typer.Option("--lines", help="Take each line of a text as one sentence.")] = False
    text_column: Annotated[
        str | None, typer.Option(help="The column of a table that holds the text.  [default: text]")
    ] = None
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=COLUMN",
            help="The column of a table for title, outlet, author, published, url or id; may be given again.",
        ),
    ] = None
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Fetch addresses of this machine and its private networks too.")
    ] = False
    skip_near_duplicates: Annotated[
        bool, typer.Option("--skip-near-duplicates", help="Leave out articles that nearly repeat an earlier one.")
    ] = False
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first source that cannot be read.")] = False
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Read with so many processes.")] = 1

    def reading(self, settings: "Settings", near_duplicates: Literal["take", "report"]) -> "Reading":
        """Return how to read, in the language of the settings, which are to be opened with what was chosen."""
        from annotate.corpus.ingest import Reading
        from annotate.corpus.readers.item import SourceOptions

        return Reading(
            language=settings.language,
            lines=self.lines,
            near_duplicates="skip" if self.skip_near_duplicates else near_duplicates,
            jobs=self.jobs,
            furniture=settings.furniture,
            sources=SourceOptions(
                **({"text_column": self.text_column} if self.text_column else {}),
                columns=_columns(self.column or []),
                allow_private=self.allow_private,
            ),
        )


def _columns(given: Sequence[str]) -> "dict[Column, str]":
    """Return which column holds which field, from ``FIELD=COLUMN`` each."""
    from annotate.corpus.readers.item import Column

    pairs = [text.partition("=") for text in given]
    for field, _, column in pairs:
        if field not in get_args(Column) or not column:
            raise typer.BadParameter(
                f"FIELD=COLUMN, where FIELD is {', '.join(get_args(Column))}", param_hint="--column"
            )
    return {cast("Column", field): column for field, _, column in pairs}
