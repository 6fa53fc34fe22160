"""Scores as text for other programs: JSON Lines, JSON and CSV."""

import csv
import io
from collections.abc import Iterator, Sequence

from annotate.annotation import Scores
from annotate.corpus.store import to_lines
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.scoring.profile import Profile, Scored, check_labels, profile

_PLACE = ("uid", "article_id", "start", "end", "paragraph", "section", "text")
# Full-width forms included: spreadsheets read them as the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class ScoredArticles(Record):
    """One document for everything known about the articles that were scored."""

    profiles: tuple[Profile, ...]
    sentences: tuple[Scores, ...]


def to_jsonl(scored: Sequence[Scored]) -> str:
    """Write one record a line, to be read again without loss."""
    return "".join(to_lines(_sentences(scored)))


def to_json(scored: Sequence[Scored], schema: LabelSchema) -> str:
    """Write one JSON document: the profile of every article, then every sentence."""
    profiles = tuple(profile(scores, schema, article) for article, scores in scored)
    return ScoredArticles(profiles=profiles, sentences=tuple(_sentences(scored))).model_dump_json(indent=2) + "\n"


def to_csv(scored: Sequence[Scored], schema: LabelSchema) -> str:
    """Write a table for spreadsheets: one row a sentence, one column a label's probability.

    A cell of text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises ("CSV
    Injection"); whoever needs the text unchanged takes JSON Lines. A label that the model does not know is left empty.
    """
    names = [label.name for label in schema.labels]
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow([*_PLACE, *(f"probability: {name}" for name in names), "decided", "spans"])
    for score in _sentences(scored):
        check_labels([score], schema)
        place = [getattr(score, field) for field in _PLACE]
        cells = [*place, *(score.labels.get(name) for name in names), "; ".join(score.decided), _spans(score)]
        rows.writerow([harmless(cell) for cell in cells])
    return file.getvalue()


def _sentences(scored: Sequence[Scored]) -> Iterator[Scores]:
    return (score for _, scores in scored for score in scores)


def _spans(score: Scores) -> str:
    parts = (f"{score.text[s.start : s.end]} ({s.label}, {s.start}-{s.end}, {s.score:.3f})" for s in score.spans)
    return "; ".join(parts)


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
