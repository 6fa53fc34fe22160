"""Headlines and subheadings, told from one-line paragraphs of running text."""

import re
from collections.abc import Sequence

from annotate.corpus.furniture import ends_like_a_sentence, is_running_text
from annotate.corpus.paragraphs import Paragraph

_LONGEST_TITLE = 160
_LONGEST_SUBHEADING = 80
_CONTINUES = re.compile(r"[,;:–—)\]][\"'”’]?$")
_PULL_QUOTE = re.compile(r"[“\"].*[”\"]", re.DOTALL)
_LONG_WORD = re.compile(r"\b\w{4,}")
_FEWEST_LONG_WORDS = 3
_CAPITALISED_SHARE = 0.8


def find_headlines(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of the headline, of what stands directly below it, and of the subheadings.

    ``paragraphs`` are those of the article without furniture and comments. Nothing is a headline that no paragraph
    of running text follows; a subheading must stand directly above one.
    """
    is_prose = [is_running_text(p.text) and not _is_in_title_case(p.text) for p in paragraphs]
    first = is_prose.index(True) if any(is_prose) else 0
    found: set[int] = set()
    for at, paragraph in enumerate(paragraphs[:-1]):
        is_at_top = at < first and len(found) == at
        if (is_at_top and _is_title(paragraph.text, at)) or (is_prose[at + 1] and _is_subheading(paragraph.text, at)):
            found.add(paragraph.number)
    return found


def _is_title(text: str, at: int) -> bool:
    # An article may well start with a question, and hardly ever with one that is a paragraph of its own.
    return _is_heading(text.rstrip("?!") if at == 0 else text, _LONGEST_TITLE) and not _is_pull_quote(text, at)


def _is_subheading(text: str, at: int) -> bool:
    return _is_heading(text, _LONGEST_SUBHEADING) and not _is_pull_quote(text, at)


def _is_pull_quote(text: str, at: int) -> bool:
    return at > 0 and _PULL_QUOTE.fullmatch(text) is not None


def _is_heading(text: str, longest: int) -> bool:
    if len(text) > longest or text[:1].islower() or _CONTINUES.search(text):
        return False
    return not ends_like_a_sentence(text) or _is_in_title_case(text)


def _is_in_title_case(text: str) -> bool:
    words = _LONG_WORD.findall(text)
    capitalised = sum(word[0].isupper() for word in words)
    return len(words) >= _FEWEST_LONG_WORDS and capitalised >= _CAPITALISED_SHARE * len(words)
