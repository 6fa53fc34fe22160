"""Scores as text for other programs: JSON Lines, JSON and CSV."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from annotate.annotation import Scores
from annotate.article import Citation
from annotate.corpus.store import to_lines
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.scoring.counts import check_labels
from annotate.scoring.profile import NOTHING_ELSE, Evidence, Profile, Scored, profile

_PLACE = ("uid", "article_id", "start", "end", "paragraph", "section", "text")
_CITED = tuple(Citation.model_fields)
# Full-width forms included: spreadsheets read them as the plain ones.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class ScoredArticles(Record):
    """One document for everything known about the articles that were scored."""

    profiles: tuple[Profile, ...]
    sentences: tuple[Scores, ...]


def score_lines(scored: Scored) -> str:
    """Write an article's sentences one record a line, each with what is known of the article."""
    return "".join(to_lines(_cited(scored)))


def to_jsonl(scored: Sequence[Scored]) -> str:
    """Write one record a line (see ``score_lines``)."""
    return "".join(score_lines(each) for each in scored)


def to_json(scored: Sequence[Scored], schema: LabelSchema, evidence: Evidence = NOTHING_ELSE) -> str:
    """Write one JSON document: the profile of every article, then every sentence."""
    profiles = tuple(profile(scores, schema, article, evidence) for article, scores in scored)
    sentences = tuple(score for each in scored for score in _cited(each))
    return ScoredArticles(profiles=profiles, sentences=sentences).model_dump_json(indent=2) + "\n"


def _cited(scored: Scored) -> Iterator[Scores]:
    """Yield an article's scores with what is known of it, which a record of sentences alone does not say."""
    article, scores = scored
    if article is None:
        return iter(scores)
    known = article.citation
    return (score.model_copy(update={"article": known}) for score in scores)


def to_csv(scored: Sequence[Scored], schema: LabelSchema) -> str:
    """Write a table for spreadsheets (see ``csv_lines``)."""
    return "".join(csv_lines((score for each in scored for score in _cited(each)), schema))


def csv_lines(scores: Iterable[Scores], schema: LabelSchema) -> Iterator[str]:
    """Yield the lines of a table for spreadsheets: one row a sentence, one column a label's probability.

    What is known of the article stands last. A cell of text that a spreadsheet would run as a formula gets an
    apostrophe in front, as OWASP advises ("CSV Injection"); whoever needs the text unchanged takes JSON Lines. A label
    that the model does not know is left empty.
    """
    names = [label.name for label in schema.labels]
    known = set(names)
    yield _csv_line([*_PLACE, *(f"probability: {name}" for name in names), "decided", "spans", *_CITED])
    for score in scores:
        check_labels(score, known)
        place = [getattr(score, field) for field in _PLACE]
        said = [*(score.labels.get(name) for name in names), "; ".join(score.decided), _spans(score)]
        cited = [getattr(score.article, field, None) for field in _CITED]
        yield _csv_line([harmless(cell) for cell in [*place, *said, *cited]])


def _csv_line(cells: Sequence[object]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(cells)
    return file.getvalue()


def _spans(score: Scores) -> str:
    parts = (f"{score.text[s.start : s.end]} ({s.label}, {s.start}-{s.end}, {s.score:.3f})" for s in score.spans)
    return "; ".join(parts)


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula (OWASP, "CSV Injection")."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
