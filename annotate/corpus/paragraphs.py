"""Paragraphs: the lines of a text, or several of them where the text was wrapped by hand."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

# White space, control characters, and the format characters that take no room: zero-width spaces and joiners,
# direction and byte order marks, soft hyphens.
_INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*")

_WRAP_WIDTHS = range(50, 101)
_FEWEST_WRAPS = 2
_WRAPPED_SHARE = 0.5
_LIST_MARK = re.compile(r"(?:[•‣◦▪*–—-]|\(?\d{1,3}[.)])\s")


class Paragraph(NamedTuple):
    """A paragraph without the invisible characters around it; ``number`` counts from 1."""

    number: int
    start: int
    end: int
    text: str


def visible(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the stretch without the invisible characters at its edges, or ``None`` where it holds no other."""
    first = _INVISIBLE.match(text, start, end)
    start = first.end() if first else start
    while end > start and _INVISIBLE.fullmatch(text, end - 1, end):
        end -= 1
    return (start, end) if start < end else None


def split_paragraphs(text: str) -> list[Paragraph]:
    """Split a text into its lines, and join lines that were wrapped.

    A text counts as wrapped if no line is longer than 100 code points, and if at least half of its line breaks
    (blank lines aside) stand in mid-sentence where the next word would not have fitted into the longest line.
    There, a break joins two lines exactly where the next word would not have fitted.
    """
    lines = list(_lines(text))
    width = max((end - start for start, end in lines), default=0)
    continued = _continued(text, lines, width) if width in _WRAP_WIDTHS else set()
    stretches: list[tuple[int, int]] = []
    for start, end in lines:
        first = stretches.pop()[0] if start in continued else start
        stretches.append((first, end))
    return _numbered(text, stretches)


def split_lines(text: str) -> list[Paragraph]:
    """Split a text into its lines."""
    return _numbered(text, _lines(text))


def _numbered(text: str, stretches: Iterable[tuple[int, int]]) -> list[Paragraph]:
    spans = (span for start, end in stretches if (span := visible(text, start, end)))
    return [Paragraph(number, start, end, text[start:end]) for number, (start, end) in enumerate(spans, start=1)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines without their line breaks, blank ones too."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line.splitlines()[0])
        start += len(line)


def _continued(text: str, lines: list[tuple[int, int]], width: int) -> set[int]:
    """Return where the lines start that continue the line before them."""
    breaks = [
        (text[slice(*before)].rstrip(), text[slice(*after)].lstrip(), after[0])
        for before, after in pairwise(lines)
        if visible(text, *before) and visible(text, *after)
    ]
    full = [(before, after, start) for before, after, start in breaks if _is_full(before, after, width)]
    wraps = sum(before[-1:] not in '.!?:”"' and after[:1].islower() for before, after, _ in full)
    if wraps < max(_FEWEST_WRAPS, _WRAPPED_SHARE * len(breaks)):
        return set()
    return {start for _, _, start in full}


def _is_full(line: str, following: str, width: int) -> bool:
    """Tell whether the first word of the following line would not have fitted into the line."""
    word = following.split(maxsplit=1)[0] if following else ""
    return len(line) + 1 + len(word) > width and not _LIST_MARK.match(following)
