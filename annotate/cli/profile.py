"""`annot profile`: what many articles of a source come to."""

from collections.abc import Callable
from dataclasses import dataclass
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
    check_output,
    note,
    open_in_browser,
    write,
)
from annotate.cli.reading import ReadingOptions, Sources
from annotate.cli.written import format_of, rendered
from annotate.scoring.output import Format

if TYPE_CHECKING:
    from annotate.config import Workspace
    from annotate.progress import Progress
    from annotate.scoring.source_profile import Survey
    from annotate.scoring.source_records import SourceProfiles
    from annotate.workflow.profile import ProfileResult, ReadScores

_WIDE = 140


@dataclass(frozen=True)
class SurveyOptions:
    """What sources are, how they are compared, and whether the comparison alone is written."""

    by: Annotated[Literal["outlet", "author", "month"], typer.Option(help="What a source is.")] = "outlet"
    match: Annotated[
        Literal["month", "topic"] | None, typer.Option(help="Compare only articles of the same month or topic.")
    ] = None
    minimum: Annotated[int, typer.Option(min=2, help="Articles below which nothing is said of a source.")] = 15
    compare: Annotated[bool, typer.Option("--compare", help="Write a page of the comparison alone (html).")] = False

    def survey(self) -> "Survey":
        """Return what is asked for, on this day."""
        from datetime import UTC, datetime

        from annotate.scoring.source_profile import Survey

        return Survey(self.by, self.match, self.minimum, datetime.now(UTC).date())

    def check(self, written: Format) -> None:
        """Refuse what cannot be compared on a page."""
        if self.compare and written is not Format.HTML:
            raise typer.BadParameter("is a page: name one with -o FILE.html, or say -f html", param_hint="--compare")
        if self.compare and self.by == "month":
            raise typer.BadParameter(
                "is of outlets or authors: months are compared by the trend", param_hint="--compare"
            )


@bundled("options", ReadingOptions)
@bundled("asked", SurveyOptions)
def profile(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    asked: SurveyOptions,
    output: Output = None,
    format_: Annotated[
        Format | None, typer.Option("--format", "-f", help="[default: as the file's ending says, or table]")
    ] = None,
    model: ModelName = None,
    labels: Labels = None,
    show: Open = False,
) -> None:
    """Sum up the articles of sources, from files of scores or from articles."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.profile import profile_articles

    check_output(sources, output, opened=show)
    state: State = context.obj
    workspace = state.open(model=model, language=options.language)
    problems = Problems(strict=options.strict)
    written = format_ or format_of(output, Format, Format.TABLE)
    asked.check(written)
    with progress_on_stderr() as progress:
        read = _read(workspace, sources, options, problems, progress)
        with_texts = written is Format.HTML and not asked.compare
        result = profile_articles(workspace, read, asked.survey(), labels or (), with_texts=with_texts)
    for remark in () if written is Format.TABLE else result.profiles.notes:  # which the table tells itself
        note(f"note: {remark}")
    write([_render(result, written, compare=asked.compare)], output)
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
    if not documents:
        problems.finish(read_any=False)
    return scores_of(score_documents(load_chosen(workspace, progress), documents))


def _render(result: "ProfileResult", written: Format, *, compare: bool) -> str | bytes:
    from annotate.scoring import signals, source_formats

    profiles = result.profiles
    if written is Format.HTML:
        return _page(result, compare=compare)
    if written is Format.JSONLD:
        return signals.to_jsonld(profiles, result.schema)
    if written is Format.TABLE:
        from annotate.scoring.source_table import to_table

        return rendered(to_table(profiles), wide=_WIDE)
    writers: dict[Format, Callable[[SourceProfiles], str | bytes]] = {
        Format.JSON: source_formats.to_json,
        Format.JSONL: source_formats.to_jsonl,
        Format.CSV: source_formats.to_csv,
        Format.MARKDOWN: source_formats.to_markdown,
        Format.PARQUET: source_formats.to_parquet,
    }
    return writers[written](profiles)


def _page(result: "ProfileResult", *, compare: bool) -> str:
    if compare:
        from annotate.scoring.comparison_page import render_comparison

        return render_comparison(result.profiles, result.schema)
    from annotate.scoring.source_page import render_sources

    return render_sources(result.profiles, result.schema, result.articles, result.evidence)
