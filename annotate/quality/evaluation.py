"""How well one set of answers agrees with another that is taken for the truth."""

from collections.abc import Mapping, Sequence
from math import isfinite

from annotate.annotation import Annotation, Scores
from annotate.quality.bootstrap import Floats
from annotate.quality.ranking import average_precision, judged
from annotate.quality.tallies import Pair, figures, pair_up, summed, tally
from annotate.record import Record
from annotate.schema import LabelSchema, Question


class Counts(Record):
    """Hits, false alarms and misses, in halves where spans overlap; a figure that they do not define is ``None``."""

    true_positive: float = 0
    false_positive: float = 0
    false_negative: float = 0

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

    ``n_positive`` counts those that carry the label. ``macro_f1`` is the mean of the F1 of carrying it and that of not
    carrying it, ``mcc`` Matthews' correlation. Of a span label, ``words`` counts the words in its spans, ``spans``
    those with both ends right, and ``partial`` an overlap as half of one. What is undefined is ``None``, and so is
    ``average_precision`` without probabilities.
    """

    n_sentences: int
    n_positive: int
    sentences: Counts
    mcc: float | None
    macro_f1: float | None = None
    average_precision: float | None = None
    words: Counts | None = None
    spans: Counts | None = None
    partial: Counts | None = None


Evaluation = Mapping[str, LabelEvaluation]


def evaluate(
    truth: Sequence[Annotation], guesses: Sequence[Annotation], schema: LabelSchema, scores: Sequence[Scores] = ()
) -> Evaluation:
    """Compare two sets of annotations by label, in the schema's order; a sentence in one of them only is left out.

    ``scores`` are the probabilities behind the guesses, where there are any.
    """
    pairs = pair_up(truth, guesses)
    of_uid = {score.uid: score for score in scores}
    return {
        label: _evaluate_label(pairs, question, label, of_uid)
        for question in schema.questions
        for label in question.names
    }


def macro_f1(evaluation: Evaluation) -> float | None:
    """Return the mean over labels of the F1 over sentences, where it is defined."""
    defined = [f1 for label in evaluation.values() if (f1 := label.sentences.f1) is not None]
    return sum(defined) / len(defined) if defined else None


def _evaluate_label(
    pairs: Sequence[Pair], question: Question, label: str, scores: Mapping[str, Scores]
) -> LabelEvaluation:
    totals = summed(tally(pairs, question, label))
    found = figures(totals)
    hits, _, misses, _ = totals["sentences"]
    ranked = judged(pairs, question, label, scores)
    return LabelEvaluation(
        n_sentences=int(totals["sentences"].sum()),
        n_positive=int(hits + misses),
        mcc=defined(found["mcc"]),
        macro_f1=defined(found["macro_f1"]),
        average_precision=defined(average_precision(ranked)),
        **{level: _counts(each) for level, each in totals.items()},
    )


def defined(figure: Floats | float) -> float | None:
    """Return a figure as a number; ``None`` where it is not one."""
    return float(figure) if isfinite(figure) else None


def _counts(counts: Floats) -> Counts:
    hits, alarms, misses, _ = counts.tolist()
    return Counts(true_positive=hits, false_positive=alarms, false_negative=misses)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
