"""The formats that scored articles, and profiles of sources, can be written in."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotate.schema import LabelSchema
    from annotate.scoring.profile import Evidence, Scored


class Format(StrEnum):
    """How scores and profiles are written; JSON-LD is Web Annotations of the ones, observations of the others."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    MARKDOWN = "md"
    PARQUET = "parquet"
    JSONLD = "jsonld"


def render(scored: "Sequence[Scored]", schema: "LabelSchema", format_: Format, evidence: "Evidence") -> str | bytes:
    """Write scored articles in a format other than the table, which a terminal lays out."""
    if format_ is Format.HTML:
        from annotate.scoring.report import render_report

        return render_report(scored, schema, evidence)
    if format_ is Format.MARKDOWN:
        from annotate.scoring.markdown import to_markdown

        return to_markdown(scored, schema, evidence)
    if format_ is Format.PARQUET:
        from annotate.scoring.parquet import to_parquet

        return to_parquet(scored, schema)
    if format_ is Format.JSONLD:
        from annotate.scoring.web_annotation import to_web_annotations

        return to_web_annotations(scored, schema, evidence)
    return _as_records(scored, schema, format_, evidence)


def _as_records(scored: "Sequence[Scored]", schema: "LabelSchema", format_: Format, evidence: "Evidence") -> str:
    from annotate.scoring.formats import to_csv, to_json, to_jsonl

    if format_ is Format.JSON:
        return to_json(scored, schema, evidence)
    return to_csv(scored, schema) if format_ is Format.CSV else to_jsonl(scored)
