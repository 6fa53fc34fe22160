"""Figures as tables for a terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from annotate.quality.evaluation import Counts, Evaluation, macro_f1
from annotate.workflow.model import Listed


def print_evaluation(evaluation: Evaluation, title: str) -> None:
    """Print figures by label; what is undefined is a dash."""
    Console().print(Text(title, style="bold"))
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("label", no_wrap=True)
    for heading in ("n", "of", "prec.", "recall", "F1", "MCC", "F1 words", "F1 spans"):
        table.add_column(heading, justify="right", no_wrap=True)
    for label, found in evaluation.items():
        counts = found.sentences
        figures = [counts.precision, counts.recall, counts.f1, found.mcc, _f1(found.words), _f1(found.spans)]
        table.add_row(Text(label), str(found.n_positive), str(found.n_sentences), *map(_shown, figures))
    Console().print(table)
    Console().print(Text(f"n: sentences with the label; macro F1 over sentences: {_shown(macro_f1(evaluation))}"))


def print_models(models: Sequence[Listed]) -> None:
    """Print the models there are, the one in use marked."""
    table = Table("", "model", "base", box=SIMPLE_HEAD)
    for heading in ("sentences", "articles", "macro F1"):
        table.add_column(heading, justify="right")
    for model in models:
        table.add_row("*" if model.in_use else "", Text(model.name), *_cells(model))
    Console().print(table if models else Text("no models yet; make one with `annot train`"))


def _cells(model: Listed) -> list[str]:
    if model.record is None:
        return ["(broken)", "", "", ""]
    data, evaluation = model.record.data, model.record.evaluation
    quality = _shown(macro_f1(evaluation)) if evaluation else "–"
    return [model.record.recipe.base, str(data.n_sentences), str(len(data.articles)), quality]


def _f1(counts: Counts | None) -> float | None:
    return None if counts is None else counts.f1


def _shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"
