"""Headlines and subheadings, told from one-line paragraphs of running text."""

import re
from collections.abc import Sequence
from itertools import pairwise

from annotate.corpus.furniture import ends_like_a_sentence, is_running_text
from annotate.corpus.paragraphs import Paragraph

_LONGEST_TITLE = 160
_LONGEST_SUBHEADING = 80
_CONTINUES = re.compile(r"[,;:–—)\]][\"'”’]?$")
# A quotation that was opened above, or whom one is from.
_QUOTED_SPEECH = re.compile(r"[^“„«]*[”»]|[–—-]\w")
_PULL_QUOTE = re.compile(r"[“\"].*[”\"]", re.DOTALL)
_LONG_WORD = re.compile(r"\b\w{4,}")
_FEWEST_LONG_WORDS = 3
_CAPITALISED_SHARE = 0.8


def find_headlines(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Return the numbers of the headline, of what stands directly below it, and of the subheadings.

    ``paragraphs`` are those of the article without furniture and comments. Nothing is a headline that no paragraph
    of running text follows; a subheading must stand directly above one.
    """
    found: set[int] = set()
    is_at_top = True
    for at, (paragraph, following) in enumerate(pairwise(paragraphs)):
        is_at_top = is_at_top and not _is_prose(paragraph.text) and len(found) == at
        # Most paragraphs are too long, so the one below is seldom looked at.
        if (is_at_top and _is_title(paragraph.text, at)) or (
            _is_subheading(paragraph.text, at) and _is_prose(following.text)
        ):
            found.add(paragraph.number)
    return found if any(_is_prose(paragraph.text) for paragraph in paragraphs) else set()


def _is_prose(text: str) -> bool:
    return is_running_text(text) and not _is_in_title_case(text)


def _is_title(text: str, at: int) -> bool:
    # An article may well start with a question, and hardly ever with one that is a paragraph of its own.
    return _is_heading(text.rstrip("?!") if at == 0 else text, _LONGEST_TITLE) and not _is_pull_quote(text, at)


def _is_subheading(text: str, at: int) -> bool:
    return _is_heading(text, _LONGEST_SUBHEADING) and not _is_pull_quote(text, at)


def _is_pull_quote(text: str, at: int) -> bool:
    return at > 0 and _PULL_QUOTE.fullmatch(text) is not None


def _is_heading(text: str, longest: int) -> bool:
    if len(text) > longest or text[:1].islower() or _CONTINUES.search(text) or _QUOTED_SPEECH.match(text):
        return False
    # A sentence about people and places has many capitals, and at least one verb in small letters.
    return not ends_like_a_sentence(text) or _is_in_title_case(text, share=1)


def _is_in_title_case(text: str, share: float = _CAPITALISED_SHARE) -> bool:
    words = _LONG_WORD.findall(text)
    capitalised = sum(word[0].isupper() for word in words)
    return len(words) >= _FEWEST_LONG_WORDS and capitalised >= share * len(words)
