"""Adjudication by what annotators are likely to know, where there are enough of them to tell."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import numpy as np

from annotate.annotation import Annotation, Answer, LabelledSpan, by_sentence
from annotate.quality.adjudication import (
    MAJORITY,
    Verdict,
    heard,
    spans_of,
    to_gold,
    tokens_in,
    verdicts,
)
from annotate.quality.agreement.panel import Panel, Units
from annotate.quality.bootstrap import Floats
from annotate.quality.dawid_skene import dawid_skene
from annotate.quality.gold import Gold
from annotate.quality.mace import mace
from annotate.quality.patterns import Patterns, are_enough, contested, patterns_of
from annotate.schema import LabelSchema, Question
from annotate.words import tokens_of

Method = Literal["majority", "dawid-skene", "mace"]

# Below this probability of what is likeliest, a question is left to a person.
SURE = 0.75

_TRUTHS: dict[Method, Callable[[Patterns, int], Floats]] = {
    "dawid-skene": lambda patterns, n_codes: dawid_skene(patterns, n_codes).truth,
    "mace": lambda patterns, n_codes: mace(patterns, n_codes).truth,
}


def adjudicate(annotations: Iterable[Annotation], schema: LabelSchema, method: Method = "majority") -> list[Gold]:
    """Return one answer a sentence, and how it came about; what was adjudicated before (``Gold``) has no vote.

    A question for which there are too few annotators to estimate their skills goes by majority whatever the method.
    """
    sentences = (heard(given.values()) for given in by_sentence(annotations).values())
    voters = [given for given in sentences if given]
    found = [verdicts(given, schema) for given in voters]
    if method != MAJORITY and voters:
        estimate = _Estimate(voters, method)
        for question in schema.questions:
            if are_enough(estimate.panel.answered(question)):
                for mine, verdict in zip(found, estimate.verdicts(question), strict=True):
                    mine.update({question.name: verdict} if question.name in mine else {})
    return [to_gold(given, schema, mine) for given, mine in zip(voters, found, strict=True)]


class _Estimate:
    """Verdicts by the likely truth; what is likeliest and not sure is disputed."""

    def __init__(self, voters: Sequence[Sequence[Annotation]], method: Method) -> None:
        self.voters = voters
        self.method = method
        self.panel = Panel(annotation for given in voters for annotation in given)

    def verdicts(self, question: Question) -> list[Verdict]:
        """Return a verdict on each sentence, whether anybody answered or not."""
        if question.kind == "spans":
            return self._spans(question)
        return self._single(question) if question.kind == "single choice" else self._multiple(question)

    def _single(self, question: Question) -> list[Verdict]:
        likely = self._truth(self.panel.choices(question))
        answers = [*((name,) for name in question.names), ()]
        return [self._verdict(answers[row.argmax()], sure=bool(row.max() >= SURE)) for row in likely]

    def _multiple(self, question: Question) -> list[Verdict]:
        by_label = [self._truth(self.panel.carries(question, label))[:, 1] for label in question.names]
        found = []
        for given, likely in zip(self.voters, np.stack(by_label, axis=1), strict=True):
            answers = [annotation.answers[question.name] for annotation in given if question.name in annotation.answers]
            chosen = tuple(name for name, chance in zip(question.names, likely, strict=True) if chance > 1 / 2)
            # Most of them found something, and nothing is likely: that is no "none".
            at_odds = not chosen and 2 * sum(not answer for answer in answers) <= len(answers)
            found.append(self._verdict(chosen, sure=bool(np.maximum(likely, 1 - likely).min() >= SURE) and not at_odds))
        return found

    def _spans(self, question: Question) -> list[Verdict]:
        places = self.panel.word_places
        ends = np.cumsum([len(words) for words in places])[:-1]
        by_label = {label: np.split(self._marked(self.panel.words(question, label)), ends) for label in question.names}
        found = []
        for row, given in enumerate(self.voters):
            answers = [annotation.answers[question.name] for annotation in given if question.name in annotation.answers]
            likely = {
                label: dict(zip(places[row], chances[row].tolist(), strict=True)) for label, chances in by_label.items()
            }
            spans = [
                span for label in question.names for span in _likely_spans(given[0].text, answers, label, likely[label])
            ]
            unsure = any(1 - SURE < chance < SURE for chances in likely.values() for chance in chances.values())
            found.append(Verdict(tuple(spans), disputed=unsure, by=self.method))
        return found

    def _marked(self, units: Units) -> Floats:
        """Return how likely each word is to be rightly marked: 0 where nobody marked it."""
        likely, marked = np.zeros(len(units.codes)), contested(units)
        if marked.any():
            likely[marked] = self._truth(Units(units.codes[marked], units.n_codes, units.sentence[marked]))[:, 1]
        return likely

    def _truth(self, units: Units) -> Floats:
        patterns = patterns_of(units.codes)
        return _TRUTHS[self.method](patterns, units.n_codes)[patterns.of_unit]

    def _verdict(self, answer: Answer, *, sure: bool) -> Verdict:
        return Verdict(answer if sure else None, disputed=not sure, by=self.method)


def _likely_spans(
    text: str, answers: Sequence[Answer], label: str, likely: dict[tuple[int, int], float]
) -> list[LabelledSpan]:
    """Return the spans of likely words; of what is no word, the majority decides."""
    tokens = list(tokens_of(text))
    marked = [tokens_in(tokens, answer, label) for answer in answers]
    if not any(marked):
        return []
    shares = {
        place: sum(number in mine for mine in marked) / max(len(answers), 1) for number, place in enumerate(tokens)
    }
    chosen = {number for number, place in enumerate(tokens) if likely.get(place, shares[place]) > 1 / 2}
    return spans_of(tokens, chosen, answers, label)
