"""How well one set of answers agrees with another that is taken for the truth."""

from collections.abc import Iterable, Mapping, Sequence, Set
from math import sqrt

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.quality.adjudication import covered
from annotate.record import Record
from annotate.schema import LabelSchema, Question
from annotate.words import words_of


class Counts(Record):
    """Hits, false alarms and misses; a figure that they do not define is ``None``."""

    true_positive: int = 0
    false_positive: int = 0
    false_negative: int = 0

    @property
    def precision(self) -> float | None:
        """The share of what was marked that is right."""
        return _ratio(self.true_positive, self.true_positive + self.false_positive)

    @property
    def recall(self) -> float | None:
        """The share of what is right that was marked."""
        return _ratio(self.true_positive, self.true_positive + self.false_negative)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        return _ratio(2 * self.true_positive, 2 * self.true_positive + self.false_positive + self.false_negative)


class LabelEvaluation(Record):
    """How well a label is found in the sentences for which both sides answer its question.

    ``sentences`` counts those that carry the label and ``mcc`` is Matthews' correlation over them (``None`` where it
    is undefined). Of a span label, ``words`` counts the words in its spans and ``spans`` those with both ends right.
    """

    n_sentences: int
    n_positive: int
    sentences: Counts
    mcc: float | None
    words: Counts | None = None
    spans: Counts | None = None


Evaluation = Mapping[str, LabelEvaluation]


def evaluate(truth: Sequence[Annotation], guesses: Sequence[Annotation], schema: LabelSchema) -> Evaluation:
    """Compare two sets of annotations by label, in the schema's order; a sentence in one of them only is left out."""
    guess_of = {guess.uid: guess for guess in guesses}
    pairs = [(true, guess_of[true.uid]) for true in truth if true.uid in guess_of]
    return {label: _evaluate_label(pairs, question, label) for question in schema.questions for label in question.names}


def macro_f1(evaluation: Evaluation) -> float | None:
    """Return the mean over labels of the F1 over sentences, where it is defined."""
    defined = [f1 for label in evaluation.values() if (f1 := label.sentences.f1) is not None]
    return sum(defined) / len(defined) if defined else None


def _evaluate_label(pairs: Sequence[tuple[Annotation, Annotation]], question: Question, label: str) -> LabelEvaluation:
    name = question.name
    both = [(true, guess) for true, guess in pairs if name in true.answers and name in guess.answers]
    answers = [(true.answers[name], guess.answers[name]) for true, guess in both]
    carries = [(_carries(true, label), _carries(guess, label)) for true, guess in answers]
    marked = [(_words(t.text, t.answers[name], label), _words(t.text, g.answers[name], label)) for t, g in both]
    of_spans = question.kind == "spans"
    return LabelEvaluation(
        n_sentences=len(both),
        n_positive=sum(true for true, _ in carries),
        sentences=_counts(({true} - {False}, {guess} - {False}) for true, guess in carries),
        mcc=_mcc(carries),
        words=_counts(marked) if of_spans else None,
        spans=_counts((_ends(true, label), _ends(guess, label)) for true, guess in answers) if of_spans else None,
    )


def _counts(pairs: Iterable[tuple[Set[object], Set[object]]]) -> Counts:
    """Count what two sides have in common and each alone, over many pairs of sets."""
    both, right, left = 0, 0, 0
    for true, guess in pairs:
        both += len(true & guess)
        right += len(guess - true)
        left += len(true - guess)
    return Counts(true_positive=both, false_positive=right, false_negative=left)


def _carries(answer: Answer, label: str) -> bool:
    return any((item.label if isinstance(item, LabelledSpan) else item) == label for item in answer)


def _ends(answer: Answer, label: str) -> set[object]:
    return {(item.start, item.end) for item in answer if isinstance(item, LabelledSpan) and item.label == label}


def _words(text: str, answer: Answer, label: str) -> set[object]:
    """Return the places of the words of which at least one character is marked."""
    marked = covered(answer, label)
    return {word for word in words_of(text) if not marked.isdisjoint(range(*word))}


def _mcc(carries: Sequence[tuple[bool, bool]]) -> float | None:
    """Return Matthews' correlation coefficient; ``None`` where one side never varies (Matthews, 1975)."""
    n = len(carries)
    both = sum(true and guess for true, guess in carries)
    true, guess = sum(true for true, _ in carries), sum(guess for _, guess in carries)
    spread = true * (n - true) * guess * (n - guess)
    return (both * n - true * guess) / sqrt(spread) if spread else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
