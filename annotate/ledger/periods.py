"""Dates as periods: the days that "2018", "early May" or "next winter" stand for.

dateparser reads days and months.
"""

import calendar
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

YEAR = r"(?:19|20|21)\d\d"
"""The years that are read."""

_LAST_MONTH = {"spring": 5, "summer": 8, "autumn": 11, "fall": 11, "winter": 2}
_MONTHS_A_SEASON = 3
_ANY_DAY = date(1900, 2, 1)  # for dates that are complete in themselves


class Period(NamedTuple):
    """A stretch of days, both ends included."""

    start: date
    end: date


def period_of(groups: Mapping[str, str | None], published: date | None) -> Period | None:
    """Return the days that a date stands for, by its parts; ``None`` where that needs the day of publication.

    Parts are ``part`` (as "early"), ``which`` (as "next"), and one of ``day``, ``month``, ``season`` (with
    ``season_year``), ``year``, ``weekday`` and ``unit`` (as "week").
    """
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
    if published is None and not re.search(YEAR, f"{groups.get('day')} {groups.get('month')}"):
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


@lru_cache(maxsize=1024)
def _parsed(text: str, today: date) -> date | None:
    """Return the day that dateparser reads, the next one where the text leaves open which."""
    settings = {"RELATIVE_BASE": datetime(today.year, today.month, today.day), "PREFER_DATES_FROM": "future"}
    found = _parser(tuple(settings.items())).get_date_data(text).date_obj
    return found.date() if found else None


@lru_cache(maxsize=64)
def _parser(settings: tuple[tuple[str, object], ...]) -> "DateDataParser":
    from dateparser.date import DateDataParser  # takes a while to load

    return DateDataParser(languages=["en"], settings=dict(settings))
