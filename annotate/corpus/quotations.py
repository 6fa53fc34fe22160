"""Direct quotations: what stands between quotation marks, and which of that is somebody's words.

A quotation runs from an opening mark to its closing mark, or to the end of the paragraph if there is none. So each
paragraph of a long quotation is found by the mark that it opens with, and a mark that is never closed does no harm
beyond its paragraph. Marks inside a quotation are part of it.

- ``"`` and ``'`` open before a word and not behind one, so inches (6'3") and apostrophes open nothing.
- Curly and low marks, guillemets, corner brackets and doubled single marks are taken as they stand.
- Single marks close behind no space and before no letter. Behind an s, a closing mark may be an apostrophe (the boys’
  house); it is taken for one where a surer closing mark follows before the next single mark opens. A single mark that
  is never closed opens nothing, unless the next paragraph opens with the same mark.
- One or two words are somebody's words only as an utterance: with a capital, a comma, full stop, exclamation or
  question mark at the closing mark, and nothing but punctuation or a paragraph's start before the opening one
  (He said, “Never.”). Otherwise they are a name or scare quotes (the “deep state,” he said).

Taken for quotations although they are none: titles of three words and more, and longer scare quotes. Not found:
quotations without marks (a speaker's name and a colon), and the later paragraphs of a quotation where they do not open
with a mark.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from annotate.article import Quotation
from annotate.corpus.paragraphs import Paragraph, split_paragraphs
from annotate.words import Place

_OPENING = re.compile(r"""["“„«»‹‘'`「『](?<![\w”’]["»‘'`])(?!(?<=["»‘'`])\s)""")
_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "‹": "›", "''": "''", "``": "''", "「": "」", "『": "』"}
_SINGLE = "‘'"
_SINGLE_CLOSING = re.compile(r"(?<=\S)['’](?!\w)")
# Words that start with an apostrophe, which typing turns into an opening mark as well.
_ELISION = re.compile(r"(?:tis|twas|em|til|till|cause|cuz|bout|round|neath|n|\d0s|\d\d)\b(?!\d)", re.IGNORECASE)
_MOST_SCARE_WORDS = 2
_ENDS_UTTERANCE = ".,!?…"
_BEFORE_UTTERANCE = '.,:!?…;—–-”"’)'
_WORD = re.compile(r"\w")


def quoted(text: str, paragraphs: Sequence[Paragraph] | None = None) -> list[Place]:
    """Return the direct quotations of an article in order, marks included; ``paragraphs`` if they are known."""
    paragraphs = split_paragraphs(text) if paragraphs is None else paragraphs
    found: list[Place] = []
    end = at = 0
    for opening in _OPENING.finditer(text):
        start = opening.start()
        if start < end:
            continue
        while at < len(paragraphs) and paragraphs[at].end <= start:
            at += 1
        if at == len(paragraphs):
            break
        closed = _end(text, start, paragraphs[at : at + 2])
        if closed is not None:
            end = closed
            if _is_speech(text, start, end):
                found.append((start, end))
    return found


def quotations(text: str, places: Iterable[Place], spans: Sequence[Place]) -> Iterator[Quotation]:
    """Tell of each sentence how it stands in the quotations; both are in order and do not overlap."""
    at = 0
    for start, end in places:
        while at < len(spans) and spans[at][1] <= start:
            at += 1
        if at == len(spans) or spans[at][0] >= end:
            yield "none"
        elif spans[at][0] <= start and end <= spans[at][1]:
            yield "whole"
        else:
            yield _covered(text, (start, end), spans, at)


def _covered(text: str, sentence: Place, spans: Sequence[Place], at: int) -> Quotation:
    """Tell how much of a sentence stands in quotations; ``at`` is the first that reaches into it."""
    start, end = sentence
    has_quoted = has_other = False
    while at < len(spans) and spans[at][0] < end:
        first, last = spans[at]
        has_other = has_other or _WORD.search(text, start, first) is not None
        has_quoted = has_quoted or _WORD.search(text, max(start, first), min(end, last)) is not None
        start = last
        at += 1
    has_other = has_other or _WORD.search(text, start, end) is not None
    if not has_quoted:
        return "none"
    return "part" if has_other else "whole"


def _end(text: str, start: int, paragraphs: Sequence[Paragraph]) -> int | None:
    """Return where the quotation ends that opens there, if any does; the next paragraph may stand behind its own."""
    limit = paragraphs[0].end
    mark = text[start : start + 2] if text[start : start + 2] in _CLOSING else text[start]
    if mark in _SINGLE:
        return _single_end(text, start, paragraphs)
    closing = _CLOSING.get(mark)
    if closing is None:
        return None
    if mark == "„":
        ends = [at for each in closing if (at := text.find(each, start, limit)) >= 0]
        return min(ends) + 1 if ends else limit
    at = text.find(closing, start + len(mark), limit)
    return at + len(closing) if at >= 0 else limit


def _single_end(text: str, start: int, paragraphs: Sequence[Paragraph]) -> int | None:
    limit = paragraphs[0].end
    if _ELISION.match(text, start + 1):
        return None
    following = next((m.start() for m in _OPENING.finditer(text, start + 1, limit) if m.group() in _SINGLE), limit)
    closing = [at.start() for at in _SINGLE_CLOSING.finditer(text, start + 2, following)]
    if closing:
        return next((at for at in closing if _is_sure(text, at)), closing[0]) + 1
    goes_on = len(paragraphs) > 1 and paragraphs[1].text.startswith(text[start])
    return limit if goes_on else None


def _is_sure(text: str, at: int) -> bool:
    """Tell a closing mark from the apostrophe of a plural, behind which stands what is owned."""
    return text[at - 1] not in "sS" or not text[at + 1 : at + 2].isspace()


def _is_speech(text: str, start: int, end: int) -> bool:
    """Tell somebody's words from scare quotes and names."""
    if len(text[start:end].split(maxsplit=_MOST_SCARE_WORDS)) > _MOST_SCARE_WORDS:
        return True
    words = text[start:end].strip("\"“”„«»‹›‘’'`")
    before = text[max(0, start - 3) : start]
    stands_alone = "\n" in before or before.rstrip()[-1:] in _BEFORE_UTTERANCE
    ends = words[-1:] in _ENDS_UTTERANCE or text[end : end + 1] in _ENDS_UTTERANCE
    return words[:1].isupper() and stands_alone and ends
