"""What `annot train` prints of a training."""

from collections.abc import Collection, Iterator, Mapping

import typer

from annotate.cli.figures import assessment_tables
from annotate.cli.options import note
from annotate.cli.written import rendered
from annotate.config import Workspace
from annotate.models.training_record import Recipe, TrainingRecord
from annotate.workflow.train import TrainResult, default_recipe


def to_recipe(workspace: Workspace, given: Mapping[str, object]) -> Recipe:
    """Return the recipe that the settings ask for, with the options that were given."""
    chosen = {name: value for name, value in given.items() if value is not None}
    return Recipe.model_validate({**default_recipe(workspace).model_dump(), **chosen})


def print_result(result: TrainResult, told: Collection[str]) -> None:
    """Print how well a new model does, what more labels would bring, and whether it is in use; no note again."""
    if result.record.measured is None:
        typer.echo("not measured: the labels come from a single article")
    else:
        title = f"{result.name}: {result.record.n_folds}-fold cross-validation by article"
        typer.echo(rendered(assessment_tables(result.record.measured, title)), nl=False)
    for line in _prospects(result.record):
        typer.echo(line)
    for line in result.notes:
        if line not in told:
            note(f"note: {line}")
    if result.rivalry is not None:
        typer.echo(f"{result.name} is {result.rivalry.summary}")
    if result.instead is not None:
        typer.echo(f"'{result.instead}' stays in use, for the settings name it; the new one: {result.folder}")
    elif result.in_use:
        typer.echo(f"{result.name} is in use: {result.folder}")
    else:
        rival = result.rivalry.rival if result.rivalry else ""
        typer.echo(f"'{rival}' stays in use; to use the new one all the same: annot models use {result.name}")


def _prospects(record: TrainingRecord) -> Iterator[str]:
    """Yield, by label, what more labelled sentences are expected to bring."""
    if record.curve is None or not record.curve.labels:
        return
    yield "expected F1 with more labelled sentences (95 % interval of the estimate):"
    for label, curve in record.curve.labels.items():
        gains = (
            f"+{g.more}: {curve.f1 + g.expected:.2f} ({curve.f1 + g.low:.2f} to {curve.f1 + g.high:.2f})"
            for g in curve.gains
        )
        yield f"  {label}: {curve.f1:.2f} with {curve.n};  {';  '.join(gains)}"
