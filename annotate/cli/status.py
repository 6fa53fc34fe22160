"""Who labels and how far they are, as tables for a terminal."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from annotate.quality.agreement.choices import ChoiceAgreement
from annotate.studio.entities import Person
from annotate.studio.status import AnnotatorStatus, ArticleStatus, Status
from annotate.studio.submitted import Acceptance
from annotate.wording import counted


def print_people(people: Sequence[Person]) -> None:
    """Print accounts, by the name that labels carry."""
    table = _table("annotator", "e-mail", "name")
    for person in people:
        table.add_row(f"user:{person.id}", Text(person.email), Text(person.name))
    Console().print(table)


def print_status(status: Status) -> None:
    """Print how far a project is; what is undefined is a dash."""
    names = {annotator.annotator: annotator.name for annotator in status.annotators}
    console = Console()
    console.print(_articles(status.articles, names))
    if not status.annotators:
        console.print("nobody has labelled anything yet")
        return
    console.print(_annotators(status.annotators))
    console.print("seconds: median a sentence; as suggested: suggestions left as they were")
    console.print("blind: the same, where the suggestion was not shown")
    if any(label.n_sentences for label in status.agreement):
        console.print(_agreement(status.agreement))


def _articles(articles: Sequence[ArticleStatus], names: dict[str, str]) -> Table:
    table = _table("article", numbers=("sentences", "done", "left", "skipped"))
    for article in articles:
        counts = (article.n_sentences, article.n_done, article.n_left, article.n_skipped)
        table.add_row(Text(article.title), *map(str, counts))
        for work in article.annotators:
            mine = (work.n_done, work.n_left, work.n_skipped)
            table.add_row(Text(f"  {names[work.annotator]}", style="dim"), "", *map(str, mine))
    columns = ((a.n_sentences, a.n_done, a.n_left, a.n_skipped) for a in articles)
    totals = [sum(column) for column in zip(*columns, strict=True)] or [0] * 4
    table.add_section()
    table.add_row(counted(len(articles), "article"), *map(str, totals))
    return table


def _annotators(annotators: Sequence[AnnotatorStatus]) -> Table:
    numbers = ("done", "left", "skipped", "seconds", "an hour", "as suggested", "blind")
    table = _table("annotator", numbers=numbers)
    for each in annotators:
        counts = (each.n_done, each.n_left, each.n_skipped)
        pace = (_shown(each.lead_time, 1), _shown(each.per_hour, 0))
        table.add_row(Text(each.name), *map(str, counts), *pace, _accepted(each.suggested), _accepted(each.blind))
    return table


def _agreement(agreement: Sequence[ChoiceAgreement]) -> Table:
    table = _table("agreement on", numbers=("sentences", "observed", "alpha"))
    for label in agreement:
        figures = (_shown(label.observed, 2), _shown(label.alpha, 2))
        table.add_row(Text(label.label), str(label.n_sentences), *figures)
    return table


def _table(*headings: str, numbers: Sequence[str] = ()) -> Table:
    table = Table(*headings, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in numbers:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _accepted(acceptance: Acceptance | None) -> str:
    return f"{acceptance.n_as_suggested} of {acceptance.n_answers}" if acceptance and acceptance.n_answers else "–"


def _shown(figure: float | None, digits: int) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"
