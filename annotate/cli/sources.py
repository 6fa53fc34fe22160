"""`annot ingest` and `annot score`: what reads articles and prints what becomes of them."""

from typing import Annotated

import typer

from annotate.cli.bundles import bundled
from annotate.cli.options import Output, Problems, State, check_output, note, open_in_browser, refuse_overwriting, write
from annotate.cli.reading import ReadingOptions, Sources
from annotate.cli.scoring import Corpus, ScoringOptions, write_scores


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
@bundled("how", ScoringOptions)
def score(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    how: ScoringOptions,
    output: Output = None,
) -> None:
    """Score articles with a trained model."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.articles import Listeners

    check_output(sources, output, opened=how.show)
    state: State = context.obj
    workspace = state.open(model=how.model, language=options.language)
    problems = Problems(strict=options.strict)
    with progress_on_stderr() as progress:
        corpus = Corpus(workspace, sources, options.reading(workspace.settings, "take"))
        read_any = write_scores(corpus, how, output, Listeners(problems, note, progress))
    if how.show:
        open_in_browser(output)
    problems.finish(read_any=read_any)
