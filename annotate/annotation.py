"""What people and models say about a sentence: annotations (answers) and scores (probabilities)."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from annotate.article import Citation, Sentence, Span
from annotate.errors import ConfigError
from annotate.schema import LabelSchema, Question
from annotate.words import words_of

Probability = Annotated[float, Field(ge=0.0, le=1.0)]
Origin = Literal["manual", "prediction", "prediction-changed", "draft"]


class LabelledSpan(Span):
    """A stretch of a sentence's text and its label; offsets count from the sentence's first code point."""

    label: str


class ScoredSpan(LabelledSpan):
    """A stretch that a model would mark, with the highest probability among its words."""

    score: Probability


Answer = tuple[str, ...] | tuple[LabelledSpan, ...]


class Annotation(Sentence):
    """One annotator's answers to a sentence.

    A question missing from ``answers`` was not answered; an empty answer says that none of its labels apply.
    ``annotator`` is ``user:<id>``, ``model:<name>`` or ``gold``; ``lead_time`` is in seconds. ``origin`` tells a
    person's own answer (``manual``) from a pre-annotation submitted as it was (``prediction``) or corrected
    (``prediction-changed``), and from one that no person has seen (``draft``). ``shown`` names the model whose
    pre-annotation the annotator was shown, and ``blind`` marks a sentence drawn to be labelled without one.

    ``carries`` holds what is known of single labels whose question is not answered: whether the sentence carries them.
    For a span label that is known without its place. ``corpus`` names the public corpus that it was taken from.
    """

    annotator: str
    answers: Mapping[str, Answer]
    carries: Mapping[str, bool] = {}
    created_at: str | None = None
    lead_time: Annotated[float, Field(ge=0.0)] | None = None
    origin: Origin
    shown: str | None = None
    blind: bool = False
    corpus: str | None = None

    @model_validator(mode="after")
    def _spans_inside(self) -> Self:
        for answer in self.answers.values():
            _check_inside(self.text, answer)
        return self

    def says(self, question: Question, label: str) -> bool | None:
        """Tell whether the sentence carries a label of a question, or ``None`` where the annotator does not say."""
        if question.name not in self.answers:
            return self.carries.get(label)
        return carries(self.answers[question.name], label)


class Scores(Sentence):
    """A model's probabilities for a sentence, and what they come to by the model's own thresholds.

    For a span label ``labels`` holds the probability that the sentence has at least one such span. ``unsure`` names the
    labels whose probability is one at which the model was too often wrong on what it had not learned from. ``article``
    is what is known of the sentence's article, where the scores stand alone.
    """

    model: str
    labels: Mapping[str, Probability]
    spans: tuple[ScoredSpan, ...] = ()
    decided: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    article: Citation | None = None

    @model_validator(mode="after")
    def _spans_inside(self) -> Self:
        _check_inside(self.text, self.spans)
        return self


class WordScores(Scores):
    """Scores with the probability of each span label for each word, in the order of ``words_of`` the text."""

    words: Mapping[str, tuple[Probability, ...]] = {}

    @model_validator(mode="after")
    def _one_a_word(self) -> Self:
        n_words = sum(1 for _ in words_of(self.text))
        if any(len(probabilities) != n_words for probabilities in self.words.values()):
            raise ValueError(f"a probability is needed for each of the sentence's {n_words} words")
        return self

    def without(self, labels: Set[str]) -> Self:
        """Return the scores of other labels alone."""
        return self.model_copy(
            update={
                "labels": {name: each for name, each in self.labels.items() if name not in labels},
                "words": {name: each for name, each in self.words.items() if name not in labels},
                "spans": tuple(span for span in self.spans if span.label not in labels),
                "decided": tuple(name for name in self.decided if name not in labels),
                "unsure": tuple(name for name in self.unsure if name not in labels),
            }
        )


Predict = Callable[[Sequence[Sentence]], Sequence[Scores]]


def carries(answer: Answer, label: str) -> bool:
    """Tell whether an answer names a label, or marks anything with it."""
    return any((item.label if isinstance(item, LabelledSpan) else item) == label for item in answer)


def by_sentence(annotations: Iterable[Annotation]) -> dict[str, dict[str, Annotation]]:
    """Return annotations by sentence and annotator, in the order of first sight.

    Several records of one annotator are put together question by question: of two answers to one question the later
    counts, and of what ``carries`` says of one label too. Where a person's record meets a draft, the draft is dropped.
    """
    found: dict[str, dict[str, Annotation]] = {}
    for annotation in annotations:
        mine = found.setdefault(annotation.uid, {})
        earlier = mine.get(annotation.annotator)
        mine[annotation.annotator] = annotation if earlier is None else _joined(earlier, annotation)
    return found


def _joined(earlier: Annotation, later: Annotation) -> Annotation:
    if type(earlier) is not type(later):
        return later  # the votes behind what was adjudicated do not hold for another record's answers
    if (earlier.origin == "draft") != (later.origin == "draft"):
        return later if earlier.origin == "draft" else earlier
    known = {
        "answers": {**earlier.answers, **later.answers},
        "carries": {**earlier.carries, **later.carries},
        "corpus": later.corpus or earlier.corpus,
    }
    return later.model_copy(update=known)


def check_answers(answers: Mapping[str, Answer], schema: LabelSchema) -> dict[str, Answer]:
    """Return the answers with a choice of "none" as an empty answer.

    Raises:
        ConfigError: An answer is to a question that the schema does not ask, names a label that its question does
            not have, says "none" beside a label, or gives two labels where one is asked for.
    """
    return {name: _check_answer(answer, name, schema.question(name)) for name, answer in answers.items()}


def check_carries(annotation: Annotation, schema: LabelSchema) -> None:
    """Raise ``ConfigError`` where ``carries`` names no label of the schema."""
    for label in annotation.carries:
        if schema.question_of(label) is None:
            raise ConfigError(f"no question has the label '{label}'")


def _check_answer(answer: Answer, name: str, question: Question | None) -> Answer:
    if question is None:
        raise ConfigError(f"the labeling configuration has no question '{name}'")
    if any(isinstance(item, LabelledSpan) != (question.kind == "spans") for item in answer):
        raise ConfigError(f"question '{name}' asks for {question.kind}, and is answered otherwise")
    given = {item.label if isinstance(item, LabelledSpan) else item for item in answer}
    unknown = sorted(given - set(question.names) - {question.none})
    if unknown:
        raise ConfigError(f"question '{name}' has no label '{unknown[0]}'")
    if question.none in given and len(given) > 1:
        raise ConfigError(f"'{question.none}' is answered together with another label")
    if question.kind == "single choice" and len(given) > 1:
        raise ConfigError(f"question '{name}' takes one label, and is answered with {len(given)}")
    return () if question.none in given else answer


def _check_inside(text: str, answer: Sequence[object]) -> None:
    for span in answer:
        if isinstance(span, Span) and span.end > len(text):
            raise ValueError(f"a span ends at {span.end}, beyond the sentence's {len(text)} code points")


def articles_of(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Return the articles of annotations, each once, in order."""
    return tuple(sorted({annotation.article_id for annotation in annotations}))


def told_apart(annotations: Sequence[Annotation], schema: LabelSchema) -> list[str]:
    """Return the labels that some sentence carries and another does not."""
    return [name for name, said in said_by_label(annotations, schema).items() if len(said) > 1]


def said_by_label(annotations: Sequence[Annotation], schema: LabelSchema) -> dict[str, set[bool]]:
    """Return, by label, which of "carries it" and "does not" is said of any sentence."""
    return {
        name: {said for each in annotations if (said := each.says(question, name)) is not None}
        for question in schema.questions
        for name in question.names
    }
