"""`annot train` and `annot models`."""

from typing import Annotated

import typer

from annotate.cli.options import Labels, State

models = typer.Typer(help="List trained models, or choose the one in use.", rich_markup_mode=None)


def train(
    context: typer.Context,
    labels: Labels = None,
    name: Annotated[str | None, typer.Option(help="The new model's name.  [default: v1, v2, …]")] = None,
    base: Annotated[str | None, typer.Option(help="An encoder: its id or folder.  [default: all-MiniLM-L6-v2]")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="How often it sees every sentence.  [default: 12]")] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Folds of articles to measure it with.  [default: 3]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of everything that is left to chance.  [default: 0]")] = None,
) -> None:
    """Train a model on the labels, and use it from then on."""
    from annotate.cli.figures import assessment_tables, rendered
    from annotate.cli.progress import progress_on_stderr
    from annotate.models.training_record import Recipe
    from annotate.workflow.train import train as run

    state: State = context.obj
    workspace = state.open(base=base)
    given = {"base": workspace.settings.base, "epochs": epochs, "folds": folds, "seed": seed}
    recipe = Recipe.model_validate({key: value for key, value in given.items() if value is not None})
    with progress_on_stderr() as progress:
        result = run(workspace, labels or [], recipe, name, progress)
    assessment = result.record.assessment
    if assessment is None:
        typer.echo("not measured: the labels come from a single article")
    else:
        title = f"{result.name}: {result.record.n_folds}-fold cross-validation by article"
        typer.echo(rendered(assessment_tables(assessment, title)), nl=False)
    typer.echo(f"{result.name} is in use: {result.folder}")


@models.callback(invoke_without_command=True)
def list_models(context: typer.Context) -> None:
    """List trained models, or choose the one in use."""
    if context.invoked_subcommand is not None:
        return
    from annotate.cli.tables import print_models
    from annotate.workflow.model import list_models as run

    state: State = context.obj
    print_models(run(state.open()))


@models.command()
def use(context: typer.Context, name: Annotated[str, typer.Argument(help="The model's name.")]) -> None:
    """Make a model the one in use."""
    from annotate.workflow.model import use_model

    state: State = context.obj
    use_model(state.open(), name)
    typer.echo(f"{name} is in use")
