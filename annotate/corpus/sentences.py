"""Paragraphs cut into sentences: sentencex, corrected where news text needs it.

sentencex makes no cut inside quotation marks and brackets, cuts behind ``...`` and never behind ``…``. So it is
given the text with some characters replaced, one code point by one, and its cuts are then placed in the text itself:
behind closing marks, before opening ones. The rules, with their reasons, are in ``sentences.toml``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from sentencex import segment

from annotate.corpus.paragraphs import visible
from annotate.record import Record
from annotate.words import Place

# Each becomes a space: the splitter knows no other white space, and cuts at these as little as it should.
_SPACES = "\n\r\t\x0b\x0c\x1c\x1d\x1e\x85\xa0\u2028\u2029\u202f\u200b\u200e\u200f\u2060\ufeff"
_MARKS = ('"', "“", "”", "„", "‟", "«", "»", "‹", "›", "‘", "`", "<", "{")
_ELLIPSIS = re.compile(r"\.(?: ?\.)+|…\.*")
_CONTINUED = re.compile(r" *[^\W\d_]")
_BRACKET = re.compile(r"[(\[][^()\[\]]*[.!?]\s*[)\]]")
# Between such a bracket and the next closing one, however far, sentencex would make no cut.
_UNCLOSED = re.compile(r"[(\[](?![^()\[\]]{0,300}[)\]])")
_CLOSERS = re.compile(r"(?:[\"”’'»)\]}]|“(?!\w))*(?:\s+[”»](?!\w))?")
_GAP = re.compile(r"\s*")
_HOLDS_WORD = re.compile(r"\w")
_LIST_NUMBER = re.compile(r"\W*\d{1,3}[.)]\W*")
_LOOK_BACK = 6  # code points; as far as the rules for what stands before a cut reach
_DOTS = 3  # a fourth is the full stop


class Abbreviations(Record):
    """Words behind which no sentence ends; ``sentences.toml`` explains the fields."""

    words: tuple[str, ...]
    before: Literal["a word", "a number"]
    reason: str


class Words(Record):
    """Words that sentencex takes for abbreviations; ``sentences.toml`` explains the fields."""

    words: tuple[str, ...]
    reason: str


class Join(Record):
    """A rule for what is one sentence; ``sentences.toml`` explains the fields."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    reason: str
    example: str


class Rules(NamedTuple):
    """The corrections for a language: abbreviations and what they stand before, and what is joined."""

    language: str
    abbreviations: Mapping[str, str]
    words: tuple[str, ...]
    joins: tuple[Join, ...]
    has_case: bool


@cache
def sentence_rules(language: str) -> Rules:
    """Return the corrections for a language, by its code of ISO 639."""
    table = tomllib.loads(files("annotate.corpus").joinpath("sentences.toml").read_text("utf-8"))
    abbreviations = [Abbreviations.model_validate(each) for each in table["abbreviation"].get(language, ())]
    joins = [
        Join.model_validate(each | {"before": rf"(?:{each['before']})\Z"})
        for each in (*table["join"]["any"], *table["join"].get(language, ()))
    ]
    words = [Words.model_validate(each) for each in table["word"].get(language, ())]
    return Rules(
        language,
        {word: each.before for each in abbreviations for word in each.words},
        tuple(word for each in words for word in each.words),
        tuple(joins),
        language not in table["caseless"],
    )


def simplify(text: str, rules: Rules) -> str:
    """Replace what the splitter does not know or cuts at wrongly, one code point by one."""
    for space in _SPACES:
        text = text.replace(space, " ")
    if rules.has_case:
        for mark in _MARKS:
            text = text.replace(mark, " ")
        if "'" in text:
            text = text.replace("''", "  ").replace(" '", "  ")
    for word in rules.words:
        text = text.replace(f" {word}. ", f" {'x' * len(word)}. ")
    return _ELLIPSIS.sub(_plain_ellipsis, text) if ".." in text or ". ." in text or "…" in text else text


def sentence_spans(text: str, simplified: str, rules: Rules) -> list[Place]:
    """Return the sentences of a paragraph; what holds no word belongs to the sentence before it, or after it.

    ``simplified`` is the paragraph as ``simplify`` leaves it. White space between sentences belongs to none.
    """
    if "(" in simplified or "[" in simplified:
        simplified = _UNCLOSED.sub(" ", _BRACKET.sub(_without_brackets, simplified))
    parts = segment(rules.language, simplified)
    if len(parts) == 1:
        return [(0, len(text))]
    spans: list[Place] = []
    start = 0
    for cut in _cuts(text, simplified, parts, rules):
        if _LIST_NUMBER.fullmatch(text, start, cut.end) and cut.next < len(text):
            continue
        if not _HOLDS_WORD.search(text, start, cut.end):
            if not spans:
                continue
            start = spans.pop()[0]
        spans.append((start, cut.end))
        start = cut.next
    return [place for span in spans if (place := visible(text, *span))]


class _Cut(NamedTuple):
    end: int
    next: int


def _cuts(text: str, simplified: str, parts: list[str], rules: Rules) -> Iterator[_Cut]:
    """Yield where a sentence ends and the next one starts; the last ends with the text."""
    start = at = 0
    for part in parts[:-1]:
        end = at + len(part.rstrip(" "))
        at += len(part)
        cut = _placed(text, end)
        last_word = text[simplified.rfind(" ", start, end) + 1 : end]
        if end > start and cut.next < len(text) and not _goes_on(text, last_word, cut, rules):
            yield cut
            start = cut.next
    yield _Cut(len(text), len(text))


def _placed(text: str, end: int) -> _Cut:
    """Place a cut behind the marks that close what ends before it."""
    closers = _CLOSERS.match(text, end)
    end = closers.end() if closers else end
    gap = _GAP.match(text, end)
    return _Cut(end, gap.end() if gap else end)


def _goes_on(text: str, last_word: str, cut: _Cut, rules: Rules) -> bool:
    """Tell whether the sentence does not end at the cut."""
    follows = rules.abbreviations.get(last_word.lstrip("([-–—"))
    if follows == "a word" or (follows == "a number" and text[cut.next].isdigit()):
        return True
    before = text[max(0, cut.end - _LOOK_BACK) : cut.end]
    return any(rule.after.match(text, cut.next) and rule.before.search(before) for rule in rules.joins)


def _plain_ellipsis(match: re.Match[str]) -> str:
    """Return a dash, or a full stop where a sentence may end."""
    text, start, end = match.string, match.start(), match.end()
    stands_alone = text[start - 1 : start] == " " == text[end : end + 1]
    following = _CONTINUED.match(text, end)
    goes_on = following is not None and following.group()[-1].islower()
    is_dash = goes_on or (stands_alone and match.group().count(".") <= _DOTS)
    return " " * (end - start - 1) + ("-" if is_dash else ".")


def _without_brackets(match: re.Match[str]) -> str:
    """Open a bracket around whole sentences: it starts where a sentence may start."""
    before = match.string[: match.start()].rstrip(" ")
    if before and before[-1] not in ".!?":
        return match.group()
    return f" {match.group()[1:-1]} "
