"""The article of a page by trafilatura, with each paragraph as often as it stands there."""

import logging
from collections import Counter
from itertools import accumulate

from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG, Document, use_config

# Where trafilatura finds less text than this, it adds every paragraph of the page to what it has found, or takes those
# instead, quotations both alone and inside of what quotes them. Such a text can grow to about four times its length.
_RESCUED_BELOW = DEFAULT_CONFIG.getint("DEFAULT", "MIN_EXTRACTED_SIZE")
_LONGEST_RESCUED = 4 * _RESCUED_BELOW


def extracted(html: str, url: str | None) -> Document | None:
    """Extract the article of a page; ``None`` where there is none."""
    found = _document(html, url)
    if found is None or not _is_in_doubt(lines_of(found)):
        return found
    least = _document(html, url, rescued_below=0)
    if least is None:
        return found
    n_found = len(least.text or "")
    # Text outside of paragraphs counts only where those are short for this size, as they never are for zero.
    unaided = _document(html, url, rescued_below=n_found // 2) if n_found < _RESCUED_BELOW else None
    _settle(found, least, unaided)
    return found


def _document(html: str, url: str | None, rescued_below: int = _RESCUED_BELOW) -> Document | None:
    # What it cannot read it logs, and returns nothing; the one line that a source may have says so already.
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(rescued_below))
    found = bare_extraction(
        html,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        # Only dates that are marked up or stand in the address: a date somewhere in the text may be any date.
        date_extraction_params={"extensive_search": False, "original_date": True},
        config=config,
    )
    return found if isinstance(found, Document) else None


def lines_of(found: Document) -> list[str]:
    """Return the text, a paragraph a line."""
    return [line for part in (found.text or "").splitlines() if (line := " ".join(part.split()))]


def _is_in_doubt(lines: list[str]) -> bool:
    """Tell whether a text can be one in which trafilatura takes a paragraph twice."""
    return len(set(lines)) < len(lines) or sum(map(len, lines)) <= _LONGEST_RESCUED


def _settle(found: Document, least: Document, unaided: Document | None) -> None:
    """Rid a text of what trafilatura takes twice, by what it finds unaided: every paragraph once for each place.

    ``unaided`` is what it finds of an article that it finds too short, and ``least`` what it finds of any.
    """
    lines = lines_of(found)
    if unaided is not None and _are_whole(lines_of(unaided), lines):
        found.text, found.body = unaided.text, unaided.body
    else:
        found.text = "\n".join(_as_often(lines, Counter(map(_bare, lines_of(unaided or least)))))


def _are_whole(places: list[str], lines: list[str]) -> bool:
    """Tell whether the places miss no line, nor glue lines to each other."""
    held, found = [_squeezed(place) for place in places], [_squeezed(line) for line in lines]
    whole = "\n".join(found)
    glues = any(place not in whole and any(line in place for line in found) for place in held)
    return not glues and all(_is_made_of(line, held) for line in found)


def _is_made_of(line: str, parts: list[str]) -> bool:
    """Tell whether a line is one of the parts, or several that follow each other."""
    return any(line in accumulate(parts[start:]) for start in range(len(parts)) if line.startswith(parts[start]))


def _bare(line: str) -> str:
    return line.removeprefix("- ")  # of an item of a list


def _squeezed(line: str) -> str:
    return "".join(_bare(line).split())  # since the extraction glues some paragraphs with a space, and some without


def _as_often(lines: list[str], places: Counter[str]) -> list[str]:
    """Return the first of equal lines, as many as there are places; lines without a place stay."""
    seen: Counter[str] = Counter()
    kept = []
    for line in lines:
        name = _bare(line)
        if name not in places or seen[name] < places[name]:
            kept.append(line)
        seen[name] += 1
    return kept
