"""`annot agreement` and `annot adjudicate`: how good the labels are, and one answer from several."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Output, State, inputs, note, refuse_overwriting, write
from annotate.cli.studio import Project, Url
from annotate.cli.written import format_of, rendered
from annotate.wording import counted

if TYPE_CHECKING:
    from annotate.quality.agreement.report import AgreementReport

LabelFiles = Annotated[
    list[Path] | None,
    typer.Argument(metavar="LABELS", help="Files of annotations.  [default: those of annot.toml]", show_default=False),
]


class Format(StrEnum):
    """How agreement is written."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


def agreement(
    context: typer.Context,
    labels: LabelFiles = None,
    output: Output = None,
    format_: Annotated[
        Format | None, typer.Option("--format", "-f", help="[default: as the file's ending says, or table]")
    ] = None,
    articles: Annotated[
        Path | None, typer.Option(help="Article records (`annot ingest --articles`), to tell outlets apart.")
    ] = None,
    competence: Annotated[
        bool, typer.Option("--competence", help="Also estimate what each annotator finds and leaves.")
    ] = False,
) -> None:
    """Tell how far annotators agree, and where they do not."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.agreement import agreement as run

    state: State = context.obj
    workspace = state.open()
    refuse_overwriting(inputs(workspace, labels, articles), output)
    with progress_on_stderr() as progress:
        report = run(workspace, labels or [], articles, with_competence=competence, progress=progress)
    write([_render(report, format_ or format_of(output, Format, Format.TABLE))], output)


def _render(report: "AgreementReport", format_: Format) -> str:
    if format_ is Format.JSON:
        return report.model_dump_json(indent=2) + "\n"
    if format_ is Format.HTML:
        from annotate.scoring.agreement_page import render_agreement

        return render_agreement(report)
    from annotate.scoring.agreement_table import to_agreement_table

    return rendered(to_agreement_table(report))


class Method(StrEnum):
    """How votes are put together."""

    MAJORITY = "majority"
    DAWID_SKENE = "dawid-skene"
    MACE = "mace"


def adjudicate(
    context: typer.Context,
    labels: LabelFiles = None,
    method: Annotated[Method, typer.Option(help="How votes are put together.")] = Method.MAJORITY,
    push: Annotated[bool, typer.Option("--push", help="Bring what is disputed to people, in Label Studio.")] = False,
    pull: Annotated[bool, typer.Option("--pull", help="Fetch what people decided.")] = False,
    project: Project = None,
    url: Url = None,
) -> None:
    """Put several annotators' answers together, one a sentence, in data/gold.jsonl."""
    from annotate.cli.progress import progress_on_stderr
    from annotate.workflow.adjudicate import adjudicate_labels

    state: State = context.obj
    workspace = state.open(project=project, url=url)
    result, pushed = adjudicate_labels(workspace, labels or [], method.value), ""
    if push or pull:
        from annotate.workflow.decisions import pull_into_gold, push_disputes

        with progress_on_stderr() as progress:
            if pull:
                result, decisions = pull_into_gold(workspace, result, progress)
                _tell(f"annot: {problem}" for problem in decisions.problems)
            if push:
                address, n_new = push_disputes(workspace, result, labels or [], progress)
                pushed = f"{counted(n_new, 'sentence')} new to decide about: {address}"
    _tell(f"{name}: by majority, for the annotators are too few to estimate skills" for name in result.by_majority)
    typer.echo("\n".join(filter(None, [result.summary, pushed])))


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        note(line)
