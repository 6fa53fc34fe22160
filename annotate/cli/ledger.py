"""`annot ledger`: predictions, what came of them, and the record of a source."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from annotate.cli.bundles import bundled
from annotate.cli.group import Group
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
from annotate.cli.studio import Project, Url
from annotate.cli.written import FORMAT_OF_RECORDS, format_of_records, rendered
from annotate.wording import counted

if TYPE_CHECKING:
    from annotate.config import Workspace
    from annotate.ledger.entry import Entry
    from annotate.ledger.track_record import TrackRecord
    from annotate.progress import Progress
    from annotate.workflow.ledger import Found, LedgerOptions

FEWEST = 20  # as of `annotate.ledger.track_record`, which brings SciPy


class _ShowsByDefault(Group):
    """A group that takes what is no command of its own for the arguments of `show`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer keeps its type to itself
        known = {*self.commands, "-h", "--help"}
        return super().parse_args(ctx, ["show", *args] if args and args[0] not in known else args)


ledger = typer.Typer(
    help="List predictions, when they are due and how firmly they are put; `annot ledger SOURCE` is `show`.",
    cls=_ShowsByDefault,
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """How a ledger is written."""

    TABLE = "table"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day of the form YYYY-MM-DD") from error


@dataclass(frozen=True)
class FindingOptions:
    """What is taken for a prediction, and which day it is."""

    labels: Labels = None
    model: ModelName = None
    comments: Annotated[bool, typer.Option("--comments", help="Take readers' comments in too.")] = False
    today: Annotated[
        date | None,
        typer.Option(
            parser=_day, metavar="YYYY-MM-DD", help="The day by which predictions are overdue.  [default: today]"
        ),
    ] = None

    @property
    def day(self) -> date:
        """The day by which predictions are overdue."""
        return self.today or date.today()

    def chosen(self) -> "LedgerOptions":
        """Return the options of a ledger."""
        from annotate.workflow.ledger import LedgerOptions

        return LedgerOptions(self.day, self.labels or [], self.comments)


@dataclass(frozen=True)
class LedgerPushOptions:
    """What a push of predictions is to do."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what differs, and send nothing.")] = False
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Delete what its article no longer predicts, unless somebody touched it."),
    ] = False


Fewest = Annotated[int, typer.Option(min=1, help="Say nothing of sources with fewer settled predictions.")]
Whose = Annotated[Literal["outlet", "author"], typer.Option(help="What a source is.")]


@ledger.command()
@bundled("options", ReadingOptions)
@bundled("finding", FindingOptions)
def show(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    finding: FindingOptions,
    output: Output = None,
    format_: Annotated[Format | None, typer.Option("--format", "-f", help=FORMAT_OF_RECORDS)] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Give only what is overdue.")] = False,
    by: Whose = "outlet",
    min_settled: Fewest = FEWEST,
    open_: Open = False,
) -> None:
    """List the predictions of articles, overdue ones first."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.ledger.track_record import track_records
    from annotate.workflow.ledger import read_ledger

    check_output(sources, output, opened=open_)
    state: State = context.obj
    problems = Problems(strict=options.strict)
    workspace = state.open(model=finding.model, language=options.language)
    with progress_on_stderr() as progress:
        found = _find(workspace, sources, (options, finding), (problems, progress))
    if found is not None:
        entries = read_ledger(workspace, found, finding.chosen(), note)
        records = track_records(entries, by, min_settled)
        shown = [entry for entry in entries if entry.overdue or not overdue]
        write([_render(shown, records, finding.day, format_ or format_of_records(output, Format))], output)
        if open_:
            open_in_browser(output)
    problems.finish(read_any=found is not None)


@ledger.command()
@bundled("options", ReadingOptions)
@bundled("finding", FindingOptions)
@bundled("pushing", LedgerPushOptions)
def push(
    context: typer.Context,
    sources: Sources,
    options: ReadingOptions,
    finding: FindingOptions,
    pushing: LedgerPushOptions,
    project: Project = None,
    url: Url = None,
) -> None:
    """Bring predictions into a Label Studio project of their own, where people say what came of them."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.studio.ledger_push import Predictions
    from annotate.workflow.ledger import read_ledger
    from annotate.workflow.sync_ledger import push_ledger

    state: State = context.obj
    problems = Problems(strict=options.strict)
    workspace = state.open(model=finding.model, language=options.language, project=project, url=url)
    with progress_on_stderr() as progress:
        found = _find(workspace, sources, (options, finding), (problems, progress), remember=not pushing.dry_run)
        if found is not None:
            entries = read_ledger(workspace, found, finding.chosen(), note)
            wanted = Predictions(entries, found.article_ids, pushing.prune)
            address, pushed = push_ledger(workspace, wanted, progress, dry_run=pushing.dry_run)
            typer.echo(f"{pushed.summary}: {address}" if address else pushed.summary)
    problems.finish(read_any=found is not None)


@ledger.command()
def pull(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file to write.  [default: data/verdicts.jsonl]")
    ] = None,
    project: Project = None,
    url: Url = None,
) -> None:
    """Fetch what people found to have come of predictions, into data/verdicts.jsonl."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.sync_ledger import pull_ledger

    state: State = context.obj
    with progress_on_stderr() as progress:
        pulled = pull_ledger(state.open(project=project, url=url), output, progress)
    for problem in pulled.problems:
        note(f"annot: {problem}")
    if pulled.file.kept:
        note(f"verdicts that Label Studio no longer has are kept in {pulled.file.kept}")
    if pulled.n_differing:
        note(f"people differ on {counted(pulled.n_differing, 'prediction')}: the latest verdict counts")
    again = pulled.due_again(date.today())
    if again:
        note(
            f"{counted(len(again), 'prediction')} judged too early and due by now: push again to have them judged anew"
        )
    typer.echo(pulled.summary)


@ledger.command()
def record(
    context: typer.Context,
    by: Whose = "outlet",
    min_settled: Fewest = FEWEST,
    format_: Annotated[Literal["table", "jsonl"], typer.Option("--format", "-f", help="How it is written.")] = "table",
    output: Output = None,
) -> None:
    """Tell how often what a source predicted came true, of the verdicts that were pulled."""
    from annotate.corpus.store import to_lines
    from annotate.workflow.verdicts import read_track_records

    state: State = context.obj
    records = read_track_records(state.open().verdicts_file, by, min_settled)
    if format_ == "jsonl":
        write(to_lines(records), output)
        return
    from annotate.scoring.ledger_formats import to_record_table

    write([rendered(to_record_table(records))], output)


def _find(
    workspace: "Workspace",
    sources: list[str],
    chosen: tuple[ReadingOptions, FindingOptions],
    told: "tuple[Problems, Progress]",
    *,
    remember: bool = False,
) -> "Found | None":
    """Return which sentences of articles, or of files of scores, predict; ``None`` where none could be read."""
    from annotate.workflow.articles import Listeners, read_articles
    from annotate.workflow.ledger import find_predictions, find_scored_predictions
    from annotate.workflow.profile import hold_scores, read_scores

    (options, finding), (problems, progress) = chosen, told
    if hold_scores(sources):
        return find_scored_predictions(workspace, read_scores(sources, progress)(None), finding.chosen())
    listeners = Listeners(problems, note, progress)
    reading = options.reading(workspace.settings, "take")
    documents = read_articles(workspace, sources, reading, listeners, remember=remember)
    return find_predictions(workspace, documents, finding.chosen(), listeners) if documents else None


def _render(entries: "list[Entry]", records: "list[TrackRecord]", today: date, format_: Format) -> str:
    if format_ is Format.JSONL:
        from annotate.corpus.store import to_lines

        return "".join(to_lines(entries))
    if format_ is Format.HTML:
        from annotate.scoring.ledger_page import render_ledger

        return render_ledger(entries, records, today)
    from annotate.scoring.ledger_formats import to_ledger_csv, to_ledger_table

    if format_ is Format.CSV:
        return to_ledger_csv(entries)
    return rendered(to_ledger_table(entries, records))
