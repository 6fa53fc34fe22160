"""What is known about an article from elsewhere than its running text, and where it was found."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from annotate.article import Citation, web_address

FIELDS = tuple(Citation.model_fields)
_LENGTH_OF_A_DATE = len("2015-05-13")


class Known(Citation):
    """What is known about an article; ``found_in`` says of each field that is where it was found, as in "markup"."""

    found_in: Mapping[str, str] = {}


class Stated(NamedTuple):
    """What could be made of values, and a reason for each that could not be used."""

    known: Known
    refused: tuple[str, ...]


NOTHING = Known()


def known_from(values: Mapping[str, object], where: str | Mapping[str, str]) -> Stated:
    """Take over values by field; ``where`` names their place, one for all or one for each field.

    Values are put on one line, and empty ones are not known. A date must be one of ISO 8601 with year, month and day,
    an address one of http or https.
    """
    fields: dict[str, str] = {}
    refused: list[str] = []
    for field in FIELDS:
        text = _one_line(values.get(field))
        value = _CHECKS[field](text) if field in _CHECKS else text
        if value:
            fields[field] = value
        elif text:
            refused.append(f"{field} '{text}' is not {_WANTED[field]}")
    found_in = {field: where if isinstance(where, str) else where[field] for field in fields}
    return Stated(Known(**fields, found_in=found_in), tuple(refused))


def laid_over(upper: Known, lower: Known) -> Known:
    """Return what either knows; where both know something, the upper one counts."""
    fields = {field: getattr(upper, field) or getattr(lower, field) for field in FIELDS}
    return Known(**fields, found_in={**lower.found_in, **upper.found_in})


def iso_date(text: str) -> str | None:
    """Return a date of ISO 8601 in its extended form, with its time where it has one; ``None`` where it is none."""
    try:
        if len(text) <= _LENGTH_OF_A_DATE:
            return date.fromisoformat(text).isoformat()
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _one_line(value: object) -> str:
    if isinstance(value, date):  # as TOML and Parquet know them; a datetime is one too
        return value.isoformat()
    if isinstance(value, list | tuple) and all(isinstance(each, str) for each in value):  # as of several authors
        value = ", ".join(value)
    if isinstance(value, list | tuple | dict):
        return ""
    return "" if value is None else " ".join(str(value).split())


_CHECKS = {"published": iso_date, "url": web_address}
_WANTED = {
    "published": "a date in ISO 8601, such as 2015-05-13 or 2015-05-13T10:30:00+02:00",
    "url": "an address that begins with http:// or https://",
}
