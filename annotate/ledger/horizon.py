"""Until when a sentence says that something will happen, counted from the day of its publication.

dateparser reads days and months, and dateutil counts stretches of time. The grammar around them is ours, for no kept
library reads "in the coming weeks", "by early 2018" or "before he leaves office". Where a wording leaves open which day
is the last, the latest counts, so that nothing is called overdue too early.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Literal, NamedTuple

from dateutil.relativedelta import relativedelta

from annotate.ledger.periods import YEAR, period_of
from annotate.record import Record

_NINE_MONTHS = 274  # days
HorizonKind = Literal["date", "event", "open"]


class Horizon(Record):
    """Until when, in the words of ``text``.

    ``end`` is the last day, of a horizon of kind ``date`` where it can be told; a relative one needs the day of
    publication for it. An ``event`` has no day, as "before he leaves office"; ``open`` is what has no end, as "soon".
    """

    text: str
    kind: HorizonKind
    end: date | None = None


_UP_TO_TWELVE = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: number for number, word in enumerate(_UP_TO_TWELVE, start=1)}
_COUNTS |= {"a": 1, "an": 1, "another": 1, "a couple of": 2, "twenty": 20}
_NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + ")"
_UNIT = r"(?:day|week|month|year|decade)"
# What is said of days has passed with the week, what is said of weeks with the month, and so on.
_PLURAL = {"days": (1, "week"), "weeks": (1, "month"), "months": (1, "year"), "years": (10, "year")}
_PLURAL |= {"decades": (10, "decade")}
_MONTH = (
    r"(?-i:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:{_MONTH} {_NTH}(?:,? {YEAR})?|{_NTH}(?: of)? {_MONTH}(?:,? {YEAR})?|\d{{4}}-\d\d-\d\d)"
_PART = r"(?:the )?(?P<part>early|beginning of|start of|mid|middle of|late|end of)[ -](?:the )?"
_DATE = (
    rf"(?:{_PART})?(?:(?P<day>{_DAY})|(?P<month>{_MONTH}(?:,? {YEAR})?)"
    rf"|(?P<season>{_SEASON})(?: of)? (?P<season_year>{YEAR})|(?P<year>{YEAR})|(?P<weekday>{_WEEKDAY})"
    rf"|(?:(?P<which>this|next|the|coming)[ ])?(?P<unit>week|weekend|month|year|decade|century)(?P<ends>['’]s end)?)"
)
# "For two years" and "over two years" look back as well as ahead; "over the next two years" does not.
_AHEAD = r"(?:in|within|inside|(?:in|within|over|during|for) the (?:next|coming|following))"
_COUNTED = (
    rf"{_AHEAD}(?: (?:about|around|roughly|some|less than|under|at most|up to))?"
    rf" (?P<count>{_NUMBER})[ -](?P<of>{_UNIT}s?)\b(?! of\b)"
    rf"|(?P<count_2>{_NUMBER}) (?P<of_2>{_UNIT}s?) (?:from now|hence|away)\b"
)
_SINGLE = rf"(?:in|within|over|during|for) the (?:next|coming|following) (?P<single>{_UNIT})\b"
_VAGUE = (
    rf"{_AHEAD}(?: (?:few|several|a few|a matter of|some))? (?P<plural>days|weeks|months|years|decades)\b"
    r"(?! (?:ago|past|earlier|before))|(?P<plural_2>days|weeks|months|years) (?:from now|ahead|to come)\b"
)
_OPEN = (
    r"soon(?:er or later)?|shortly|imminent(?:ly)?|eventually|one day|some ?day|in the long run|in the end"
    r"|in (?:the )?(?:(?:near|foreseeable|immediate|not too distant) )?future"
)
_EVENT = (
    r"(?:before|until|till|by the time|ahead of|prior to|as soon as)"
    r" (?:(?![,;:.!?“”\"()]|\b(?:and|but|which)\b).){3,80}"
)
# "The worst in ten years" and "as it was before 2011" look back.
_NOT_BEHIND = r"(?<!st )(?<!time )(?<!was )(?<!were )(?<!been )(?<!had )"


_DELTAS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "year": relativedelta(years=1),
}


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], date | None], Horizon | None]


def find_horizon(text: str, published: date | None) -> Horizon | None:
    """Return until when an English sentence says that something will happen; ``None`` where it does not say.

    Of several, one with a day counts before an event, and that before an open one; of several days the last.
    A day before that of publication is no horizon.
    """
    found = list(_horizons(text, published))
    order = {"date": 2, "event": 1, "open": 0}
    return max(found, key=lambda horizon: (order[horizon.kind], horizon.end or date.min), default=None)


def _horizons(text: str, published: date | None) -> Iterator[Horizon]:
    taken: list[tuple[int, int]] = []
    for rule in _rules():
        for match in rule.pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            horizon = rule.read(match, published)
            if horizon is None or (horizon.end and published and horizon.end < published):
                continue
            taken.append(match.span())
            yield horizon


@cache
def _rules() -> tuple[_Rule, ...]:
    """Return the rules; what an upper one has read, a lower one does not read again."""
    preposition = r"(?P<prep>by|before|until|till|no later than|in|on|during|at|through|throughout|later)"
    rules: tuple[tuple[str, Callable[[re.Match[str], date | None], Horizon | None]], ...] = (
        (rf"{_NOT_BEHIND}(?:{_COUNTED})", _counted),
        (_SINGLE, _single),
        (rf"{_NOT_BEHIND}(?:{_VAGUE})", _vague),
        (rf"{_NOT_BEHIND}\b{preposition} {_DATE}\b", _dated),
        (
            rf"\b(?P<prep>this|next) (?:(?P<weekday>{_WEEKDAY})|(?P<season>{_SEASON})|(?P<unit>{_UNIT}|weekend)\b)",
            _near,
        ),
        (r"\b(?P<word>tomorrow|tonight)\b", _word),
        (rf"{_NOT_BEHIND}\b{_EVENT}", lambda match, _: Horizon(text=match[0].strip(), kind="event")),
        (rf"\b(?:{_OPEN})\b", lambda match, _: Horizon(text=match[0], kind="open")),
    )
    return tuple(_Rule(re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE), read) for pattern, read in rules)


def _counted(match: re.Match[str], published: date | None) -> Horizon:
    count = (match["count"] or match["count_2"]).lower()
    return _after(match[0], _COUNTS.get(count) or int(count), match["of"] or match["of_2"], published)


def _single(match: re.Match[str], published: date | None) -> Horizon:
    return _after(match[0], 1, match["single"], published)


def _vague(match: re.Match[str], published: date | None) -> Horizon:
    count, unit = _PLURAL[(match["plural"] or match["plural_2"]).lower()]
    return _after(match[0], count, unit, published)


def _after(text: str, count: int, unit: str, published: date | None) -> Horizon:
    name = unit.lower().rstrip("s")
    count, name = (10 * count, "year") if name == "decade" else (count, name)
    try:
        end = published and published + _DELTAS[name] * count
    except (OverflowError, ValueError):
        end = None  # beyond the year 9999
    return Horizon(text=text, kind="date", end=end)


def _word(match: re.Match[str], published: date | None) -> Horizon:
    ahead = timedelta(days=match["word"].lower() == "tomorrow")
    return Horizon(text=match[0], kind="date", end=published and published + ahead)


def _near(match: re.Match[str], published: date | None) -> Horizon:
    period = published and period_of(match.groupdict() | {"which": match["prep"]}, published)
    return Horizon(text=match[0], kind="date", end=period.end if period else None)


def _dated(match: re.Match[str], published: date | None) -> Horizon | None:
    groups, preposition = match.groupdict(), match["prep"].lower()
    looks_ahead = preposition in ("by", "before", "until", "till", "no later than")
    if published is None and groups["year"] and not looks_ahead:
        return None  # "in 2003" may lie behind or ahead: nothing tells which
    if groups["unit"] and not (groups["which"] or groups["part"] or groups["ends"]):
        return None  # "in year" is no date
    period = period_of(groups, published)
    if period is None:
        return Horizon(text=match[0], kind="date") if published is None else None
    if published and not looks_ahead and _is_more_likely_behind(groups, period.end, published):
        return None
    end = period.start - timedelta(days=1) if preposition == "before" else period.end
    return Horizon(text=match[0], kind="date", end=end)


def _is_more_likely_behind(groups: Mapping[str, str | None], end: date, published: date) -> bool:
    """Tell of a day or month without its year that the last one is meant: it is near, and the next one far."""
    named = groups["day"] or groups["month"] or ""
    return bool(named) and not re.search(YEAR, named) and (end - published).days > _NINE_MONTHS
