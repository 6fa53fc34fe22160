"""`annot ingest` and `annot score`: what reads articles and prints what becomes of them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from annotate.scoring.output import Format

if TYPE_CHECKING:
    from annotate.schema import LabelSchema
    from annotate.scoring.profile import Evidence, Scored


@bundled("options", ReadingOptions)
def ingest(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    output: Output = None,
    articles: Annotated[bool, typer.Option("--articles", help="Give the articles instead of their sentences.")] = False,
    show_furniture: Annotated[
        bool, typer.Option("--show-furniture", help="Give what is no running text instead, and why.")
    ] = False,
) -> None:
    """Read articles into sentences, as JSON Lines."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.articles import Listeners, article_lines, furniture_lines, rendered_articles, sentence_lines

    refuse_overwriting(sources, output)
    state: State = context.obj
    workspace = state.open(language=options.language)
    render = furniture_lines if show_furniture else article_lines if articles else sentence_lines
    problems = Problems(strict=options.strict)
    reading = options.reading(workspace.settings, "report")
    with progress_on_stderr() as progress:
        lines = rendered_articles(workspace, sources, render, reading, Listeners(problems, note, progress))
        read_any = write(lines, output)
    problems.finish(read_any=read_any)


@bundled("options", ReadingOptions)
def score(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    output: Output = None,
    format_: Annotated[
        Format | None,
        typer.Option("--format", "-f", help="[default: table on a terminal, else as the file's ending says, or jsonl]"),
    ] = None,
    model: ModelName = None,
    labels: Labels = None,
    show: Open = False,
) -> None:
    """Score articles with a trained model."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.articles import Listeners, read_articles
    from annotate.workflow.evidence import load_evidence
    from annotate.workflow.score import load_chosen, score_documents

    refuse_overwriting(sources, output)
    state: State = context.obj
    workspace = state.open(model=model, language=options.language)
    problems = Problems(strict=options.strict)
    with progress_on_stderr() as progress:
        reading = options.reading(workspace.settings, "take")
        documents = read_articles(workspace, sources, reading, Listeners(problems, note, progress), remember=False)
        loaded = load_chosen(workspace, progress)
        evidence = load_evidence(workspace, loaded.schema, loaded.folder, labels or ())
        scored = score_documents(loaded, documents)
    if documents:
        write([_render(scored, loaded.schema, format_ or _usual_format(output), evidence)], output)
    if show:
        open_in_browser(output)
    problems.finish(read_any=bool(documents))


def _usual_format(output: Path | None) -> Format:
    if output is None:
        return Format.TABLE if sys.stdout.isatty() else Format.JSONL
    ending = output.suffix.lstrip(".").lower()
    return Format(ending) if ending in {each.value for each in Format} else Format.JSONL


def _render(scored: "list[Scored]", schema: "LabelSchema", format_: Format, evidence: "Evidence") -> str | bytes:
    if format_ is Format.TABLE:
        return _table(scored, schema, evidence)
    from annotate.scoring.output import render

    return render(scored, schema, format_, evidence)


def _table(scored: "list[Scored]", schema: "LabelSchema", evidence: "Evidence") -> str:
    from rich.console import Console

    from annotate.scoring.table import to_table

    console = Console()
    with console.capture() as capture:
        console.print(to_table(scored, schema, evidence))
    return capture.get()
