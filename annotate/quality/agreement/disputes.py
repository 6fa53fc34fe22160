"""The sentences on which annotators differ most."""

from collections.abc import Iterator

import numpy as np

from annotate.annotation import Annotation, LabelledSpan
from annotate.quality.agreement.panel import Panel, Units
from annotate.quality.agreement.report import Disputed
from annotate.quality.bootstrap import Floats
from annotate.schema import LabelSchema, Question

_N_SHOWN = 20


def disputed(panel: Panel, schema: LabelSchema) -> Iterator[Disputed]:
    """Yield the sentences that are disputed most, those first; of equals those with more annotators, then in order."""
    scores = np.stack([_disagreement(panel, question) for question in schema.questions])
    n_asked = np.isfinite(scores).sum(axis=0)
    mean = np.divide(np.nansum(scores, axis=0), n_asked, out=np.zeros(len(n_asked)), where=n_asked > 0)
    n_given = np.array([len(given) for given in panel.given])
    for place in np.lexsort((-n_given, -mean.round(9)))[:_N_SHOWN].tolist():
        if mean[place]:
            yield _disputed(panel, schema, place, float(mean[place]))


def _disagreement(panel: Panel, question: Question) -> Floats:
    """Return how far annotators differ on each sentence, 0 to 1; NaN where fewer than two answered."""
    total, n_marked = np.zeros(len(panel.sentences)), np.zeros(len(panel.sentences))
    for label in question.names:
        units = panel.words(question, label) if question.kind == "spans" else panel.carries(question, label)
        differ, marked = _pairs_that_differ(units)
        total += np.bincount(units.sentence, weights=differ, minlength=len(total))
        n_marked += np.bincount(units.sentence, weights=marked, minlength=len(total))
    n_answers = panel.answered(question).sum(axis=1)
    mean = np.divide(total, n_marked, out=np.zeros(len(total)), where=n_marked > 0)
    return np.where(n_answers > 1, mean, np.nan)


def _pairs_that_differ(units: Units) -> tuple[Floats, Floats]:
    """Return the share of pairs that differ on each unit, and 1 for each that anybody marked."""
    n_answers, n_marks = (units.codes >= 0).sum(axis=1), (units.codes == 1).sum(axis=1)
    pairs = n_answers * (n_answers - 1)
    differ = np.divide(2.0 * n_marks * (n_answers - n_marks), pairs, out=np.zeros(len(pairs)), where=pairs > 0)
    return differ, (n_marks > 0).astype(np.float64)


def _disputed(panel: Panel, schema: LabelSchema, place: int, disagreement: float) -> Disputed:
    sentence = panel.sentences[place]
    given = sorted(panel.given[place].items(), key=lambda item: panel.annotators.index(item[0]))
    return Disputed(
        uid=sentence.uid,
        article_id=sentence.article_id,
        text=sentence.text,
        disagreement=round(disagreement, 6),
        answers={name: in_words(annotation, schema) for name, annotation in given},
    )


def in_words(annotation: Annotation, schema: LabelSchema) -> dict[str, str]:
    """Return what an annotator answered, or knows without an answer, by question, as a person would write it."""
    said = {question.name: _in_words(annotation, question) for question in schema.questions}
    return {name: words for name, words in said.items() if words}


def _in_words(annotation: Annotation, question: Question) -> str:
    answer = annotation.answers.get(question.name)
    if answer is None:
        place = ", place unknown" if question.kind == "spans" else ""
        known = [(name, annotation.carries[name]) for name in question.names if name in annotation.carries]
        return "; ".join(f"{name}{place}" if carried else f"no {name}" for name, carried in known)
    if not answer:
        return question.none or ("nothing marked" if question.kind == "spans" else "none")
    marked: dict[str, list[str]] = {}
    for item in answer:
        if isinstance(item, LabelledSpan):
            marked.setdefault(item.label, []).append(f"“{annotation.text[item.start : item.end]}”")
        else:
            marked[item] = []
    return "; ".join(" ".join([label, ", ".join(places)]).strip() for label, places in marked.items())
