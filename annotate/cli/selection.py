"""`annot next`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.bundles import bundled
from annotate.cli.options import ModelName, Output, Problems, State, note, refuse_overwriting, write
from annotate.cli.reading import ReadingOptions
from annotate.cli.studio import Project, Url
from annotate.wording import counted

if TYPE_CHECKING:
    from annotate.selection.choice import Chosen
    from annotate.workflow.next import NextResult


class Format(StrEnum):
    """How chosen sentences are written."""

    TABLE = "table"
    JSONL = "jsonl"


@dataclass(frozen=True)
class ChoosingOptions:
    """What to choose, and what becomes of it."""

    n: Annotated[int, typer.Option("-n", "--number", min=1, max=500, help="How many sentences to choose.")] = 50
    test: Annotated[float, typer.Option(min=0, max=1, help="Share of them drawn by chance, as a test set.")] = 0.1
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Choose, and send nothing.")] = False
    format_: Annotated[
        Format | None, typer.Option("--format", "-f", help="[default: table on a terminal, else jsonl]")
    ] = None
    output: Output = None
    model: ModelName = None
    project: Project = None
    url: Url = None


@bundled("options", ReadingOptions)
@bundled("choosing", ChoosingOptions)
def next_(
    context: typer.Context,
    options: ReadingOptions,
    choosing: ChoosingOptions,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="As for push: a pool to choose from beside what waits in Label Studio."),
    ] = None,
) -> None:
    """Choose the sentences to label next, and put them first in the queue."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.selection.choice import Wanted
    from annotate.workflow.articles import Listeners, read_articles
    from annotate.workflow.next import choose_next

    refuse_overwriting(sources or [], choosing.output)
    state: State = context.obj
    workspace = state.open(project=choosing.project, url=choosing.url, model=choosing.model, language=options.language)
    problems, wanted = Problems(strict=options.strict), Wanted(choosing.n, choosing.test)
    with progress_on_stderr() as progress:
        reading = options.reading(workspace.settings, "report")
        listeners = Listeners(problems, note, progress)
        remember = bool(sources) and not choosing.dry_run
        documents = read_articles(workspace, sources or [], reading, listeners, remember=remember)
        if documents or not sources:
            result = choose_next(workspace, documents, wanted, progress, dry_run=choosing.dry_run)
            _tell(result, choosing)
    problems.finish(read_any=bool(documents))


def _tell(result: "NextResult", choosing: ChoosingOptions) -> None:
    from annotate.selection.outlook import advice

    format_ = choosing.format_ or (Format.TABLE if sys.stdout.isatty() and not choosing.output else Format.JSONL)
    note(result.summary)
    if len(result.chosen) < choosing.n:
        note("there are no more that wait")
    write([_render(result.chosen, format_)], choosing.output)
    if result.address is not None:
        rest = "" if result.others_shown else "; the others have no suggestions until `annot push --refresh`"
        note(f"first in the queue, {counted(result.n_new, 'sentence')} new there{rest}: {result.address}")
    for outlook in result.outlook:
        note(outlook.in_words)
    note(advice(result.outlook))


def _render(chosen: "Sequence[Chosen]", format_: Format) -> str:
    if format_ is Format.JSONL:
        from annotate.corpus.store import to_lines

        return "".join(to_lines(chosen))
    from annotate.cli.tables import chosen_table
    from annotate.cli.written import rendered

    return rendered(chosen_table(chosen))
