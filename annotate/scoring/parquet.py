"""Scores as Parquet, for tables of many articles: one row a sentence, one column a label's probability."""

from collections.abc import Sequence
from typing import Any

import pyarrow
from pyarrow import parquet

from annotate.annotation import Scores
from annotate.article import Citation
from annotate.schema import LabelSchema
from annotate.scoring.counts import check_labels
from annotate.scoring.profile import Scored

_INTEGERS = ("start", "end", "paragraph")
_STRINGS = ("uid", "article_id", "section", "quotation", "text", "model")
_CITED = tuple(Citation.model_fields)
_SPAN = pyarrow.struct(
    [("start", pyarrow.int32()), ("end", pyarrow.int32()), ("label", pyarrow.string()), ("score", pyarrow.float64())]
)


def to_parquet(scored: Sequence[Scored], schema: LabelSchema) -> bytes:
    """Write a Parquet file (see ``to_columns``)."""
    sink = pyarrow.BufferOutputStream()
    parquet.write_table(to_columns(scored, schema), sink, compression="zstd")
    written: bytes = sink.getvalue().to_pybytes()
    return written


def to_columns(scored: Sequence[Scored], schema: LabelSchema) -> pyarrow.Table:
    """Return the columns of a Parquet file.

    Raises:
        ConfigError: The scores have a label that the schema does not have.
    """
    names = [label.name for label in schema.labels]
    known = set(names)
    rows = []
    for article, scores in scored:
        citation = article.citation if article else None
        for score in scores:
            check_labels(score, known)
            rows.append(_row(score, citation or score.article or Citation(), names))
    return pyarrow.Table.from_pylist(rows, schema=_columns(names))


def _columns(names: Sequence[str]) -> pyarrow.Schema:
    fields = [(name, pyarrow.string()) for name in (*_STRINGS, *_CITED)]
    fields += [(name, pyarrow.int32()) for name in _INTEGERS]
    fields += [(f"probability: {name}", pyarrow.float64()) for name in names]
    return pyarrow.schema([*fields, ("decided", pyarrow.list_(pyarrow.string())), ("spans", pyarrow.list_(_SPAN))])


def _row(score: Scores, citation: Citation, names: Sequence[str]) -> dict[str, Any]:
    plain = {name: getattr(score, name) for name in (*_STRINGS, *_INTEGERS)}
    cited = {name: getattr(citation, name) for name in _CITED}
    return {
        **{name: _writable(value) for name, value in (plain | cited).items()},
        **{f"probability: {name}": score.labels.get(name) for name in names},
        "decided": list(score.decided),
        "spans": [dict(span) for span in score.spans],
    }


def _writable(value: object) -> object:
    # Lone surrogates cannot be written as UTF-8.
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
