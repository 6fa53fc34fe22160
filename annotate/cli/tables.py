"""Models, and answers in doubt, as tables for a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from annotate.annotation import LabelledSpan
from annotate.cli.figures import shown
from annotate.quality.evaluation import macro_f1
from annotate.workflow.model import Listed

if TYPE_CHECKING:
    from annotate.quality.label_errors import Suspect
    from annotate.selection.choice import Chosen


def suspects_table(suspects: "Sequence[Suspect]") -> Table:
    """Lay out answers in doubt: what was answered, what the model would say, and why."""
    table = Table("#", "label", "in doubt because", "suggested", "sentence", box=SIMPLE_HEAD)
    for number, suspect in enumerate(suspects, start=1):
        cells = (suspect.label, suspect.why, _said(suspect), suspect.text)
        table.add_row(str(number), *map(Text, cells))
    return table


def chosen_table(chosen: "Sequence[Chosen]") -> Table:
    """Lay out sentences to label next, with the label in most doubt."""
    table = Table("#", "in doubt", "", "sentence", box=SIMPLE_HEAD)
    for number, each in enumerate(chosen, start=1):
        doubt = "test set" if each.test else each.label
        table.add_row(str(number), Text(doubt), "" if each.test else shown(each.doubt), Text(each.text))
    return table


def _said(suspect: "Suspect") -> str:
    """Write a suggested answer as a person reads it."""
    items = suspect.suggested
    said = [suspect.text[i.start : i.end] if isinstance(i, LabelledSpan) else i for i in items]
    return "; ".join(said) or "none"


def models_table(models: Sequence[Listed]) -> Table:
    """Lay out models, the one in use marked, with the F1 of each label beside those of the others."""
    labels = list(dict.fromkeys(name for model in models if model.record for name in model.record.evaluation or {}))
    table = Table(box=SIMPLE_HEAD, collapse_padding=True)
    table.add_column()
    table.add_column("model", no_wrap=True, overflow="fold")  # a name that is cut is none
    table.add_column("base", overflow="fold")
    for heading in ("sentences", "articles", "mean F1", *(f"F1 {label}" for label in labels), "MB", "minutes"):
        table.add_column(Text(heading), justify="right", overflow="fold")
    for model in models:
        table.add_row("*" if model.in_use else "", *map(Text, (model.name, *_cells(model, labels))))
    return table


def _cells(model: Listed, labels: Sequence[str]) -> list[str]:
    record = model.record
    if record is None:
        return ["(broken, or of another version)"]
    found = record.evaluation or {}
    of_labels = [shown(found[label].sentences.f1) if label in found else "–" for label in labels]
    minutes = f"{record.cost.seconds / 60:.1f}" if record.cost else "–"
    counts = [str(record.data.n_sentences), str(len(record.data.articles))]
    return [record.recipe.base, *counts, shown(macro_f1(found)), *of_labels, f"{model.size / 1e6:.0f}", minutes]
