"""Words, as people who mark them see them."""

import re
from collections.abc import Iterator

Place = tuple[int, int]  # half-open, in code points

# "so-called" and "don’t" are one word each.
_WORD = re.compile(r"\w+(?:[-‐‑'’]\w+)*")
_TOKEN = re.compile(rf"{_WORD.pattern}|[^\w\s]+")


def words_of(text: str) -> Iterator[Place]:
    """Yield the places of a text's words, in order; punctuation is none."""
    return (match.span() for match in _WORD.finditer(text))


def tokens_of(text: str) -> Iterator[Place]:
    """Yield the places of a text's words and of what else it holds but white space, in order."""
    return (match.span() for match in _TOKEN.finditer(text))


def folded(text: str) -> str:
    """Return a text by which others of the same words are found, whatever their case and white space."""
    return " ".join(text.split()).casefold()
