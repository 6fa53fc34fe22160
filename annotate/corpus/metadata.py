"""What an article's own text tells about it: title, author, outlet and date, or nothing."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_SPACES = re.compile(r"\s+")
_FULL_STOP = re.compile(r"(?<=[a-z]{3})\.$")
_EDGES = " \t\xa0|,;:–—-"


class Metadata(NamedTuple):
    """What is known about an article; what its text does not say is ``None``."""

    title: str | None
    outlet: str | None
    author: str | None
    published: str | None


def read_metadata(stated: Mapping[str, str], headline: str | None) -> Metadata:
    """Return what furniture states (see ``find_furniture``), and the headline with which the text starts."""
    return Metadata(
        title=_tidy(headline or ""),
        outlet=_tidy(stated.get("outlet", "")),
        author=_tidy(_FULL_STOP.sub("", stated.get("author", ""))),
        published=_tidy(stated.get("published", "")),
    )


def _tidy(value: str) -> str | None:
    """Put on one line, without separators at the edges; the words stay as they are."""
    return _SPACES.sub(" ", value).strip(_EDGES) or None
