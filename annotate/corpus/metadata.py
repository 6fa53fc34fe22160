"""What an article's own text tells about it: title, author, outlet, date and address, or nothing."""

import re
from collections.abc import Mapping
from datetime import date

from annotate.article import Citation
from annotate.corpus.furniture import Stated
from annotate.corpus.rules import month_numbers

_SPACES = re.compile(r"\s+")
_FULL_STOP = re.compile(r"(?<=[a-z]{3})\.$")
_EDGES = " \t\xa0|,;:–—-"
_DAY_MONTH = re.compile(r"(?P<day>\d{1,2})\D{0,3}(?: of| de)? (?P<month>[^\W\d_]+)\.?,?(?: de)? (?P<year>\d{4})")
_MONTH_DAY = re.compile(r"(?P<month>[^\W\d_]+)\.? (?P<day>\d{1,2})\D{0,2},? (?P<year>\d{4})")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
# With dots the day comes first; with slashes it depends on the country.
_DOTTED = re.compile(r"(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<year>\d{4})")
_SLASHED = re.compile(r"(?P<one>\d\d?)/(?P<other>\d\d?)/(?P<year>\d{4})")
_MONTHS_OF_YEAR = 12


def read_metadata(stated: Mapping[str, Stated], headline: str | None) -> Citation:
    """Return what furniture states (see ``find_furniture``), and the headline with which the text starts."""
    found = {field: value for field, (value, _) in stated.items()}
    return Citation(
        title=_tidy(headline or ""),
        outlet=_tidy(found.get("outlet") or found.get("agency", "")),
        author=_tidy(_FULL_STOP.sub("", found.get("author", ""))),
        published=parse_day(found.get("published", "")),
        url=found.get("url"),
    )


def metadata_origins(metadata: Citation, stated: Mapping[str, Stated]) -> dict[str, str]:
    """Return where in the text each field that is known was found."""
    fields = [field for field, value in metadata if value is not None]
    lines = {"outlet": stated.get("agency")} | dict(stated)
    places = {field: f"text, paragraph {line.paragraph}" for field, line in lines.items() if line}
    return {field: places.get(field, "text, headline") for field in fields}


def parse_day(text: str) -> str | None:
    """Return a date as ``YYYY-MM-DD``; ``None`` where it cannot be told which day is meant."""
    if slashed := _SLASHED.fullmatch(text):
        one, other, year = map(int, slashed.groups())
        if (one > _MONTHS_OF_YEAR) == (other > _MONTHS_OF_YEAR) and one != other:
            return None
        return _iso(year, *((one, other) if one <= _MONTHS_OF_YEAR else (other, one)))
    patterns = (_YEAR_FIRST, _DOTTED, _DAY_MONTH, _MONTH_DAY)
    found = next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)
    if found is None:
        return None
    month = found["month"].lower()
    return _iso(int(found["year"]), int(month) if month.isdigit() else month_numbers().get(month, 0), int(found["day"]))


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _tidy(value: str) -> str | None:
    """Put on one line, without separators at the edges; the words stay as they are."""
    return _SPACES.sub(" ", value).strip(_EDGES) or None
