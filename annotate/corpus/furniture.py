"""What of an article is not running text; the rules, with their reasons, are in ``furniture.toml``."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate, chain
from typing import Literal, NamedTuple

from annotate.article import Furniture
from annotate.corpus.paragraphs import Paragraph, visible
from annotate.record import Record

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_SHORTEST_RUNNING_TEXT = 80
_HEAD_RUNNING_PARAGRAPHS = 2
# Shorter lines are also repeated in speech.
_SHORTEST_CAPTION_WORDS = 5
_NAME_TITLE = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms|Sir|Rev)\.? ")


class Rule(Record):
    """A rule of ``furniture.toml``, where the fields are explained."""

    kind: str
    pattern: re.Pattern[str]
    where: Literal["line", "next line", "everything after", "start", "comments"]
    zone: Literal["head", "foot", "last"] | None = None
    reason: str
    example: str


class Layout(NamedTuple):
    """An article's furniture in order, the offset at which its comments start, and what its furniture tells."""

    furniture: tuple[Furniture, ...]
    comments_start: int
    metadata: Mapping[str, str]


@cache
def furniture_rules() -> tuple[Rule, ...]:
    """Return the rules in the order in which they are tried."""
    table = tomllib.loads(files("annotate.corpus").joinpath("furniture.toml").read_text("utf-8"))
    return tuple(
        Rule.model_validate(rule | {"pattern": _filled_in(rule["pattern"], table["fragments"])})
        for rule in table["rule"]
    )


def ends_like_a_sentence(text: str) -> bool:
    """Tell whether a text ends in a full stop, question mark, exclamation mark or ellipsis, quoted or not."""
    return bool(_SENTENCE_END.search(text[-8:]))


def is_running_text(text: str) -> bool:
    """Tell whether a paragraph is clearly prose: long, and ended like a sentence."""
    return len(text) >= _SHORTEST_RUNNING_TEXT and ends_like_a_sentence(text)


def find_furniture(paragraphs: Sequence[Paragraph]) -> Layout:
    """Find the furniture of an article given by its paragraphs."""
    return _Finder(paragraphs).layout()


class _Finder:
    """One article's paragraphs, and the furniture found in them so far."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        # How many paragraphs of running text stand above each paragraph.
        self.running_above = list(accumulate((is_running_text(p.text) for p in paragraphs), initial=0))
        self.comments_at = next((at for at in range(len(paragraphs)) if self._starts_comments(at)), len(paragraphs))
        article = paragraphs[: self.comments_at]
        self.foot_start = article[-1].end / 2 if article else 0
        self.whole: dict[int, str] = {}
        self.starts: dict[int, tuple[Furniture, ...]] = {}
        self.metadata: dict[str, str] = {}

    def layout(self) -> Layout:
        """Apply every rule, and return what they found."""
        for at in range(len(self.paragraphs)):
            self._apply_rules(at)
        self._mark_repeated()
        self._mark_last_paragraphs()
        found = tuple(chain.from_iterable(self._found_in(at) for at in range(len(self.paragraphs))))
        return Layout(found, self._comments_start(), self.metadata)

    def _found_in(self, at: int) -> tuple[Furniture, ...]:
        if at in self.whole:
            paragraph = self.paragraphs[at]
            return (Furniture(start=paragraph.start, end=paragraph.end, kind=self.whole[at]),)
        return self.starts.get(at, ())

    def _comments_start(self) -> int:
        if self.comments_at < len(self.paragraphs):
            return self.paragraphs[self.comments_at].start
        return self.paragraphs[-1].end if self.paragraphs else 0

    def _starts_comments(self, at: int) -> bool:
        # A counter above the article counts its comments, but they do not follow there.
        return self.running_above[at] > 0 and any(
            rule.pattern.fullmatch(self.paragraphs[at].text) for rule in furniture_rules() if rule.where == "comments"
        )

    def _apply_rules(self, at: int) -> None:
        if at in self.whole:
            return
        for rule in self._rules_for(at):
            match = rule.pattern.fullmatch(self.paragraphs[at].text)
            if match:
                self._mark(at, rule)
                self._note_metadata(match)
                return
        self.starts[at] = tuple(self._furniture_at_start(at))

    def _rules_for(self, at: int) -> Iterator[Rule]:
        return (rule for rule in furniture_rules() if rule.where != "start" and self._in_zone(at, rule))

    def _in_zone(self, at: int, rule: Rule) -> bool:
        match rule.zone:
            case None:
                return True
            case "head":
                return self.running_above[at] < _HEAD_RUNNING_PARAGRAPHS
            case "foot":
                return at < self.comments_at and self.paragraphs[at].start >= self.foot_start
            case "last":
                return False

    def _mark(self, at: int, rule: Rule) -> None:
        below = {"next line": at + 2, "everything after": self.comments_at}.get(rule.where, at + 1)
        limit = self.comments_at if at < self.comments_at else len(self.paragraphs)
        for index in range(at, min(below, limit)):
            self.whole.setdefault(index, rule.kind)

    def _note_metadata(self, match: re.Match[str]) -> None:
        for field, value in match.groupdict().items():
            if value:
                self.metadata.setdefault(field, value)

    def _furniture_at_start(self, at: int) -> Iterator[Furniture]:
        """Yield what stands before the sentence, such as a bullet and then a number."""
        text, offset = self.paragraphs[at].text, 0
        rules = [rule for rule in furniture_rules() if rule.where == "start" and self._in_zone(at, rule)]
        while found := next(((rule, m) for rule in rules if (m := rule.pattern.match(text, offset))), None):
            rule, match = found
            span = visible(text, match.start(), match.end())
            if span:
                base = self.paragraphs[at].start
                yield Furniture(start=base + span[0], end=base + span[1], kind=rule.kind)
            offset = match.end()

    def _mark_repeated(self) -> None:
        """Mark what stands twice in a row: a picture's description and its caption, or a headline's second copy."""
        first = next((at for at in range(len(self.paragraphs)) if at not in self.whole), None)
        for at in range(1, len(self.paragraphs)):
            text = self.paragraphs[at].text
            if text == self.paragraphs[at - 1].text and len(text.split()) >= _SHORTEST_CAPTION_WORDS:
                self.whole.setdefault(at, "repeated headline" if at - 1 == first else "caption")
                if at - 1 != first:
                    self.whole.setdefault(at - 1, "caption")

    def _mark_last_paragraphs(self) -> None:
        """Mark the furniture that can only be told by standing at the end of the article."""
        rules = [rule for rule in furniture_rules() if rule.zone == "last"]
        for at in range(self.comments_at - 1, 0, -1):
            if at in self.whole:
                continue
            text = self.paragraphs[at].text
            rule = next((rule for rule in rules if rule.pattern.fullmatch(text)), None)
            if rule is None and not self._introduces_author(text):
                return
            self.whole[at] = rule.kind if rule else "author biography"

    def _introduces_author(self, text: str) -> bool:
        author = _NAME_TITLE.sub("", self.metadata.get("author", ""))
        return bool(author) and re.match(rf"{re.escape(author)}(?:,| is| was| has| writes| \()", text) is not None


def _filled_in(pattern: str, fragments: Mapping[str, str]) -> str:
    for name, fragment in fragments.items():
        pattern = pattern.replace(f"{{{name}}}", fragment)
    # A paragraph of a wrapped text holds line breaks.
    return f"(?s:{pattern})"
