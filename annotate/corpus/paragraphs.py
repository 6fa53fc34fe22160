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
# Editors do not agree on whether the space at the end counts, and a few lines are always longer than the others.
_SLACK = 6
_LIST_MARK = re.compile(r"\s*(?:[•‣◦▪*–—-]|\(?\d{1,3}[.)])\s")


class Paragraph(NamedTuple):
    """A paragraph without the invisible characters around it; ``number`` counts from 1."""

    number: int
    start: int
    end: int
    text: str


class _Line(NamedTuple):
    """What is visible of a line, and how many columns it is indented by."""

    start: int
    end: int
    text: str
    indent: int


def visible(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the stretch without the invisible characters at its edges, or ``None`` where it holds no other."""
    # What can be printed is visible, so most stretches need no closer look.
    if start < end and text[start].isprintable() and not text[start].isspace():
        first = start
    else:
        found = _INVISIBLE.match(text, start, end)
        first = found.end() if found else start
    while end > first and (not text[end - 1].isprintable() or text[end - 1].isspace()):
        if not _INVISIBLE.fullmatch(text, end - 1, end):
            break
        end -= 1
    return (first, end) if first < end else None


def split_paragraphs(text: str) -> list[Paragraph]:
    """Split a text into its lines, and join lines that were wrapped.

    A text counts as wrapped if no line of several words is longer than 100 code points, and if at least half of its
    line breaks (blank lines aside) stand in mid-sentence where the next word would hardly have fitted into the longest
    line. There, each such break joins two lines, unless the second line is indented or starts with a list mark.
    """
    lines = list(_lines(text))
    width = _width(text, lines)
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
    for line, content in zip(text.splitlines(keepends=True), text.splitlines(), strict=True):
        yield start, start + len(content)
        start += len(line)


def _width(text: str, lines: Iterable[tuple[int, int]]) -> int:
    """Return the length of the longest line that can have been wrapped; an address alone cannot."""
    longest = 0
    for start, end in lines:
        if end - start > longest:
            content = text[start:end].rstrip()
            if len(content) > longest and " " in content.lstrip():
                longest = len(content)
                if longest > _WRAP_WIDTHS[-1]:
                    break
    return longest


def _continued(text: str, lines: Iterable[tuple[int, int]], width: int) -> set[int]:
    """Return where the lines start that continue the line before them."""
    seen = [_line(text, start, end) for start, end in lines]
    breaks = [(before, after) for before, after in pairwise(seen) if before.text and after.text]
    wraps = sum(
        _is_full(before, after, width - _SLACK) and before.text[-1] not in '.!?:”"' and after.text[0].islower()
        for before, after in breaks
    )
    if wraps < max(_FEWEST_WRAPS, _WRAPPED_SHARE * len(breaks)):
        return set()
    return {after.start for before, after in breaks if _goes_on(before, after, width)}


def _line(text: str, start: int, end: int) -> _Line:
    span = visible(text, start, end)
    return _Line(start, end, text[slice(*span)], span[0] - start) if span else _Line(start, end, "", 0)


def _goes_on(before: _Line, after: _Line, width: int) -> bool:
    """Tell whether a line of a wrapped text continues the one before it."""
    # Below a list mark, the lines of the item hang.
    is_indented = after.indent > before.indent and not _LIST_MARK.match(before.text)
    return not is_indented and not _LIST_MARK.match(after.text) and _is_full(before, after, width - _SLACK)


def _is_full(line: _Line, following: _Line, width: int) -> bool:
    """Tell whether the first word of the following line would not have fitted into the line."""
    word = following.text.split(maxsplit=1)[0]
    return line.indent + len(line.text) + 1 + len(word) > width
