"""What of an article is not running text, and what that tells about the article."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from annotate.article import Furniture
from annotate.config import FurniturePattern, Zone
from annotate.corpus.paragraphs import Paragraph, visible
from annotate.corpus.rules import Found, Rule, RuleBook, Zones, beginning, rule_book

_CLOSING = "\"'”’»)]"
_SHORTEST_RUNNING_TEXT = 80
_HEAD_RUNNING_PARAGRAPHS = 2
# Shorter lines are also repeated in speech.
_SHORTEST_CAPTION_WORDS = 5
_SHORTEST_PULL_QUOTE_WORDS = 6
_LONGEST_PULL_QUOTE = 300
# How far above or below what it repeats a pull quote stands, and how many lines a list has, in paragraphs.
_PULL_QUOTE_REACH = 40
_LONGEST_LIST = 40
# Enough to tell a first word.
_BEGINNING = 80
_QUOTED = re.compile(r"[“\"„«].*[”\"“»]", re.DOTALL)
_NAME_TITLE = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms|Sir|Rev)\.? ")
_INTRODUCES = r"(?:,| is| was| has| writes| \()"


class Reason(NamedTuple):
    """Why a stretch is furniture, and where the rule stands that says so."""

    kind: str
    reason: str
    rule: str


class Stated(NamedTuple):
    """What furniture states about the article, and the number of the paragraph that it stands in."""

    value: str
    paragraph: int


class Layout(NamedTuple):
    """An article's furniture in order, the offset at which its comments start, and what its furniture states."""

    furniture: tuple[Furniture, ...]
    comments_start: int
    metadata: Mapping[str, Stated]


_REPEATED_HEADLINE = Reason("repeated headline", "the same as the headline above it", "furniture.py")
_REPEATED_CAPTION = Reason(
    "caption", "stands twice in a row, as a picture's description and caption do", "furniture.py"
)
_REPEATED_PARAGRAPH = Reason("repeated paragraph", "the same as the paragraph above it", "furniture.py")
_POLL = Reason("poll", "a question that stands twice in a row, with the answers to choose from", "furniture.py")
_PULL_QUOTE = Reason("pull quote", "repeats a part of a longer paragraph", "furniture.py")
_BIOGRAPHY = Reason("author biography", "begins with the author's name, and ends the article", "furniture.py")


def ends_like_a_sentence(text: str) -> bool:
    """Tell whether a text ends in a full stop, question mark, exclamation mark or ellipsis, quoted or not."""
    return text.rstrip(_CLOSING)[-1:] in (".", "!", "?", "…")


def is_running_text(text: str) -> bool:
    """Tell whether a paragraph is clearly prose: long, and ended like a sentence."""
    return len(text) >= _SHORTEST_RUNNING_TEXT and ends_like_a_sentence(text)


def furniture_rules(
    language: str, patterns: Sequence[FurniturePattern] = (), outlet: str | None = None, url: str | None = None
) -> RuleBook:
    """Return the rules for an article in a language, and those patterns of the user that hold for its outlet."""
    return rule_book(language, tuple(pattern for pattern in patterns if pattern.applies_to(outlet, url)))


def find_furniture(paragraphs: Sequence[Paragraph], rules: RuleBook | None = None) -> Layout:
    """Find the furniture of an article given by its paragraphs; without ``rules``, by those for English."""
    return _Finder(paragraphs, rules or rule_book()).layout()


class _Finder:
    """One article's paragraphs, and the furniture found in them so far."""

    def __init__(self, paragraphs: Sequence[Paragraph], rules: RuleBook) -> None:
        self.paragraphs = paragraphs
        self.rules = rules
        self.beginnings = [beginning(paragraph.text) for paragraph in paragraphs]
        # How many paragraphs of running text stand above each paragraph.
        self.running_above = list(accumulate((is_running_text(p.text) for p in paragraphs), initial=0))
        self.comments_at = next((at for at in range(len(paragraphs)) if self._starts_comments(at)), len(paragraphs))
        article = paragraphs[: self.comments_at]
        self.foot_start = article[-1].end / 2 if article else 0
        self.has_text_above = False
        self.tail_start = self.comments_at
        self.whole: dict[int, Reason] = {}
        self.starts: dict[int, tuple[Furniture, ...]] = {}
        self.metadata: dict[str, Stated] = {}

    def layout(self) -> Layout:
        """Apply every rule, and return what they found."""
        for at in range(len(self.paragraphs)):
            # What a list takes with it may be the heading of something else.
            if not self.tail_start <= at < self.comments_at:
                self._apply_rules(at)
        self._mark_repeated()
        self._mark_pull_quotes()
        self._mark_last_paragraphs()
        found = tuple(chain.from_iterable(self._found_in(at) for at in sorted({*self.whole, *self.starts})))
        return Layout(found, self._comments_start(), self.metadata)

    def _found_in(self, at: int) -> tuple[Furniture, ...]:
        if at in self.whole:
            paragraph = self.paragraphs[at]
            return (Furniture(start=paragraph.start, end=paragraph.end, **self.whole[at]._asdict()),)
        return self.starts[at]

    def _comments_start(self) -> int:
        if self.comments_at < len(self.paragraphs):
            return self.paragraphs[self.comments_at].start
        return self.paragraphs[-1].end if self.paragraphs else 0

    def _starts_comments(self, at: int) -> bool:
        # A counter above the article counts its comments, but they do not follow there.
        rules = self.rules.comments.candidates(self.beginnings[at], ())
        return bool(rules) and self.running_above[at] > 0 and self._first_fitting(at, rules) is not None

    def _apply_rules(self, at: int) -> None:
        zones = self._zones(at)
        found = self._first_fitting(at, self.rules.paragraphs.candidates(self.beginnings[at], zones))
        if found:
            rule, match = found
            self._mark(at, rule)
            self._note_metadata(match, self.paragraphs[at].number)
            return
        if at in self.whole:
            return
        self.has_text_above = True
        if at_start := tuple(self._furniture_at_start(at, zones)):
            self.starts[at] = at_start

    def _zones(self, at: int) -> Zones:
        if at >= self.comments_at:
            return ("below", "comments")
        places: tuple[tuple[Zone, bool], ...] = (
            ("head", self.running_above[at] < _HEAD_RUNNING_PARAGRAPHS),
            ("below", self.has_text_above),
            ("foot", self.paragraphs[at].start >= self.foot_start),
        )
        return tuple(zone for zone, holds in places if holds)

    def _first_fitting(self, at: int, rules: Sequence[Rule]) -> tuple[Rule, Found] | None:
        text = self.paragraphs[at].text
        for rule in rules:
            match = rule.fit(text) if len(text) <= rule.longest else None
            if match and (rule.below is None or self._fits_below(at, rule.below)):
                return rule, match
        return None

    def _fits_below(self, at: int, pattern: re.Pattern[str]) -> bool:
        return at + 1 < len(self.paragraphs) and pattern.fullmatch(self.paragraphs[at + 1].text) is not None

    def _mark(self, at: int, rule: Rule) -> None:
        reason = Reason(rule.kind, rule.reason, rule.name)
        for index in range(at, self._end_of_stretch(at, rule)):
            self.whole.setdefault(index, reason)
        if rule.where == "everything after" and at < self.comments_at:
            self.tail_start = at + 1

    def _end_of_stretch(self, at: int, rule: Rule) -> int:
        """Return the number of the first paragraph below a rule's stretch."""
        limit = self.comments_at if at < self.comments_at else len(self.paragraphs)
        match rule.where:
            case "everything after":
                return limit
            case "next title":
                return min(at + 2, self._first_sentence(at + 1, limit))
            case "titles":
                return self._first_sentence(at + 1, limit)
            case "list":
                return self._first_sentence(at + 2, limit)
            case _:
                return at + 1

    def _first_sentence(self, at: int, limit: int) -> int:
        limit = min(limit, at + _LONGEST_LIST)
        texts = ((index, self.paragraphs[index].text) for index in range(at, limit))
        return next((index for index, text in texts if ends_like_a_sentence(text)), limit)

    def _note_metadata(self, match: Found, paragraph: int) -> None:
        for field, value in match.groupdict().items():
            if value:
                self.metadata.setdefault(field, Stated(value, paragraph))

    def _furniture_at_start(self, at: int, zones: Zones) -> Iterator[Furniture]:
        """Yield what stands before the sentence, such as a bullet and then a number."""
        paragraph, offset, start = self.paragraphs[at], 0, self.beginnings[at]
        while found := _fitting_start(paragraph.text, offset, self.rules.starts.candidates(start, zones)):
            rule, match = found
            span = visible(paragraph.text, match.start(), match.end())
            if span:
                first, end = (paragraph.start + edge for edge in span)
                yield Furniture(start=first, end=end, kind=rule.kind, reason=rule.reason, rule=rule.name)
            self._note_metadata(match, paragraph.number)
            offset = match.end()
            if offset == len(paragraph.text):
                return
            start = beginning(paragraph.text[offset : offset + _BEGINNING])

    def _mark_repeated(self) -> None:
        """Mark what stands twice in a row: a picture's description and its caption, a headline's copy, a poll."""
        first = self._first_remaining()
        for at, text in enumerate(paragraph.text for paragraph in self.paragraphs):
            if at == 0 or text != self.paragraphs[at - 1].text or len(text.split()) < _SHORTEST_CAPTION_WORDS:
                continue
            if at - 1 == first:
                self.whole.setdefault(at, _REPEATED_HEADLINE)
            elif text.endswith("?"):
                self._mark_poll(at)
            elif is_running_text(text):
                self.whole.setdefault(at, _REPEATED_PARAGRAPH)
            else:
                self.whole.setdefault(at, _REPEATED_CAPTION)
                self.whole.setdefault(at - 1, _REPEATED_CAPTION)

    def _mark_poll(self, at: int) -> None:
        """Mark a question that repeats the one above it, and the answers to choose from."""
        has_answers = at + 1 < len(self.paragraphs) and self.paragraphs[at + 1].text.startswith("* ")
        for index in range(at - 1, at + 1 + has_answers):
            self.whole.setdefault(index, _POLL)

    def _first_remaining(self) -> int:
        return next((at for at in range(len(self.paragraphs)) if at not in self.whole), len(self.paragraphs))

    def _mark_pull_quotes(self) -> None:
        """Mark the quotations that are paragraphs of their own, and stand in a longer paragraph again.

        One above all running text is a line below the headline, and those are kept.
        """
        for at in range(self.comments_at):
            if self.running_above[at] and self.beginnings[at][1] == "mark" and self._is_repeated_quotation(at):
                self.whole.setdefault(at, _PULL_QUOTE)

    def _is_repeated_quotation(self, at: int) -> bool:
        text = self.paragraphs[at].text
        if len(text) > _LONGEST_PULL_QUOTE or not _QUOTED.fullmatch(text):
            return False
        words = text.strip('“”"„«» .,…!?')
        around = self.paragraphs[max(0, at - _PULL_QUOTE_REACH) : min(at + _PULL_QUOTE_REACH, self.comments_at)]
        return len(words.split()) >= _SHORTEST_PULL_QUOTE_WORDS and any(
            words in other.text and len(other.text) > len(text) + 2 for other in around
        )

    def _mark_last_paragraphs(self) -> None:
        """Mark the furniture that can only be told by standing at the end of the article."""
        for at in range(self.comments_at - 1, 0, -1):
            if at in self.whole:
                continue
            found = self._first_fitting(at, self.rules.last)
            if found is None and not self._introduces_author(self.paragraphs[at].text):
                return
            self.whole[at] = Reason(found[0].kind, found[0].reason, found[0].name) if found else _BIOGRAPHY

    def _introduces_author(self, text: str) -> bool:
        author = _NAME_TITLE.sub("", self.metadata["author"].value) if "author" in self.metadata else ""
        return bool(author) and re.match(rf"{re.escape(author)}{_INTRODUCES}", text) is not None


def _fitting_start(text: str, offset: int, rules: Sequence[Rule]) -> tuple[Rule, Found] | None:
    for rule in rules:
        match = rule.match(text, offset)
        # A user's pattern may fit nothing at all.
        if match and match.end() > offset:
            return rule, match
    return None
