"""What stands in a corpus, from what stands in its pieces: what is broken, and what is to be left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotate.corpus.duplicates import Seen, SeenArticle
from annotate.corpus.readers.item import Note
from annotate.errors import SourceError
from annotate.inference.pieces import Piece
from annotate.wording import counted


@dataclass
class Found:
    """What the first pass found: the pieces to be scored, without what stands twice, and what a person is told."""

    pieces: list[Piece] = field(default_factory=list)
    n_sentences: int = 0
    problems: list[SourceError] = field(default_factory=list)


def found_in(pieces: Sequence[Piece], units: Iterable[Mapping[str, Any]], note: Note) -> Found:
    """Settle what is left out, as the local engine does; ``units`` are rows of ``units_of``, in the pieces' order."""
    found = Found()
    without: dict[int, set[str]] = defaultdict(set)
    lost: set[int] = set()
    n_repeated = 0
    with Seen() as seen:
        for unit in units:
            if unit["note"]:
                note(unit["note"])
            elif unit["piece"] in lost:
                continue
            elif unit["problem"]:
                found.problems.append(SourceError(unit["problem"]))
                lost |= _behind(pieces, unit["piece"]) if unit["ends"] else set()
            else:
                repeated = _repeated(unit, seen)
                without[unit["piece"]] |= repeated
                n = unit["n"] if unit["sentences"] is None and repeated else len(repeated)
                n_repeated, found.n_sentences = n_repeated + n, found.n_sentences + unit["n"] - n
    if n_repeated:
        note(f"{counted(n_repeated, 'sentence')} read before, in other files or parts: left out")
    kept = (piece for piece in pieces if piece.number not in lost)
    found.pieces = [piece._replace(without=frozenset(without[piece.number])) for piece in kept]
    return found


def _repeated(unit: Mapping[str, Any], seen: Seen) -> set[str]:
    """Return what of a unit was read before, an article or sentences, and remember the unit."""
    article, sentences = unit["article"], unit["sentences"]
    before = seen.article(article)
    if sentences is None:
        seen.note_article(article, SeenArticle(article, ""))
        return {article} if before else set()
    if before and before.digest:
        return set(sentences)
    seen.note_article(article, SeenArticle("", ""))
    return set(sentences) - seen.new_sentences(sentences)


def _behind(pieces: Sequence[Piece], number: int) -> set[int]:
    """Return the parts behind one of the same file."""
    last = number + 1
    while last < len(pieces) and pieces[last].path == pieces[number].path and pieces[last].first > 1:
        last += 1
    return set(range(number + 1, last))
