"""Words and phrases that somebody named, found again in the sentence they were named of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotate.words import Place

# One code point for one, so that offsets hold.
_QUOTES = str.maketrans("‘’‚‛“”„‟«»`´", "''''\"\"\"\"\"\"''")
_EDGE = " \t\r\n\xa0\"'.,;:!?()[]"
# A phrase as whole words of its own, "so-called" and "don't" being one word each; else within such a word.
_WHOLE = r"(?<!\w)(?<!\w[-'])({})(?!\w)(?![-']\w)"
_WITHIN = r"(?<!\w)({})(?!\w)"


class Alignment(NamedTuple):
    """Where phrases stand, in order, and how many of them stand in one place, in several, and in none."""

    places: tuple[Place, ...]
    n_found: int
    n_ambiguous: int
    n_absent: int

    @property
    def is_complete(self) -> bool:
        """Tell whether the place of every phrase is known."""
        return self.n_ambiguous == self.n_absent == 0


def align(text: str, phrases: Iterable[str]) -> Alignment:
    """Find the place of each phrase in a text: the only one where it stands, or none.

    Quotation marks may be of another kind, and those at a phrase's edge do not belong to it. White space may differ,
    and capitals where the phrase stands nowhere as it is written. Places with nothing but white space between them
    become one, as the words that a model marks do.
    """
    plain = text.translate(_QUOTES)
    wanted = dict.fromkeys(core for phrase in phrases if (core := phrase.translate(_QUOTES).strip(_EDGE)))
    found = [_occurrences(plain, phrase) for phrase in wanted]
    return Alignment(
        places=tuple(joined(text, sorted(places[0] for places in found if len(places) == 1))),
        n_found=sum(len(places) == 1 for places in found),
        n_ambiguous=sum(len(places) > 1 for places in found),
        n_absent=sum(not places for places in found),
    )


def joined(text: str, places: Sequence[Place]) -> Iterator[Place]:
    """Yield sorted places, those as one that overlap or have nothing but white space between them."""
    current: Place | None = None
    for start, end in places:
        if current is None:
            current = start, end
        elif start <= current[1] or text[current[1] : start].isspace():
            current = current[0], max(current[1], end)
        else:
            yield current
            current = start, end
    if current is not None:
        yield current


def _occurrences(text: str, phrase: str) -> list[Place]:
    """Return where a phrase stands by the strictest reading that finds it anywhere."""
    pattern = r"\s+".join(map(re.escape, phrase.split()))
    for reading, flags in ((_WHOLE, 0), (_WHOLE, re.IGNORECASE), (_WITHIN, 0), (_WITHIN, re.IGNORECASE)):
        places = [match.span(1) for match in re.finditer(reading.format(pattern), text, flags)]
        if places:
            return places
    return []
