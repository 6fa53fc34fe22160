"""The starter labels of the seed articles, turned into annotations of the package's own sentences.

The labels are of stretches cut by another splitter, so they are matched by their offsets, never by their order.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.article import Offset, Sentence, Span
from annotate.datasets.records import Codebook
from annotate.errors import SourceError
from annotate.record import Record


class MarkedSpan(Span):
    """A stretch of a row's text, and its words."""

    text: str


class StarterRow(Record):
    """One drafted answer to one stretch of a file; the offsets of ``loaded`` count from the stretch's start."""

    file: str
    paragraph: int
    start: Offset
    end: Offset
    text: str
    annotator: str
    furniture: bool
    loaded: tuple[MarkedSpan, ...]
    unsourced: bool
    prediction: bool


class StarterLabels(NamedTuple):
    """Annotations in the order of the sentences, and how often what happened on the way to them.

    ``counts`` holds ``choices unanswered``, ``spans clipped`` and ``sentences skipped``, over all annotators.
    """

    annotations: tuple[Annotation, ...]
    counts: Mapping[str, int]


def starter_labels(rows: Iterable[StarterRow], sentences: Mapping[str, Sequence[Sentence]]) -> StarterLabels:
    """Turn starter rows into annotations.

    A sentence that spans several stretches has a label if any of them has it. One that is only part of a stretch is
    left unanswered where the stretch has a label, since nothing says which part has it. A sentence that an annotator
    took for furniture is skipped.

    Args:
        rows: The starter labels.
        sentences: The sentences of every file, in order, by the name the rows give it.

    Raises:
        SourceError: A file has no sentences, or its text is not the one that was labelled.
    """
    by_draft: dict[tuple[str, str], list[StarterRow]] = defaultdict(list)
    for row in rows:
        by_draft[row.file, row.annotator].append(row)
    counts: Counter[str] = Counter()
    annotations = [
        annotation
        for (file, annotator), draft in sorted(by_draft.items())
        for annotation in _Draft(draft, _sentences_of(file, sentences)).annotations(annotator, counts)
    ]
    return StarterLabels(tuple(annotations), counts)


def _sentences_of(file: str, sentences: Mapping[str, Sequence[Sentence]]) -> Sequence[Sentence]:
    if file not in sentences:
        raise SourceError(f"{file}: labelled, but its sentences are not given; read the file first")
    return sentences[file]


class _Draft:
    """One annotator's rows on one file, beside the file's sentences."""

    def __init__(self, rows: Iterable[StarterRow], sentences: Sequence[Sentence]) -> None:
        self.rows = sorted(rows, key=lambda row: row.start)
        self.row_ends = [row.end for row in self.rows]
        self.sentences = sentences
        self.sentence_ends = [sentence.end for sentence in sentences]
        self.sentence_starts = [sentence.start for sentence in sentences]
        self.codebook = Codebook()

    def annotations(self, annotator: str, counts: Counter[str]) -> list[Annotation]:
        """Return an annotation of every sentence that the annotator took for running text."""
        found: list[Annotation] = []
        for sentence in self.sentences:
            rows = self._rows_over(sentence)
            if not rows:
                counts["sentences skipped"] += 1
                continue
            answers = self._answers(sentence, rows, counts)
            draft = {"annotator": f"model:starter-{annotator}", "answers": answers, "origin": "draft"}
            found.append(Annotation.model_validate(sentence.model_dump() | draft))
        return found

    def _rows_over(self, sentence: Sentence) -> list[StarterRow]:
        first = bisect_right(self.row_ends, sentence.start)
        rows: list[StarterRow] = []
        for row in self.rows[first:]:
            if row.start >= sentence.end:
                break
            _check_same_text(row, sentence)
            rows.append(row)
        return [row for row in rows if not row.furniture]

    def _answers(self, sentence: Sentence, rows: Sequence[StarterRow], counts: Counter[str]) -> dict[str, Answer]:
        answers: dict[str, Answer] = {self.codebook.spans: self._spans(sentence, rows, counts)}
        if any((row.unsourced or row.prediction) and self._holds_several(row) for row in rows):
            counts["choices unanswered"] += 1
        else:
            answers[self.codebook.choices] = self._choices(rows)
        return answers

    def _choices(self, rows: Sequence[StarterRow]) -> tuple[str, ...]:
        said = {
            self.codebook.unsourced: any(row.unsourced for row in rows),
            self.codebook.prediction: any(row.prediction for row in rows),
        }
        return tuple(label for label, applies in said.items() if applies)

    def _holds_several(self, row: StarterRow) -> bool:
        """Tell whether more than one sentence overlaps the row."""
        return bisect_left(self.sentence_starts, row.end) - bisect_right(self.sentence_ends, row.start) > 1

    def _spans(self, sentence: Sentence, rows: Sequence[StarterRow], counts: Counter[str]) -> tuple[LabelledSpan, ...]:
        spans: list[LabelledSpan] = []
        for row in rows:
            for span in row.loaded:
                start, end = row.start + span.start - sentence.start, row.start + span.end - sentence.start
                inside = max(start, 0), min(end, len(sentence.text))
                if inside[0] >= inside[1]:
                    continue
                counts["spans clipped"] += inside != (start, end)
                spans.append(LabelledSpan(start=inside[0], end=inside[1], label=self.codebook.loaded))
        return tuple(spans)


def _check_same_text(row: StarterRow, sentence: Sentence) -> None:
    start, end = max(row.start, sentence.start), min(row.end, sentence.end)
    if row.text[start - row.start : end - row.start] != sentence.text[start - sentence.start : end - sentence.start]:
        raise SourceError(f"{row.file}: not the text that was labelled, at {row.start}; take the original file")
