"""`annot profile`: what many articles of a source come to."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from annotate.cli.bundles import bundled
from annotate.cli.options import (
    Labels,
    ModelName,
    Open,
    Output,
    Problems,
    State,
    note,
    open_in_browser,
    refuse_overwriting,
    write,
)
from annotate.cli.reading import ReadingOptions, Sources

if TYPE_CHECKING:
    from annotate.config import Workspace
    from annotate.progress import Progress
    from annotate.scoring.source_records import SourceProfiles
    from annotate.workflow.profile import ProfileResult, ReadScores


class SourceFormat(StrEnum):
    """How profiles of sources are written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    MARKDOWN = "md"
    PARQUET = "parquet"
    JSONLD = "jsonld"


@bundled("options", ReadingOptions)
def profile(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    by: Annotated[Literal["outlet", "author", "month"], typer.Option(help="What a source is.")] = "outlet",
    match: Annotated[
        Literal["month", "topic"] | None, typer.Option(help="Compare only articles of the same month or topic.")
    ] = None,
    minimum: Annotated[int, typer.Option(min=2, help="Articles below which nothing is said of a source.")] = 15,
    output: Output = None,
    format_: Annotated[
        SourceFormat | None, typer.Option("--format", "-f", help="[default: as the file's ending says, or table]")
    ] = None,
    model: ModelName = None,
    labels: Labels = None,
    show: Open = False,
) -> None:
    """Sum up the articles of sources, from files of scores or from articles."""
    from datetime import UTC, datetime

    from annotate.cli.progress import progress_on_stderr
    from annotate.scoring.source_profile import Survey
    from annotate.workflow.profile import profile_articles

    refuse_overwriting(sources, output)
    state: State = context.obj
    workspace = state.open(model=model, language=options.language)
    problems = Problems(strict=options.strict)
    written = format_ or _usual_format(output)
    survey = Survey(by, match, minimum, datetime.now(UTC).date())
    with progress_on_stderr() as progress:
        read = _read(workspace, sources, options, problems, progress)
        result = profile_articles(workspace, read, survey, labels or (), with_texts=written is SourceFormat.HTML)
    for remark in () if written is SourceFormat.TABLE else result.profiles.notes:  # which the table tells itself
        note(f"note: {remark}")
    write([_render(result, written)], output)
    if show:
        open_in_browser(output)
    problems.finish(read_any=True)


def _read(
    workspace: "Workspace", sources: list[str], options: ReadingOptions, problems: Problems, progress: "Progress"
) -> "ReadScores":
    """Return what reads the scores: from files of them, else of articles that are scored at once."""
    from annotate.workflow.profile import hold_scores, read_scores, scores_of

    if hold_scores(sources):
        return read_scores(sources, progress)
    from annotate.workflow.articles import Listeners, read_articles
    from annotate.workflow.score import load_chosen, score_documents

    reading = options.reading(workspace.settings, "report")
    documents = read_articles(workspace, sources, reading, Listeners(problems, note, progress), remember=False)
    return scores_of(score_documents(load_chosen(workspace, progress), documents))


def _usual_format(output: Path | None) -> SourceFormat:
    ending = "" if output is None else output.suffix.lstrip(".").lower()
    return SourceFormat(ending) if ending in {each.value for each in SourceFormat} else SourceFormat.TABLE


def _render(result: "ProfileResult", written: SourceFormat) -> str | bytes:
    from annotate.scoring import signals, source_formats

    profiles = result.profiles
    if written is SourceFormat.HTML:
        from annotate.scoring.source_page import render_sources

        return render_sources(profiles, result.schema, result.articles, result.evidence)
    if written is SourceFormat.JSONLD:
        return signals.to_jsonld(profiles, result.schema)
    if written is SourceFormat.TABLE:
        return _table(result)
    writers: dict[SourceFormat, Callable[[SourceProfiles], str | bytes]] = {
        SourceFormat.JSON: source_formats.to_json,
        SourceFormat.JSONL: source_formats.to_jsonl,
        SourceFormat.CSV: source_formats.to_csv,
        SourceFormat.MARKDOWN: source_formats.to_markdown,
        SourceFormat.PARQUET: source_formats.to_parquet,
    }
    return writers[written](profiles)


def _table(result: "ProfileResult") -> str:
    from rich.console import Console

    from annotate.scoring.source_table import to_table

    console = Console(width=None if sys.stdout.isatty() else 140)
    with console.capture() as capture:
        console.print(to_table(result.profiles))
    return capture.get()
