"""How articles are scored, and what is written of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotate.cli.options import Labels, ModelName, Open, write
from annotate.cli.written import FORMAT_OF_RECORDS, format_of_records, rendered
from annotate.scoring.output import Format

if TYPE_CHECKING:
    from annotate.config import Workspace
    from annotate.corpus.ingest import Reading
    from annotate.inference.graphs import Engine as Settings
    from annotate.schema import LabelSchema
    from annotate.scoring.profile import Evidence, Scored
    from annotate.workflow.articles import Listeners
    from annotate.workflow.score import Run

_WIDE = 80
_STORAGE = re.compile(r"([a-z][a-z0-9+.-]+:)//?", re.I)


class Engine(StrEnum):
    """Where scores are computed."""

    LOCAL = "local"
    RAY = "ray"


class Precision(StrEnum):
    """Of what the large matrix products of a model are."""

    INT8 = "int8"
    FULL = "full"


@dataclass(frozen=True)
class ScoringOptions:
    """How articles are to be scored, and how scores are written."""

    format_: Annotated[
        Format | None,
        typer.Option("--format", "-f", help=FORMAT_OF_RECORDS),
    ] = None
    model: ModelName = None
    labels: Labels = None
    show: Open = False
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a file of scores (jsonl) where a stopped run left it.")
    ] = False
    device: Annotated[str, typer.Option(help="What computes: cpu, cuda, or another that onnxruntime has.")] = "cpu"
    precision: Annotated[
        Precision | None,
        typer.Option(help="Compute in 8 bits, or in full precision.  [default: int8 on cpu]"),
    ] = None

    engine: Annotated[Engine, typer.Option(help="Compute on this machine, or on a cluster with Ray.")] = Engine.LOCAL
    address: Annotated[
        str | None, typer.Option(help="The address of the Ray cluster.  [default: this machine alone]")
    ] = None

    def settings(self) -> "Settings":
        """Return how the model is to be run."""
        from annotate.inference.graphs import Engine as Settings

        return Settings(device=self.device, precision=self.precision.value if self.precision else None)


@dataclass(frozen=True)
class Corpus:
    """What is to be scored, and how it is read."""

    workspace: "Workspace"
    sources: list[str]
    reading: "Reading"


def write_scores(corpus: Corpus, how: ScoringOptions, output: Path | None, listeners: "Listeners") -> bool:
    """Score a corpus, write the scores, and return whether there were any."""
    from annotate.corpus.readers.extent import extent_of
    from annotate.workflow.articles import streamed_articles
    from annotate.workflow.score import Run, load_chosen

    format_ = how.format_ or format_of_records(output, Format)
    is_file = output is not None and output != Path("-") and (output.is_file() or not output.exists())
    if how.resume and not (is_file and format_ is Format.JSONL):
        raise typer.BadParameter("a file of scores (jsonl) alone can be, named with -o", param_hint="--resume")
    _refuse_what_does_nothing(corpus, how, format_)
    if how.engine is Engine.RAY:
        return _on_ray(corpus, how, output, listeners)
    if _address(output):
        raise typer.BadParameter("object storage is written to with --engine ray and -f parquet", param_hint="-o")
    documents = streamed_articles(corpus.workspace, corpus.sources, corpus.reading, listeners)
    model = load_chosen(corpus.workspace, listeners.progress, how.settings())
    run = Run(model, documents, extent_of(corpus.sources), listeners)
    if output is not None and is_file and format_ is Format.JSONL:
        run.write(output, resume=how.resume)
        read_any = run.n_sentences > 0
    else:
        read_any = write(_parts(run, format_, corpus, how.labels or ()), output)
    if read_any and model.graph.note:  # told last, for what is refused is told in one line
        listeners.note(model.graph.note)
    return read_any


def _parts(run: "Run", format_: Format, corpus: Corpus, labels: Sequence[Path]) -> Iterator[str | bytes]:
    """Yield what is to be written of a run."""
    if format_ is Format.JSONL:
        yield from run.lines()
    elif format_ is Format.CSV:
        yield from run.csv_lines()
    else:
        from annotate.workflow.evidence import load_evidence
        from annotate.workflow.score import score_documents

        schema = run.model.schema
        evidence = load_evidence(corpus.workspace, schema, run.model.folder, labels)
        if scored := score_documents(run.model, list(run.documents)):
            yield _render(scored, schema, format_, evidence)


def _refuse_what_does_nothing(corpus: Corpus, how: ScoringOptions, format_: Format) -> None:
    with_ray = how.engine is Engine.RAY
    if with_ray and corpus.reading.near_duplicates == "skip":
        raise typer.BadParameter("with Ray, near-duplicates are not looked for", param_hint="--skip-near-duplicates")
    if how.address is not None and not with_ray:
        raise typer.BadParameter("is that of a Ray cluster: say --engine ray", param_hint="--address")
    if how.labels and (with_ray or format_ in (Format.JSONL, Format.CSV, Format.PARQUET)):
        raise typer.BadParameter(
            "people's answers are in table, json, md, jsonld and html, not in scores as they are", param_hint="--labels"
        )


def _on_ray(corpus: Corpus, how: ScoringOptions, output: Path | None, listeners: "Listeners") -> bool:
    from annotate.inference.cluster import Cluster
    from annotate.inference.places import check_empty
    from annotate.workflow.cluster import score_on_cluster

    format_ = how.format_ or (Format.PARQUET if output and output.suffix == ".parquet" else Format.JSONL)
    if how.resume or format_ not in (Format.JSONL, Format.PARQUET):
        raise typer.BadParameter("with Ray there is jsonl and parquet, and no --resume", param_hint="--engine")
    is_parquet = format_ is Format.PARQUET
    if is_parquet and output in (None, Path("-")):
        raise typer.BadParameter("parquet needs a folder to write to: name it with -o", param_hint="--format")
    if _address(output) and not is_parquet:
        raise typer.BadParameter("object storage is written to with -f parquet", param_hint="-o")
    place = _address(output) or str(output and output.absolute())
    if is_parquet:
        check_empty(place)
    cluster = Cluster(how.address, how.settings())
    run = score_on_cluster(corpus.workspace, corpus.sources, corpus.reading, cluster, listeners)
    return run.write_parquet(place) if is_parquet else write(run.lines(), output)


def _address(output: Path | None) -> str | None:
    """Return a place in object storage, such as s3://bucket, of which a path has lost a slash."""
    found = _STORAGE.match(str(output))
    return f"{found[1]}//{str(output)[found.end() :]}" if found else None


def _render(scored: "list[Scored]", schema: "LabelSchema", format_: Format, evidence: "Evidence") -> str | bytes:
    if format_ is Format.TABLE:
        from annotate.scoring.table import to_table

        return rendered(to_table(scored, schema, evidence), wide=_WIDE)
    from annotate.scoring.output import render

    return render(scored, schema, format_, evidence)
