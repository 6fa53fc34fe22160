"""How often two sides agree on a label, counted by article, and the figures that follow.

Counts add up, so one arithmetic gives a figure for all articles and for thousands of resamples of them.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import NamedTuple

import numpy as np

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.quality.adjudication import covered
from annotate.quality.bootstrap import Floats, ratio
from annotate.schema import Question
from annotate.words import Place, words_of

# By level (``sentences``, and of span labels ``words``, ``spans`` and ``partial``) hits, false alarms, misses and, of
# sentences, those that both sides leave without the label. *Shape:* ``(…, 4)``
Tally = Mapping[str, Floats]
_Four = tuple[float, float, float, float]


class Pair(NamedTuple):
    """What the two sides say of a sentence, and the number of its article."""

    true: Annotation
    guess: Annotation
    article: int


def pair_up(truth: Sequence[Annotation], guesses: Sequence[Annotation]) -> list[Pair]:
    """Pair the answers to each sentence that both sides have, in the truth's order."""
    guess_of = {guess.uid: guess for guess in guesses}
    both = [true for true in truth if true.uid in guess_of]
    numbers = {article: number for number, article in enumerate(dict.fromkeys(true.article_id for true in both))}
    return [Pair(true, guess_of[true.uid], numbers[true.article_id]) for true in both]


def n_articles(pairs: Sequence[Pair]) -> int:
    """Return of how many articles the sentences are."""
    return len({pair.article for pair in pairs})


def tally(pairs: Sequence[Pair], question: Question, label: str) -> Tally:
    """Count by article the sentences of which both sides say whether they carry the label, and what is marked in them.

    Words and spans are counted where both sides answer the question. *Shape:* ``(n_articles, 4)`` a level.
    """
    levels = ("sentences", "words", "spans", "partial") if question.kind == "spans" else ("sentences",)
    counts = {level: np.zeros((n_articles(pairs), 4)) for level in levels}
    for true, guess, article in pairs:
        ours, theirs = true.says(question, label), guess.says(question, label)
        if ours is None or theirs is None:
            continue
        hit, rejection = ours and theirs, not (ours or theirs)
        counts["sentences"][article] += (hit, theirs and not ours, ours and not theirs, rejection)
        if question.kind == "spans" and question.name in true.answers and question.name in guess.answers:
            answers = true.answers[question.name], guess.answers[question.name]
            for level, count in zip(levels[1:], _counts(true.text, *answers, label), strict=True):
                counts[level][article] += count
    return counts


def summed(tallied: Tally) -> Tally:
    """Return the counts over all articles; *shape:* ``(4,)`` a level."""
    return {level: counts.sum(axis=0) for level, counts in tallied.items()}


def figures(counts: Tally) -> dict[str, Floats]:
    """Return every figure that counts define, by name, without the last axis; ``nan`` is undefined.

    Of sentences those are precision, recall, the F1 of the label, ``macro_f1`` (the mean of that F1 and the F1 of
    "does not carry it"; of the one that is defined where only one is), and Matthews' correlation (Matthews, 1975).
    """
    found: dict[str, Floats] = {}
    for level, each in counts.items():
        hits, alarms, misses, rejections = np.moveaxis(each, -1, 0)
        prefix = "" if level == "sentences" else f"{level}_"
        found[f"{prefix}precision"] = ratio(hits, hits + alarms)
        found[f"{prefix}recall"] = ratio(hits, hits + misses)
        found[f"{prefix}f1"] = ratio(2 * hits, 2 * hits + alarms + misses)
        if level == "sentences":
            both = np.stack([found["f1"], ratio(2 * rejections, 2 * rejections + alarms + misses)])
            found["macro_f1"] = ratio(np.nansum(both, axis=0), np.isfinite(both).sum(axis=0))
            spread = (hits + misses) * (hits + alarms) * (rejections + misses) * (rejections + alarms)
            found["mcc"] = ratio(hits * rejections - alarms * misses, np.sqrt(spread))
    return found


def marked_words(text: str, answer: Answer, label: str) -> set[Place]:
    """Return the places of the words of which at least one character is marked."""
    marked = covered(answer, label)
    return {word for word in words_of(text) if not marked.isdisjoint(range(*word))}


def _counts(text: str, true: Answer, guess: Answer, label: str) -> Iterator[_Four]:
    """Yield the counts of one sentence's words, spans, and spans that overlap."""
    yield _common(marked_words(text, true, label), marked_words(text, guess, label))
    yield _common(_ends(true, label), _ends(guess, label))
    yield _partial(_ends(true, label), _ends(guess, label))


def _common(true: Set[Place], guess: Set[Place]) -> _Four:
    return len(true & guess), len(guess - true), len(true - guess), 0


def _partial(true: Set[Place], guess: Set[Place]) -> _Four:
    """Count a span with both ends right as a hit, and one that overlaps another as half a hit.

    Each span meets one other at most: first those with both ends right, then, in the text's order, the first that is
    left (the partial match of SemEval-2013 task 9).
    """
    exact = true & guess
    left = sorted(true - exact)
    n_met = 0
    for start, end in sorted(guess - exact):
        met = next((span for span in left if span[0] < end and start < span[1]), None)
        if met is not None:
            left.remove(met)
            n_met += 1
    hits = len(exact) + n_met / 2
    return hits, len(guess) - hits, len(true) - hits, 0


def _ends(answer: Answer, label: str) -> set[Place]:
    return {(item.start, item.end) for item in answer if isinstance(item, LabelledSpan) and item.label == label}
