"""Until when a sentence says that something will happen, counted from the day of its publication.

dateparser reads days, months and counted stretches of time. The grammar around it is ours, for no kept library reads
"in the coming weeks", "by early 2018" or "before he leaves office". Where a wording leaves open which day is the last,
the latest counts, so that nothing is called overdue too early.
"""

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from annotate.record import Record

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

HorizonKind = Literal["date", "event", "open"]


class Horizon(Record):
    """Until when, in the words of ``text``.

    ``end`` is the last day, of a horizon of kind ``date`` where it can be told; a relative one needs the day of
    publication for it. An ``event`` has no day, as "before he leaves office"; ``open`` is what has no end, as "soon".
    """

    text: str
    kind: HorizonKind
    end: date | None = None


class Period(NamedTuple):
    """A stretch of days, both ends included."""

    start: date
    end: date


_COUNTS = {"a couple of": "2", "a": "1", "an": "1", "another": "1"}
_NUMBER = r"(?:\d{1,3}|a couple of|another|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)"
_UNIT = r"(?:day|week|month|year|decade)"
# What is said of days has passed with the week, what is said of weeks with the month, and so on.
_PLURAL = {"days": "1 week", "weeks": "1 month", "months": "1 year", "years": "10 years", "decades": "100 years"}
_MONTH = (
    r"(?-i:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_YEAR = r"(?:19|20|21)\d\d"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_LAST_MONTH = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}
_NTH = r"\d{1,2}(?:st|nd|rd|th)?"
_DAY = rf"(?:{_MONTH} {_NTH}(?:,? {_YEAR})?|{_NTH}(?: of)? {_MONTH}(?:,? {_YEAR})?|\d{{4}}-\d\d-\d\d)"
_PART = r"(?:the )?(?P<part>early|beginning of|start of|mid|middle of|late|end of)[ -](?:the )?"
_DATE = (
    rf"(?:{_PART})?(?:(?P<day>{_DAY})|(?P<month>{_MONTH}(?:,? {_YEAR})?)"
    rf"|(?P<season>{_SEASON})(?: of)? (?P<season_year>{_YEAR})|(?P<year>{_YEAR})|(?P<weekday>{_WEEKDAY})"
    rf"|(?:(?P<which>this|next|the|coming)[ ])?(?P<unit>week|weekend|month|year|decade|century)(?P<ends>['’]s end)?)"
)
_COUNTED = (
    rf"(?:in|within|inside|over|for|during)(?: the)?(?: (?:next|coming|following))?"
    rf"(?: (?:about|around|roughly|some|less than|under|at most|up to))?"
    rf" (?P<count>{_NUMBER})[ -](?P<of>{_UNIT}s?)\b(?! of\b)"
    rf"|(?P<count_2>{_NUMBER}) (?P<of_2>{_UNIT}s?) (?:from now|hence|away)\b"
)
_SINGLE = rf"(?:in|within|over|during|for) the (?:next|coming|following) (?P<single>{_UNIT})\b"
_VAGUE = (
    r"(?:in|within|over|during|for)(?: the)?(?: (?:next|coming|following))?(?: (?:few|several|a few|a matter of|some))?"
    r" (?P<plural>days|weeks|months|years|decades)\b(?! (?:ago|past|earlier|before))"
    r"|(?P<plural_2>days|weeks|months|years) (?:from now|ahead|to come)\b"
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


_MONTHS_A_SEASON = 3
_ANY_DAY = date(1900, 2, 1)  # for dates that are complete in themselves


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
        (r"\b(?P<word>tomorrow|tonight|today)\b", _word),
        (rf"{_NOT_BEHIND}\b{_EVENT}", lambda match, _: Horizon(text=match[0].strip(), kind="event")),
        (rf"\b(?:{_OPEN})\b", lambda match, _: Horizon(text=match[0], kind="open")),
    )
    return tuple(_Rule(re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE), read) for pattern, read in rules)


def _counted(match: re.Match[str], published: date | None) -> Horizon:
    count = (match["count"] or match["count_2"]).lower()
    return _after(match[0], f"{_COUNTS.get(count, count)} {match['of'] or match['of_2']}", published)


def _single(match: re.Match[str], published: date | None) -> Horizon:
    return _after(match[0], f"1 {match['single']}", published)


def _vague(match: re.Match[str], published: date | None) -> Horizon:
    return _after(match[0], _PLURAL[(match["plural"] or match["plural_2"]).lower()], published)


def _after(text: str, amount: str, published: date | None) -> Horizon:
    return Horizon(text=text, kind="date", end=published and _parsed(f"in {amount}", published))


def _word(match: re.Match[str], published: date | None) -> Horizon:
    day = "tomorrow" if match["word"].lower() == "tomorrow" else "today"
    return Horizon(text=match[0], kind="date", end=published and _parsed(day, published))


def _near(match: re.Match[str], published: date | None) -> Horizon:
    period = published and _period(match.groupdict() | {"which": match["prep"]}, published)
    return Horizon(text=match[0], kind="date", end=period.end if period else None)


def _dated(match: re.Match[str], published: date | None) -> Horizon | None:
    groups, preposition = match.groupdict(), match["prep"].lower()
    if published is None and groups["year"] and preposition not in ("by", "before", "until", "till", "no later than"):
        return None  # "in 2003" may lie behind or ahead: nothing tells which
    if groups["unit"] and not (groups["which"] or groups["part"] or groups["ends"]):
        return None  # "in year" is no date
    period = _period(groups, published)
    if period is None:
        return Horizon(text=match[0], kind="date") if published is None else None
    end = period.start - timedelta(days=1) if preposition == "before" else period.end
    return Horizon(text=match[0], kind="date", end=end)


def _period(groups: Mapping[str, str | None], published: date | None) -> Period | None:
    """Return the days that a date stands for; ``None`` where that needs the day of publication."""
    whole = _whole(groups, published)
    part = (groups.get("part") or "").lower().split(" ")[0]
    if whole is None or part in ("", "late", "end"):
        return whole
    days = (whole.end - whole.start).days + 1
    # The thirds of a year end with April and August, those of a month about the 10th and the 20th.
    third = days // 3 if part in ("early", "beginning", "start") else 2 * days // 3
    return Period(whole.start, whole.start + timedelta(days=third - 1))


def _whole(groups: Mapping[str, str | None], published: date | None) -> Period | None:
    if year := groups.get("year"):
        return Period(date(int(year), 1, 1), date(int(year), 12, 31))
    if season := groups.get("season"):
        return _season(season.lower(), groups, published)
    if published is None and not re.search(_YEAR, f"{groups.get('day')} {groups.get('month')}"):
        return None
    today = published or _ANY_DAY
    if month := groups.get("month"):
        # A month counts as its own next one until it is over.
        found = _parsed(month, today.replace(day=1) - timedelta(days=1))
        return _month_of(found) if found else None
    if day := groups.get("day") or groups.get("weekday"):
        found = _parsed(re.sub(r"(?<=\d)(?:st|nd|rd|th)|\bof\b", "", day), today)
        late = timedelta(days=7 if (groups.get("which") or "").lower() == "next" else 0)
        return Period(found + late, found + late) if found else None
    unit, which = groups.get("unit"), (groups.get("which") or "this").lower()
    return _unit(unit.lower(), today, ahead=int(which in ("next", "coming"))) if unit else None


def _season(season: str, groups: Mapping[str, str | None], published: date | None) -> Period | None:
    """Return a meteorological season of the northern hemisphere; winter is called by the year in which it begins."""
    last = _LAST_MONTH[season]
    if year := groups.get("season_year"):
        ends_in = int(year) + (season == "winter")
    elif published is None:
        return None
    else:
        is_now = (last - published.month) % 12 < _MONTHS_A_SEASON
        ends_in = published.year + (published.month > last) + (is_now and groups.get("which") == "next")
    end = _month_of(date(ends_in, last, 1)).end
    return Period(_month_of(end.replace(day=1) - timedelta(days=40)).start, end)


def _unit(unit: str, today: date, ahead: int) -> Period | None:
    if unit in ("week", "weekend"):
        monday = today + timedelta(days=7 * ahead - today.weekday())
        return Period(monday, monday + timedelta(days=6))
    if unit == "month":
        return _month_of((today.replace(day=1) + timedelta(days=31 * ahead)).replace(day=1))
    years = {"year": 1, "decade": 10, "century": 100}.get(unit)
    if years is None:
        return None
    first = (today.year // years + ahead) * years
    return Period(date(first, 1, 1), date(first + years - 1, 12, 31))


def _month_of(day: date) -> Period:
    return Period(day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def _parsed(text: str, today: date) -> date | None:
    """Return the day that dateparser reads, the next one where the text leaves open which."""
    settings = {"RELATIVE_BASE": datetime(today.year, today.month, today.day), "PREFER_DATES_FROM": "future"}
    found = _parser(tuple(settings.items())).get_date_data(text).date_obj
    return found.date() if found else None


@lru_cache(maxsize=64)
def _parser(settings: tuple[tuple[str, object], ...]) -> "DateDataParser":
    from dateparser.date import DateDataParser  # takes a while to load

    return DateDataParser(languages=["en"], settings=dict(settings))
