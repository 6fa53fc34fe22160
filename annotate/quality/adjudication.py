"""One answer a sentence, from those of several annotators."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.schema import LabelSchema, Question


def gold(annotations: Iterable[Annotation], schema: LabelSchema) -> list[Annotation]:
    """Return one annotation a sentence: each label, and each character of a span, by more than half the votes.

    Where a person has answered, drafts of a model do not count. Of two answers of one annotator the later counts. A
    choice on which the votes are split is left unanswered; a character on which they are is not marked.
    """
    by_sentence: dict[str, dict[str, Annotation]] = {}
    for annotation in annotations:
        by_sentence.setdefault(annotation.uid, {})[annotation.annotator] = annotation
    return [_majority(_heard(list(mine.values())), schema) for mine in by_sentence.values()]


def _heard(annotations: list[Annotation]) -> list[Annotation]:
    seen = [annotation for annotation in annotations if annotation.origin != "draft"]
    return seen or annotations


def _majority(annotations: Sequence[Annotation], schema: LabelSchema) -> Annotation:
    answers: dict[str, Answer] = {}
    for question in schema.questions:
        given = [a.answers[question.name] for a in annotations if question.name in a.answers]
        voted = _voted(given, question, len(annotations[0].text)) if given else None
        if voted is not None:
            answers[question.name] = voted
    drafted = all(annotation.origin == "draft" for annotation in annotations)
    changes = {"annotator": "gold", "answers": answers, "lead_time": None, "created_at": None}
    return annotations[0].model_copy(update=changes | {"origin": "draft" if drafted else "manual"})


def _voted(given: Sequence[Answer], question: Question, length: int) -> Answer | None:
    """Return what more than half answer; ``None`` where the votes on a choice leave it open."""
    if question.kind == "spans":
        return tuple(span for label in question.names for span in _voted_spans(given, label, length))
    votes = {name: sum(name in answer for answer in given) for name in question.names}
    chosen = tuple(name for name in question.names if 2 * votes[name] > len(given))
    if question.kind == "single choice":
        n_none = sum(not answer for answer in given)
        return chosen if chosen or 2 * n_none > len(given) else None
    return None if any(2 * count == len(given) for count in votes.values()) else chosen


def _voted_spans(given: Sequence[Answer], label: str, length: int) -> Iterator[LabelledSpan]:
    votes = [0] * length
    for answer in given:
        for index in covered(answer, label):
            votes[index] += 1
    for chosen, run in groupby(range(length), key=lambda index: 2 * votes[index] > len(given)):
        stretch = list(run)
        if chosen:
            yield LabelledSpan(start=stretch[0], end=stretch[-1] + 1, label=label)


def covered(answer: Answer, label: str) -> set[int]:
    """Return the code points that an answer marks with a label."""
    spans = (item for item in answer if isinstance(item, LabelledSpan) and item.label == label)
    return {index for span in spans for index in range(span.start, span.end)}
