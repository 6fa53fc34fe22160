"""Words, as people who mark them see them."""

import re
from collections.abc import Iterator

Place = tuple[int, int]  # half-open, in code points

# "so-called" and "don’t" are one word each.
_WORD = re.compile(r"\w+(?:[-‐‑'’]\w+)*")


def words_of(text: str) -> Iterator[Place]:
    """Yield the places of a text's words, in order; punctuation is none."""
    return (match.span() for match in _WORD.finditer(text))
