"""`annot train` and `annot models`."""

from pathlib import Path
from typing import Annotated

import typer

from annotate.cli.options import Labels, State, note, write

_WIDE = 160  # columns, where no terminal says how many it has
models = typer.Typer(help="List trained models, or choose the one in use.", rich_markup_mode=None)


def train(
    context: typer.Context,
    labels: Labels = None,
    name: Annotated[str | None, typer.Option(help="The new model's name.  [default: v1, v2, …]")] = None,
    base: Annotated[str | None, typer.Option(help="An encoder: its id or folder.  [default: all-MiniLM-L6-v2]")] = None,
    warmup: Annotated[
        list[Path] | None, typer.Option(help="A file of labels to learn from first; may be given again.")
    ] = None,
    no_starter: Annotated[
        bool, typer.Option("--no-starter", help="Let few labels start from nothing, not from the starter labels.")
    ] = False,
    before: Annotated[bool, typer.Option("--context", help="Read the sentence before, too.")] = False,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="How often it sees every sentence.  [default: by their number]")
    ] = None,
    batch_size: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Sentences a step learns from.  [default: 8, or 16 from 1,000 sentences on]"),
    ] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, help="Folds of articles to measure it with.  [default: 3]")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**32 - 1, help="Of everything that is left to chance.  [default: 0]")
    ] = None,
    device: Annotated[
        str | None, typer.Option(help="Where to train: cpu, cuda, cuda:1.  [default: a GPU where there is one]")
    ] = None,
    accumulate: Annotated[
        int | None, typer.Option(min=1, help="Parts that a batch is learned in, for little memory.  [default: 1]")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted training.")] = False,
    use: Annotated[bool, typer.Option("--use", help="Use the new model even if the one in use is better.")] = False,
    with_test: Annotated[bool, typer.Option("--with-test", help="Learn from the test set of annot next too.")] = False,
) -> None:
    """Train a model on the labels, and use it from then on unless the one in use is better."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.cli.training import print_result, to_recipe
    from annotate.workflow.train import TrainOptions
    from annotate.workflow.train import train as run

    state: State = context.obj
    workspace = state.open(base=base, starter=False if no_starter else None)
    given = {"epochs": epochs, "folds": folds, "seed": seed, "device": device, "accumulate": accumulate}
    recipe = to_recipe(workspace, {**given, "batch_size": batch_size, "context": before})
    told: list[str] = []

    def tell(line: str) -> None:
        note(f"note: {line}")
        told.append(line)

    options = TrainOptions(name, warmup or (), resume, use, with_test, tell)
    with progress_on_stderr() as progress:
        result = run(workspace, labels or [], recipe, options, progress)
    print_result(result, told)


@models.callback(invoke_without_command=True)
def list_models(context: typer.Context) -> None:
    """List trained models, or choose the one in use."""
    if context.invoked_subcommand is not None:
        return
    from annotate.cli.tables import models_table
    from annotate.cli.written import rendered
    from annotate.workflow.model import list_models as run

    state: State = context.obj
    found = run(state.open())
    shown = rendered(models_table(found), wide=_WIDE) if found else "no models yet; make one with `annot train`\n"
    write([shown], None)


@models.command()
def use(context: typer.Context, name: Annotated[str, typer.Argument(help="The model's name.")]) -> None:
    """Make a model the one in use."""
    from annotate.workflow.model import named_instead, use_model

    state: State = context.obj
    workspace = state.open()
    use_model(workspace, name)
    instead = named_instead(workspace, name)
    typer.echo(f"{name} is in use" if instead is None else f"'{instead}' stays in use, for the settings name it")
