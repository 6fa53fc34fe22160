"""Lines as they are printed on pages, put together to paragraphs."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import NamedTuple

_WIDE_GAP = 1.3  # of the distance between two lines of a paragraph
_SHORT = 0.75  # of the longest line
_INDENT = 0.5  # of the size of the type
_OTHER_SIZE = 0.1
_SAME_HEIGHT = 2  # points
_EDGE_LINES = 2
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u2010\xad]$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w+(?:[-\u2010]\w+)*")


class PrintLine(NamedTuple):
    """A printed line: its text, where it starts (points from the page's left and lower edge), and its type's size."""

    text: str
    x: float
    y: float
    size: float


class Setting(NamedTuple):
    """How lines of one size are set: the distance between two of a paragraph, and the characters of the longest."""

    pitch: float
    longest: int


def paragraphs_of(pages: Sequence[Sequence[PrintLine]]) -> list[str]:
    """Put lines together where one continues the other, also over columns and pages; running heads are left out."""
    running = _running_heads(pages)
    lines = [[line for line in page if _head(line) not in running] for page in pages]
    every = list(chain.from_iterable(lines))
    setting = _settings(every)
    words = {word.casefold() for line in every for word in _WORD.findall(line.text)}
    paragraphs: list[str] = []
    for before, line in pairwise([None, *every]):
        text = " ".join((line.text if line else "").split())
        if before and line and paragraphs and not _is_new_paragraph(before, line, setting[round(before.size)]):
            paragraphs[-1] = _joined(paragraphs[-1], text, words)
        else:
            paragraphs.append(text)
    return [paragraph.replace("\xad", "") for paragraph in paragraphs if paragraph]


def _running_heads(pages: Sequence[Sequence[PrintLine]]) -> set[tuple[str, int]]:
    """Return the lines that stand at one height on at least half of the pages, page numbers aside."""
    seen = Counter(chain.from_iterable({_head(line) for line in _at_edges(page)} for page in pages))
    return {head for head, count in seen.items() if count >= max(2, len(pages) / 2)}


def _at_edges(page: Sequence[PrintLine]) -> list[PrintLine]:
    heights = sorted({round(line.y / _SAME_HEIGHT) for line in page})
    edges = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return [line for line in page if round(line.y / _SAME_HEIGHT) in edges]


def _head(line: PrintLine) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.strip()), round(line.y / _SAME_HEIGHT)


def _settings(lines: Sequence[PrintLine]) -> dict[int, Setting]:
    """Return how lines are set, by the size of their type."""
    distances: dict[int, list[float]] = defaultdict(list)
    longest: dict[int, int] = defaultdict(int)
    for before, line in pairwise([lines[0], *lines] if lines else []):
        size = round(line.size)
        longest[size] = max(longest[size], len(line.text))
        distance = before.y - line.y
        if round(before.size) == size and line.size / 2 < distance < 3 * line.size:
            distances[size].append(distance)
    # A quarter of the distances, for the others may be between paragraphs.
    return {
        size: Setting(sorted(distances[size] or [size])[len(distances[size]) // 4], length)
        for size, length in longest.items()
    }


def _is_new_paragraph(before: PrintLine, line: PrintLine, setting: Setting) -> bool:
    if abs(before.size - line.size) > _OTHER_SIZE * before.size:
        return True
    ends = _SENTENCE_END.search(before.text.rstrip()) is not None
    if line.y > before.y + line.size:  # the next column or page
        return ends
    distance = before.y - line.y
    if distance > _WIDE_GAP * setting.pitch:
        return True
    is_indented = line.x > before.x + _INDENT * line.size
    is_short = len(before.text) < _SHORT * setting.longest
    return ends and distance > line.size / 2 and (is_indented or is_short)


def _joined(start: str, end: str, words: set[str]) -> str:
    """Join two lines; a hyphen at the end of the first goes unless the text has the word with it elsewhere."""
    first, second = _HYPHENATED.search(start), _FIRST_WORD.match(end)
    if not first or not second or not end[0].islower():
        return f"{start} {end}"
    whole, compound = f"{first[1]}{second[0]}".casefold(), f"{first[1]}-{second[0]}".casefold()
    keeps = whole not in words and compound in words
    return f"{start[:-1]}-{end}" if keeps else start[:-1] + end
