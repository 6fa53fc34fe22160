"""Labels that are likely mistakes, by what a model that has not learned from them says."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from cleanlab.rank import get_label_quality_scores
from numpy.typing import NDArray

from annotate.annotation import Annotation, Answer, LabelledSpan, Probability, ScoredSpan, WordScores, carries
from annotate.quality.bootstrap import Floats
from annotate.quality.tallies import marked_words
from annotate.schema import LabelSchema, Question
from annotate.words import words_of

_DOUBTFUL = 0.5  # below it, the model prefers another answer

Labelled = tuple[Annotation, WordScores]


class Suspect(Annotation):
    """An answer that is likely a mistake, and the one that the model would give to the question instead.

    ``label`` is the one in doubt, ``probability`` what the model gives it (of a span label, in its worst word), and
    ``why`` says so in words. ``quality`` is from 0, surely wrong, to 1.
    """

    question: str
    label: str
    suggested: Answer
    probability: Probability
    quality: Probability
    why: str


def suspects(labelled: Sequence[Annotation], scores: Sequence[WordScores], schema: LabelSchema) -> list[Suspect]:
    """Return the answers that the scores speak against: the worst of each label in turn, then the next of each.

    Qualities of different labels are not alike enough to be sorted together. The scores must come from models that
    have not learned from the sentences they judge. What has no score, a sentence or a label of it, is not judged.
    """
    of_uid = {score.uid: score for score in scores}
    lists: list[Iterable[Suspect]] = []
    for question in schema.questions:
        answered = [(a, of_uid[a.uid]) for a in labelled if a.uid in of_uid and question.name in a.answers]
        if question.kind == "single choice":
            lists.append(_of_choice([each for each in answered if _is_scored(each, question.names)], question))
        else:
            judge = _of_spans if question.kind == "spans" else _of_label
            known = ((label, [each for each in answered if _is_scored(each, [label])]) for label in question.names)
            lists += [judge(scored, question, label) for label, scored in known]
    ordered = [sorted(mine, key=lambda suspect: suspect.quality) for mine in lists]
    places = ((place, suspect.quality, suspect) for mine in ordered for place, suspect in enumerate(mine))
    return [suspect for _, _, suspect in sorted(places, key=lambda each: each[:2])]


def _is_scored(judged: Labelled, labels: Sequence[str]) -> bool:
    return all(label in judged[1].labels for label in labels)


def label_quality(given: NDArray[np.intp], probabilities: Floats) -> Floats:
    """Return how much the probabilities speak for what was given, from 0 to 1.

    It is the margin between the given class and the best other one, after each class's probability is set against the
    mean that it has where it was given (Northcutt, Jiang and Chuang, 2021): a model that is seldom sure of a rare
    class is not taken to contradict it. Where a class was never given there is no such mean, and the plain margin
    counts. *Shapes:* ``(n,)`` and ``(n, n_classes)``.
    """
    if not len(given):
        return np.zeros(0)
    complete = len(np.unique(given)) == probabilities.shape[1]
    quality: Floats = get_label_quality_scores(
        given, probabilities, method="normalized_margin", adjust_pred_probs=complete
    )
    return np.clip(quality, 0, 1)


def _of_label(answered: Sequence[Labelled], question: Question, label: str) -> Iterator[Suspect]:
    given = np.array([carries(truth.answers[question.name], label) for truth, _ in answered], dtype=np.intp)
    probability = np.array([score.labels[label] for _, score in answered])
    quality = label_quality(given, _both(probability))
    for number in np.flatnonzero(quality < _DOUBTFUL):
        truth, score = answered[number]
        if (label in score.decided) != given[number]:
            changed = {item for item in truth.answers[question.name] if isinstance(item, str)} ^ {label}
            suggested = tuple(name for name in question.names if name in changed)
            said = "given" if given[number] else "not given"
            yield _suspect(truth, question, _Doubt(label, suggested, probability[number], quality[number], said))


def _of_choice(answered: Sequence[Labelled], question: Question) -> Iterator[Suspect]:
    """Judge a single choice as a whole; "none" is a class where annotators can say so."""
    classes: Sequence[Answer] = [(name,) for name in question.names] + ([()] if question.none is not None else [])
    judged = [(truth, score) for truth, score in answered if truth.answers[question.name] in classes]
    given = np.array([classes.index(truth.answers[question.name]) for truth, _ in judged], dtype=np.intp)
    rows = [[score.labels[name] for name in question.names] for _, score in judged]
    probabilities: Floats = np.array(rows).reshape(len(judged), len(question.names))
    if question.none is not None:
        probabilities = np.column_stack([probabilities, np.clip(1 - probabilities.sum(axis=1), 0, 1)])
    quality = label_quality(given, probabilities / probabilities.sum(axis=1, keepdims=True))
    for number in np.flatnonzero(quality < _DOUBTFUL):
        truth, score = judged[number]
        suggested = tuple(name for name in score.decided if name in question.names)
        if suggested != truth.answers[question.name]:
            label = str([*truth.answers[question.name], *suggested][0])
            said = "given" if truth.answers[question.name] else "not given"
            yield _suspect(truth, question, _Doubt(label, suggested, score.labels[label], quality[number], said))


def _of_spans(answered: Sequence[Labelled], question: Question, label: str) -> Iterator[Suspect]:
    """Judge every word, and a sentence by the worst of those of which the model says otherwise."""
    places = [(number, word) for number, (truth, _) in enumerate(answered) for word in words_of(truth.text)]
    marked = [marked_words(truth.text, truth.answers[question.name], label) for truth, _ in answered]
    found = [marked_words(truth.text, score.spans, label) for truth, score in answered]
    given = np.array([word in marked[number] for number, word in places], dtype=np.intp)
    probability = np.array([p for _, score in answered for p in score.words[label]])
    # Plain, as is usual for tokens: with so few words marked, the means would hide marks that are mistakes.
    quality = np.where(given, probability, 1 - probability)
    doubtful = [i for i in np.flatnonzero(quality < _DOUBTFUL) if given[i] != (places[i][1] in found[places[i][0]])]
    for number, indices in groupby(doubtful, key=lambda index: places[index][0]):
        truth, score = answered[number]
        worst = min(indices, key=lambda index: quality[index])
        said = f"‘{truth.text[slice(*places[worst][1])]}’ {'marked' if given[worst] else 'not marked'}"
        suggested = _replaced(truth.answers[question.name], score.spans, label)
        yield _suspect(truth, question, _Doubt(label, suggested, probability[worst], quality[worst], said))


class _Doubt(NamedTuple):
    """What speaks against an answer."""

    label: str
    suggested: Answer
    probability: float
    quality: float
    said: str


def _suspect(truth: Annotation, question: Question, doubt: _Doubt) -> Suspect:
    return Suspect(
        **dict(truth),
        question=question.name,
        label=doubt.label,
        suggested=doubt.suggested,
        probability=float(doubt.probability),
        quality=float(doubt.quality),
        why=f"{doubt.said}, and {doubt.probability:.0%} likely by the model",
    )


def _replaced(answer: Answer, spans: Sequence[ScoredSpan], label: str) -> tuple[LabelledSpan, ...]:
    """Return an answer with the model's spans of one label in place of its own."""
    kept = [item for item in answer if isinstance(item, LabelledSpan) and item.label != label]
    made = [LabelledSpan(start=span.start, end=span.end, label=label) for span in spans if span.label == label]
    return tuple(sorted([*kept, *made], key=lambda span: (span.start, span.end)))


def _both(probability: Floats) -> Floats:
    """Return the probabilities of not carrying a label and of carrying it."""
    return np.column_stack([1 - probability, probability])
