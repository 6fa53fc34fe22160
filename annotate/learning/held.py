"""What networks say of sentences that they have not learned from, beside what annotators say."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from annotate.annotation import Annotation, said_by_label
from annotate.models.scores import Floats, Probabilities, carried
from annotate.quality.adjudication import covered
from annotate.schema import LabelSchema, Question


class Judged(NamedTuple):
    """Probability and truth of sentences or words; *shapes:* ``(n,)``."""

    probabilities: Floats
    truth: npt.NDArray[np.bool_]

    @property
    def n_of_rarer(self) -> int:
        """How often the rarer answer was given."""
        return int(min(self.truth.sum(), (~self.truth).sum()))


@dataclass(frozen=True)
class Held:
    """A labelled sentence, the fold of articles it is in, and what a network that had not seen that fold says of it.

    ``silent`` are the labels of which that network learned nothing.
    """

    truth: Annotation
    fold: int
    found: Probabilities
    silent: frozenset[str] = frozenset()


class Taught:
    """What labelled sentences teach: of which labels something is known, and of which questions the places."""

    def __init__(self, labelled: Sequence[Annotation], schema: LabelSchema) -> None:
        self.schema = schema
        self.labels = {name for name, said in said_by_label(labelled, schema).items() if said}
        self.answered = {question for each in labelled for question in each.answers}

    @property
    def silent(self) -> frozenset[str]:
        """The labels of which nothing is known."""
        return frozenset(label.name for label in self.schema.labels) - self.labels

    def judges(self, truth: Annotation) -> Annotation:
        """Return what is known of a sentence of which a network that learned this can say something.

        A label that it learned nothing of is silenced in it (see ``Network.silence``): what it says there is no
        evidence of anything.
        """
        answers, carries = dict(truth.answers), {n: so for n, so in truth.carries.items() if n in self.labels}
        for question in self.schema.questions:
            if question.name in answers and not self._knows(question):
                carries |= {n: bool(truth.says(question, n)) for n in question.names if n in self.labels}
                del answers[question.name]
        return truth.model_copy(update={"answers": answers, "carries": carries})

    def _knows(self, question: Question) -> bool:
        return self.labels.issuperset(question.names) and (question.kind != "spans" or question.name in self.answered)


def judged_sentences(
    held: Sequence[Held], schema: LabelSchema, question: Question, label: str, evidence: float = 0.0
) -> Judged:
    """Return probability and truth of a label for the sentences of which it is known (see ``carried``)."""
    said = [(each, each.truth.says(question, label)) for each in held]
    column = column_of(schema, question, label)
    spans = question.kind == "spans"
    known = [(each, so) for each, so in said if so is not None]
    found = [carried(each.found, column, evidence) if spans else float(each.found.choices[column]) for each, _ in known]
    return _judged(found, [so for _, so in known])


def judged_words(
    held: Sequence[Held], schema: LabelSchema, question: Question, label: str, *, gate: tuple[float, float] = (0.0, 0.0)
) -> Judged:
    """Return probability and truth of a span label for the words of the sentences whose spans are known.

    ``gate`` is a threshold and how much the likeliest word counts (see ``carried``): words of sentences that are less
    likely to carry the label count as impossible.
    """
    column = column_of(schema, question, label)
    probabilities: list[float] = []
    truth: list[bool] = []
    for each in held:
        if question.name in each.truth.answers:
            marked = covered(each.truth.answers[question.name], label)
            possible = carried(each.found, column, gate[1]) >= gate[0]
            probabilities += [float(found[column]) * possible for found in each.found.words.values()]
            truth += [not marked.isdisjoint(range(*word)) for word in each.found.words]
    return _judged(probabilities, truth)


def column_of(schema: LabelSchema, question: Question, label: str) -> int:
    """Return the place of a label among the labels of its kind."""
    alike = schema.span_questions if question.kind == "spans" else schema.choice_questions
    return [name for q in alike for name in q.names].index(label)


def _judged(probabilities: Sequence[float], truth: Sequence[bool]) -> Judged:
    return Judged(np.array(probabilities, np.float32), np.array(truth, bool))
