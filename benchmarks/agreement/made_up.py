"""Answers of made-up annotators, of whom it is known how well they do."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.article import Sentence, article_id, sentence_uid
from annotate.schema import LabelSchema, Question
from annotate.words import words_of

_WORDS = (
    "the council sold its old harbour to a shell company last spring and a desperate mayor will resign before voters "
    "learn what brutal price fishermen paid for that reckless plan"
)
_PER_ARTICLE = 25
_SHARE = 0.2  # of sentences that carry a label
_START = datetime(2026, 1, 5, tzinfo=UTC)


class _Annotator:
    """Somebody who is right in as many cases as their skill says, and otherwise says the opposite."""

    def __init__(self, skill: float, random: np.random.Generator) -> None:
        self.skill = skill
        self.random = random

    def answer(self, question: Question, text: str, truth: dict[str, bool], place: int) -> Answer:
        """Answer a question, of which it is known which labels apply, and near which word."""
        given = [label for label in question.names if truth[label] == self._is_right()]
        if question.kind != "spans":
            return tuple(given)
        words = list(words_of(text))
        first = place if self._is_right() else int(self.random.integers(len(words) - 2))
        start, end = words[first][0], words[first + int(self.random.integers(2))][1]
        return tuple(LabelledSpan(start=start, end=end, label=label) for label in given)

    def _is_right(self) -> bool:
        return bool(self.random.random() < self.skill)


def annotations(n_sentences: int, n_annotators: int, schema: LabelSchema, seed: int = 0) -> Iterator[Annotation]:
    """Yield the answers of annotators who are right in 70 to 95 of 100 cases, sentence by sentence."""
    random = np.random.default_rng(seed)
    people = [_Annotator(skill, random) for skill in np.linspace(0.7, 0.95, n_annotators).tolist()]
    for number in range(n_sentences):
        sentence = _sentence(number, random)
        truth = {label: bool(random.random() < _SHARE) for q in schema.questions for label in q.names}
        place = int(random.integers(sentence.text.count(" ") - 2))
        when = (_START + timedelta(minutes=5 * number)).isoformat()
        for column, person in enumerate(people, start=1):
            answers = {q.name: person.answer(q, sentence.text, truth, place) for q in schema.questions}
            stamped = {"created_at": when, "lead_time": 5.0, "origin": "manual"}
            yield Annotation(**dict(sentence), annotator=f"user:{column}", answers=answers, **stamped)


def _sentence(number: int, random: np.random.Generator) -> Sentence:
    text = " ".join(random.choice(_WORDS.split(), size=int(random.integers(12, 36)))) + f" {number}."
    article, start = article_id(f"article {number // _PER_ARTICLE}"), 1000 * (number % _PER_ARTICLE)
    end = start + len(text)
    uid = sentence_uid(article, start, end, text)
    place = {"start": start, "end": end, "paragraph": 1, "section": "body"}
    return Sentence(uid=uid, article_id=article, text=text, context_before=text, context_after=text, **place)
