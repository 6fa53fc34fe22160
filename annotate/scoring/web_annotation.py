"""Scores as W3C Web Annotations, so that Hypothesis and others can show them on the original page.

A stretch is told by its words and those around it (a text quote selector), for offsets into our text are not offsets
into the page. See https://www.w3.org/TR/annotation-model/.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from annotate.annotation import ScoredSpan
from annotate.article import Article, web_address
from annotate.schema import LabelSchema
from annotate.scoring.display import model_name
from annotate.scoring.people import Judged, judge
from annotate.scoring.profile import NOTHING_ELSE, Evidence, Scored

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters of prefix and suffix, as Hypothesis keeps them


def to_web_annotations(scored: Sequence[Scored], schema: LabelSchema, evidence: Evidence = NOTHING_ELSE) -> str:
    """Write one collection of annotations, one for each label of a sentence or of a stretch of it."""
    judged = ((article, judge(score, evidence.people, schema)) for article, scores in scored for score in scores)
    items = [item for article, each in judged for item in _annotations(article, each)]
    names = [item["id"] for item in items]
    collection = {
        "@context": CONTEXT,
        "id": _id("collection", *names),
        "type": "AnnotationCollection",
        "total": len(items),
        "first": {"id": _id("page", *names), "type": "AnnotationPage", "items": items},
    }
    return json.dumps(collection, ensure_ascii=False, indent=2) + "\n"


def _annotations(article: Article | None, judged: Judged) -> Iterator[dict[str, Any]]:
    score = judged.score
    marked = {span.label for span in score.spans}
    for span in score.spans:
        yield _annotation(article, judged, span.label, span)
    for label in score.decided:
        if label not in marked:
            yield _annotation(article, judged, label, None)


def _annotation(article: Article | None, judged: Judged, label: str, span: ScoredSpan | None) -> dict[str, Any]:
    score = judged.score
    start, end = (span.start, span.end) if span else (0, len(score.text))
    by_people = label in judged.by_people
    probability = judged.model.labels.get(label)
    told = f"probability {probability:.2f}" if probability is not None else "no probability"
    known = score.article if article is None else article
    return {
        "id": _id(score.uid, label, str(start), str(end), score.model),
        "type": "Annotation",
        "motivation": "tagging",
        "creator": {"type": "Person" if by_people else "Software", "name": "person" if by_people else score.model},
        "body": [
            {"type": "TextualBody", "value": label, "purpose": "tagging"},
            {"type": "TextualBody", "value": f"{told} by {model_name(score.model)}", "purpose": "describing"},
        ],
        "target": {
            "source": web_address(known.url if known else None) or _id("article", score.article_id),
            "selector": {"type": "TextQuoteSelector", **_quote(article, judged, start, end)},
        },
    }


def _quote(article: Article | None, judged: Judged, start: int, end: int) -> dict[str, str]:
    """Return the words of a stretch of a sentence, and those before and after it."""
    score = judged.score
    text, at = (article.text, score.start) if article else (score.text, 0)
    if text[at : at + len(score.text)] != score.text:  # an article without its text
        text, at = score.text, 0
    first, last = at + start, at + end
    return {
        "exact": text[first:last],
        "prefix": text[max(0, first - _AROUND) : first],
        "suffix": text[last : last + _AROUND],
    }


def _id(*parts: str) -> str:
    """Name a thing by what it is of, so that the same scores give the same names."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, chr(0).join(('annot', *parts)))}"
