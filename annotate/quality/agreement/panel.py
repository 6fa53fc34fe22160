"""Annotations as matrices: what each annotator says of each unit."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import Annotation, LabelledSpan, by_sentence
from annotate.schema import Question
from annotate.words import words_of

Codes = NDArray[np.int8]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

MISSING = -1


class Units(NamedTuple):
    """What annotators say of units, which are sentences or the words of sentences.

    ``codes`` are 0 to ``n_codes - 1``, or ``MISSING``. *Shape:* (units, annotators). ``sentence`` is the index of each
    unit's sentence in the panel. *Shape:* (units,)
    """

    codes: Codes
    n_codes: int
    sentence: Integers


class Marks(NamedTuple):
    """The spans of one label, none of which overlaps another of the same annotator and sentence.

    All have the *shape* (spans,) and are in the order of sentence, annotator and place; ``start`` and ``end`` count
    from the start of the sentence.
    """

    sentence: Integers
    annotator: Integers
    start: Integers
    end: Integers


class Panel:
    """Several annotators' answers to the same sentences; of two answers of one annotator the later counts."""

    def __init__(self, annotations: Iterable[Annotation]) -> None:
        self.given: Sequence[Mapping[str, Annotation]] = list(by_sentence(annotations).values())
        self.sentences: Sequence[Annotation] = [next(iter(given.values())) for given in self.given]
        self.annotators = tuple(sorted({name for given in self.given for name in given}, key=_by_number))
        self.articles = tuple(dict.fromkeys(sentence.article_id for sentence in self.sentences))
        places = {article: place for place, article in enumerate(self.articles)}
        # The index of each sentence's article. *Shape:* (sentences,)
        self.article: Integers = np.array([places[s.article_id] for s in self.sentences], dtype=np.int64)
        self._columns = {name: column for column, name in enumerate(self.annotators)}

    def answered(self, question: Question) -> Flags:
        """Tell who answered a question. *Shape:* (sentences, annotators)."""
        flags = np.zeros((len(self.sentences), len(self.annotators)), dtype=bool)
        for row, given in enumerate(self.given):
            for name, annotation in given.items():
                flags[row, self._columns[name]] = question.name in annotation.answers
        return flags

    def choices(self, question: Question) -> Units:
        """Return what a single choice is answered with: the place of the label, and after the last that of none."""
        places = {name: place for place, name in enumerate(question.names)}
        codes = np.full((len(self.sentences), len(self.annotators)), MISSING, dtype=np.int8)
        for row, given in enumerate(self.given):
            for name, annotation in given.items():
                answer = annotation.answers.get(question.name)
                if answer is not None:
                    codes[row, self._columns[name]] = places[str(answer[0])] if answer else len(places)
        return Units(codes, len(places) + 1, np.arange(len(self.sentences)))

    def carries(self, question: Question, label: str) -> Units:
        """Return which sentences carry a label of a question of choices: 1, else 0."""
        codes = np.full((len(self.sentences), len(self.annotators)), MISSING, dtype=np.int8)
        for row, given in enumerate(self.given):
            for name, annotation in given.items():
                answer = annotation.answers.get(question.name)
                if answer is not None:
                    codes[row, self._columns[name]] = label in answer
        return Units(codes, 2, np.arange(len(self.sentences)))

    def marks(self, question: Question, label: str) -> Marks:
        """Return the spans of a label; those of one annotator that overlap are one."""
        rows = [
            (row, column, start, end)
            for row, given in enumerate(self.given)
            for name, annotation in given.items()
            for column in (self._columns[name],)
            for start, end in merged(annotation.answers.get(question.name, ()), label)
        ]
        table = np.array(sorted(rows), dtype=np.int64).reshape(-1, 4)
        return Marks(*table.T)

    def words(self, question: Question, label: str) -> Units:
        """Return which words are marked with a label, at least in part: 1, else 0."""
        marks, (starts, ends, sentence) = self.marks(question, label), self._words
        base = self.offsets[marks.sentence]
        first = np.searchsorted(ends, base + marks.start, side="right")
        after = np.searchsorted(starts, base + marks.end, side="left")
        edges = np.zeros((len(starts) + 1, len(self.annotators)), dtype=np.int32)
        some = first < after
        np.add.at(edges, (first[some], marks.annotator[some]), 1)
        np.add.at(edges, (after[some], marks.annotator[some]), -1)
        codes = (np.cumsum(edges, axis=0)[:-1] > 0).astype(np.int8)
        codes[~self.answered(question)[sentence]] = MISSING
        return Units(codes, 2, sentence)

    @cached_property
    def offsets(self) -> Integers:
        """Where each sentence starts when all stand in a row, and where the last ends. *Shape:* (sentences + 1,)."""
        return np.cumsum([0, *(len(sentence.text) for sentence in self.sentences)])

    @cached_property
    def word_places(self) -> Sequence[Sequence[tuple[int, int]]]:
        """The words of each sentence, by start and end."""
        return [list(words_of(sentence.text)) for sentence in self.sentences]

    @cached_property
    def _words(self) -> tuple[Integers, Integers, Integers]:
        """Starts and ends of all words, as ``offsets`` counts, and the sentence of each. *Shape:* (words,) each."""
        places = self.word_places
        sentence = np.repeat(np.arange(len(places)), [len(words) for words in places])
        table = np.array([place for words in places for place in words], dtype=np.int64).reshape(-1, 2)
        table += self.offsets[sentence][:, None]
        return table[:, 0], table[:, 1], sentence


def merged(answer: Sequence[object], label: str) -> list[tuple[int, int]]:
    """Return the places that an answer marks with a label, in order; spans that overlap are one."""
    spans = sorted((s.start, s.end) for s in answer if isinstance(s, LabelledSpan) and s.label == label)
    places: list[tuple[int, int]] = []
    for start, end in spans:
        if places and start < places[-1][1]:
            places[-1] = places[-1][0], max(end, places[-1][1])
        else:
            places.append((start, end))
    return places


def _by_number(annotator: str) -> tuple[str, int, str]:
    """Sort ``user:2`` before ``user:10``."""
    kind, _, number = annotator.partition(":")
    return kind, int(number) if number.isdecimal() else 0, number
