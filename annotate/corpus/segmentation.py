"""Articles cut into sentences: those of the headlines, of the body and of the readers' comments."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sentencex import get_sentence_boundaries

from annotate.article import Article, Section, Sentence, article_id, sentence_uid
from annotate.corpus.furniture import Layout, find_furniture
from annotate.corpus.headlines import find_headlines
from annotate.corpus.metadata import read_metadata
from annotate.corpus.paragraphs import Paragraph, split_lines, split_paragraphs, visible
from annotate.record import Record

LONGEST_CONTEXT = 300
"""How many code points the sentences around a sentence may take, beyond the nearest one."""

_WORD = re.compile(r"\w")
# The splitter knows spaces and line feeds alone. Each is replaced by one code point, so that offsets hold.
_AS_SPACE = {ord(character): " " for character in "\n\r\t\x0b\x0c\x1c\x1d\x1e\x85\xa0\u2028\u2029\u202f"}


class Document(Record):
    """Sentences in order, and the article they stand in where it is known."""

    article: Article | None
    sentences: tuple[Sentence, ...]


class _Cut(NamedTuple):
    start: int
    end: int
    paragraph: int
    section: Section
    text: str


def read_article(text: str, language: str = "en") -> Document:
    """Find an article's furniture, metadata and sentences; ``language`` is a code of ISO 639-1."""
    paragraphs = split_paragraphs(text)
    layout = find_furniture(paragraphs)
    passages = list(_without_furniture(paragraphs, layout))
    headlines = find_headlines([passage for passage in passages if passage.start < layout.comments_start])
    cuts: list[_Cut] = []
    for passage in passages:
        section = _section(passage, headlines, layout.comments_start)
        cuts.extend(_cut(passage, section, span) for span in _sentence_spans(passage.text, language))
    title = passages[0].text if passages and passages[0].number in headlines else None
    metadata = read_metadata(layout.metadata, title)
    article = Article(id=article_id(text), text=text, furniture=layout.furniture, **metadata._asdict())
    return Document(article=article, sentences=_sentences(article.id, cuts))


def read_lines(text: str) -> Document:
    """Take each line that is not blank for a sentence of the body."""
    article = Article(id=article_id(text), text=text)
    cuts = [_Cut(line.start, line.end, line.number, "body", line.text) for line in split_lines(text)]
    return Document(article=article, sentences=_sentences(article.id, cuts))


def _without_furniture(paragraphs: Sequence[Paragraph], layout: Layout) -> Iterator[Paragraph]:
    """Yield what remains of the paragraphs; furniture covers a paragraph, or stands at its start."""
    furniture = deque(layout.furniture)
    for paragraph in paragraphs:
        start = paragraph.start
        while furniture and furniture[0].start < paragraph.end:
            start = furniture.popleft().end
        if span := visible(paragraph.text, start - paragraph.start, len(paragraph.text)):
            yield paragraph._replace(start=paragraph.start + span[0], text=paragraph.text[slice(*span)])


def _section(passage: Paragraph, headlines: set[int], comments_start: int) -> Section:
    if passage.start >= comments_start:
        return "comment"
    return "headline" if passage.number in headlines else "body"


def _cut(passage: Paragraph, section: Section, span: tuple[int, int]) -> _Cut:
    start, end = span
    return _Cut(passage.start + start, passage.start + end, passage.number, section, passage.text[start:end])


def _sentence_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph; what holds no word belongs to the sentence before it, or after it."""
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in get_sentence_boundaries(language, text.translate(_AS_SPACE)):
        end = boundary["end_index"]
        if not _WORD.search(text, start, end) and end < len(text) and not spans:
            continue
        if spans and not _WORD.search(text, start, end):
            start = spans.pop()[0]
        spans.append((start, end))
        start = end
    return [span for start, end in spans if (span := visible(text, start, end))]


def _sentences(article: str, cuts: Sequence[_Cut]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            uid=sentence_uid(article, cut.start, cut.end, cut.text),
            article_id=article,
            context_before=" ".join(reversed(list(_around(cuts, at, -1)))),
            context_after=" ".join(_around(cuts, at, 1)),
            **cut._asdict(),
        )
        for at, cut in enumerate(cuts)
    )


def _around(cuts: Sequence[_Cut], at: int, step: int) -> Iterator[str]:
    """Yield the next sentence, and those behind it while they stand in the same paragraph and are not too long."""
    length = 0
    index = at + step
    while 0 <= index < len(cuts) and (cuts[index].section == "comment") == (cuts[at].section == "comment"):
        length += len(cuts[index].text)
        is_nearest = index == at + step
        if not is_nearest and (length > LONGEST_CONTEXT or cuts[index].paragraph != cuts[at].paragraph):
            return
        yield cuts[index].text
        index += step
