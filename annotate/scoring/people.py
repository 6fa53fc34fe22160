"""People's answers in the place of a model's scores."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from annotate.annotation import Annotation, LabelledSpan, ScoredSpan, Scores
from annotate.schema import LabelSchema, Question

People = Mapping[str, Annotation]  # one answer a sentence, by its uid


class Judged(NamedTuple):
    """A sentence as it counts: ``score`` holds people's answers as certain, ``model`` is what the model said.

    ``by_people`` names the labels of which people have decided whether the sentence carries them.
    """

    score: Scores
    model: Scores
    by_people: frozenset[str] = frozenset()

    @property
    def differs(self) -> frozenset[str]:
        """The labels on which people and model differ."""
        said, suggested = set(self.score.decided), set(self.model.decided)
        return frozenset(label for label in self.by_people if (label in said) != (label in suggested))


def judge(score: Scores, people: People, schema: LabelSchema) -> Judged:
    """Put a person's answer to a sentence in the place of the model's, question by question."""
    annotation = people.get(score.uid)
    if annotation is None:
        return Judged(score, score)
    said = dict(_said(annotation, schema))
    if not said:
        return Judged(score, score)
    decided = {
        *(name for name in score.decided if name not in said),
        *(name for name, carries in said.items() if carries),
    }
    answer = score.model_copy(
        update={
            "labels": {**score.labels, **{name: float(carries) for name, carries in said.items()}},
            "decided": tuple(label.name for label in schema.labels if label.name in decided),
            "spans": tuple(_spans(score, annotation, schema)),
        }
    )
    return Judged(answer, score, frozenset(said))


def _said(annotation: Annotation, schema: LabelSchema) -> Iterable[tuple[str, bool]]:
    for question in schema.questions:
        for label in question.names:
            carries = annotation.says(question, label)
            if carries is not None:
                yield label, carries


def _spans(score: Scores, annotation: Annotation, schema: LabelSchema) -> list[ScoredSpan]:
    """Return people's spans for the questions that they answered, and the model's for the others."""
    answered = [question for question in schema.span_questions if question.name in annotation.answers]
    names = {name for question in answered for name in question.names}
    spans = [
        span for span in score.spans if span.label not in names and annotation.carries.get(span.label) is not False
    ]
    spans += [ScoredSpan(**dict(span), score=1.0) for question in answered for span in _marked(annotation, question)]
    return sorted(spans, key=lambda span: (span.start, span.end, span.label))


def _marked(annotation: Annotation, question: Question) -> Iterable[LabelledSpan]:
    return (item for item in annotation.answers[question.name] if isinstance(item, LabelledSpan))
