"""`annot evaluate`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import ModelName, Output, State, inputs, refuse_overwriting, write

if TYPE_CHECKING:
    from annotate.workflow.evaluate import EvaluateResult


class Format(StrEnum):
    """How figures are written."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


def evaluate(
    context: typer.Context,
    guesses: Annotated[
        Path | None,
        typer.Argument(metavar="GUESSES", help="A file of annotations or scores to measure.  [default: the model]"),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            "--labels",
            help="A file of annotations, taken for true; may be given again.  [default: those of annot.toml]",
        ),
    ] = None,
    model: ModelName = None,
    compare: Annotated[
        str | None, typer.Option(help="A second model, or a second file where GUESSES is given.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to write the figures.")] = Format.TABLE,
    output: Output = None,
    test: Annotated[bool, typer.Option("--test", help="Measure on the test set of annot next.")] = False,
) -> None:
    """Measure a model on labels it has not learned from, or a file of answers against another."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.evaluate import evaluate_file, evaluate_model, evaluate_test

    state: State = context.obj
    workspace = state.open(model=model)
    second = Path(compare) if compare is not None and guesses is not None else None
    refuse_overwriting(inputs(workspace, against, guesses, second), output)
    _refuse_at_odds(guesses, model, [against, compare], test=test)
    with progress_on_stderr() as progress:
        if test:
            result = evaluate_test(workspace, progress)
        elif guesses is None:
            result = evaluate_model(workspace, against or [], compare, progress)
        else:
            result = evaluate_file(workspace, guesses, against or [], second)
    write([_render(result, format_)], output)


def _refuse_at_odds(guesses: Path | None, model: str | None, others: list[object], *, test: bool) -> None:
    """Refuse options that exclude each other."""
    if guesses is not None and model is not None:
        raise typer.BadParameter("measure either a file or a model", param_hint="--model")
    if test and (guesses is not None or any(others)):
        raise typer.BadParameter("goes with a model, and with its own labels", param_hint="--test")


def _render(result: "EvaluateResult", format_: Format) -> str:
    if format_ is Format.JSON:
        return result.model_dump_json(indent=2) + "\n"
    if format_ is Format.HTML:
        from annotate.scoring.evaluation_page import render_evaluation

        return render_evaluation(result.assessment, result.title, result.compared)
    from annotate.cli.figures import assessment_tables, comparison_table
    from annotate.cli.written import rendered

    tables = [assessment_tables(result.assessment, result.title)]
    if result.compared is not None:
        tables.append(comparison_table(result.assessment, result.guesses, result.compared))
    return rendered(*tables)
