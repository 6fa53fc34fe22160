"""The rules for furniture: those of ``furniture_rules/``, where the fields are explained, and the user's own."""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, NamedTuple

import regex
from pydantic import Field

from annotate.config import FILE, FurniturePattern, Where, Zone
from annotate.errors import ConfigError
from annotate.record import Record

ANY_LANGUAGE = "any"
_FOLDER = files("annotate.corpus").joinpath("furniture_rules")
# What may stand before the first word.
_OPENING = r"[\s(\[*•→►▶»>|–—-]{0,20}"
# And what may stand at the end of a paragraph that a rule fits by its first words.
_CLOSING = r"[\s)\]»*|←→↓▶›>…-]*"
_FIRST = re.compile(rf"{_OPENING}([^\W_]+)")
_LONGEST_OF_USER = 2000
# A pattern that needs longer for one paragraph would take hours for a corpus.
_PATIENCE_SECONDS = 1.0

First = Literal["word", "digit", "mark"]
Beginning = tuple[str, First]
"""A paragraph's first word in small letters, and what its first character is."""
Zones = tuple[Zone, ...]

Found = re.Match[str] | regex.Match[str]
Match = Callable[[str, int], Found | None]


class RuleText(Record):
    """A rule as it stands in a file."""

    kind: str
    starts: tuple[str, ...] = ()
    first: First | None = None
    holds: tuple[str, ...] = ()
    pattern: str = ""
    below: str | None = None
    where: Where = "line"
    zone: Zone | None = None
    longest: Annotated[int, Field(ge=1, le=1000)] = 300
    reason: str
    examples: Annotated[tuple[str, ...], Field(min_length=1)]
    counter_examples: tuple[str, ...] = ()


class Rule(NamedTuple):
    """A rule that can be tried; ``name`` says in which file it stands, and as which of its rules."""

    name: str
    kind: str
    reason: str
    where: Where
    zone: Zone | None
    longest: int
    holds: tuple[str, ...]
    match: Match
    below: re.Pattern[str] | None = None
    starts: frozenset[str] = frozenset()
    first: First | None = None

    def holds_at(self, word: str, first: First, zones: Zones) -> bool:
        """Tell whether a paragraph with that beginning and place can fit."""
        if self.zone is not None and self.zone not in zones:
            return False
        return word in self.starts if self.starts else self.first in (None, first)

    def fit(self, text: str) -> Found | None:
        """Match a paragraph, unless its words tell without the pattern that it cannot fit."""
        if self.holds:
            for part in self.holds:
                if part in text:
                    break
            else:
                return None
        return self.match(text, 0)


class RuleBook:
    """Rules in the order in which they are tried, found by how a paragraph begins."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.last = [rule for rule in rules if rule.zone == "last"]
        others = [rule for rule in rules if rule.zone != "last"]
        self.comments = _Index([rule for rule in others if rule.where == "comments"])
        self.starts = _Index([rule for rule in others if rule.where == "start"])
        self.paragraphs = _Index([rule for rule in others if rule.where != "start"])


class _Index:
    """Rules by the first word of what they fit, or else by the kind of its first character."""

    def __init__(self, rules: list[Rule]) -> None:
        self._rules = rules
        self._words = {word for rule in rules for word in rule.starts}
        self._found: dict[tuple[str, First, Zones], list[Rule]] = {}

    def candidates(self, start: Beginning, zones: Zones) -> list[Rule]:
        """Return the rules that a paragraph can fit by its beginning and its place."""
        word, first = start
        key = (word if word in self._words else "", first, zones)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = [rule for rule in self._rules if rule.holds_at(*key)]
        return found


def beginning(text: str) -> Beginning:
    """Tell how a text that is not empty begins."""
    found = _FIRST.match(text)
    first: First = "word" if text[0].isalpha() else "digit" if text[0].isdigit() else "mark"
    return (found[1].lower() if found else ""), first


@cache
def rule_book(language: str = "en", patterns: tuple[FurniturePattern, ...] = ()) -> RuleBook:
    """Return the rules for a language, with the user's patterns before them.

    A language that has no file is read by the rules that hold in every language.
    """
    return RuleBook([*map(_own_rule, patterns), *shipped_rules(language), *shipped_rules(ANY_LANGUAGE)])


@cache
def shipped_rules(language: str) -> tuple[Rule, ...]:
    """Return the rules in a language's own file; none if it has no file."""
    fragments = _fragments(language)
    return tuple(
        _shipped_rule(text, f"{language}.toml {number}", fragments)
        for number, text in enumerate(rule_texts(language), start=1)
    )


def rule_texts(language: str) -> list[RuleText]:
    """Return the rules of a language as they stand in its file; none if it has no file."""
    return [RuleText.model_validate(rule) for rule in _table(language).get("rule", ())]


@cache
def month_numbers() -> Mapping[str, int]:
    """Return the numbers of the months by their names in all languages, in small letters."""
    return {name: number for number, names in enumerate(_table(ANY_LANGUAGE)["months"], start=1) for name in names}


@cache
def _table(language: str) -> dict[str, Any]:
    file = _FOLDER.joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


def _fragments(language: str) -> dict[str, str]:
    months = sorted(month_numbers(), key=len, reverse=True)
    shared: dict[str, str] = {"month": rf"(?i:{'|'.join(months)})\b\.?", **_table(ANY_LANGUAGE)["fragments"]}
    return {**shared, **_table(language).get("fragments", {})}


def _shipped_rule(text: RuleText, name: str, fragments: Mapping[str, str]) -> Rule:
    phrases = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in text.starts)
    pattern = re.compile(
        _filled_in(rf"{_OPENING}(?i:{phrases})(?!\w){text.pattern}{_CLOSING}" if phrases else text.pattern, fragments)
    )
    return Rule(
        **text.model_dump(include={"kind", "reason", "where", "zone", "longest", "holds", "first"}),
        name=name,
        match=pattern.match if text.where == "start" else pattern.fullmatch,
        below=re.compile(_filled_in(text.below, fragments)) if text.below else None,
        starts=frozenset(beginning(phrase)[0] for phrase in text.starts),
    )


def _filled_in(pattern: str, fragments: Mapping[str, str]) -> str:
    # A fragment may hold those that stand before it.
    for name, fragment in reversed([*fragments.items()]):
        pattern = pattern.replace(f"{{{name}}}", fragment)
    # A paragraph of a wrapped text holds line breaks.
    return f"(?s:{pattern})"


def _own_rule(pattern: FurniturePattern) -> Rule:
    name = f"{FILE}: {pattern.pattern}"
    return Rule(
        name=name,
        kind=pattern.kind,
        reason=pattern.reason,
        where=pattern.where,
        zone=pattern.zone,
        longest=_LONGEST_OF_USER,
        holds=(),
        match=_patient_match(pattern, name),
    )


def _patient_match(pattern: FurniturePattern, name: str) -> Match:
    """Match as ``re`` does, for a second at most: nobody has tried a user's pattern on long paragraphs."""
    compiled = regex.compile(pattern.pattern, regex.DOTALL)
    match = compiled.match if pattern.where == "start" else compiled.fullmatch

    def patiently(text: str, offset: int) -> Found | None:
        try:
            return match(text, offset, timeout=_PATIENCE_SECONDS)
        except TimeoutError as error:
            raise ConfigError(
                f"{name}: needs more than {_PATIENCE_SECONDS:g} s for a paragraph of {len(text)} characters; "
                "write it without a repetition inside a repetition"
            ) from error

    return patiently
