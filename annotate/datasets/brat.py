"""Annotations in brat's standoff format: https://brat.nlplab.org/standoff.html."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.datasets.files import read_table_text
from annotate.errors import SourceError
from annotate.words import Place

# A stretch's text ends at a line break, though the stretch may not.
_STRETCH = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_EVENT = re.compile(r"E\d+\t(\S+:T\d+(?: +\S+:T\d+)*) *")


class Stretch(NamedTuple):
    """A marked stretch of a text, in one place or several."""

    kind: str
    places: tuple[Place, ...]


class Event(NamedTuple):
    """The ids of an event's stretches, by the role that each plays; the first is what the event is called."""

    roles: tuple[tuple[str, str], ...]

    def has(self, role: str) -> bool:
        """Tell whether some stretch plays a role, whatever its number (``Content2``)."""
        return any(name.rstrip("0123456789") == role for name, _ in self.roles)


class Standoff(NamedTuple):
    """What is annotated of a text: stretches by id, and events made of them."""

    stretches: Mapping[str, Stretch]
    events: Sequence[Event]


def read_standoff(path: Path, text: str) -> Standoff:
    """Read the annotations of a text; notes, attributes and relations are passed over.

    Raises:
        SourceError: The file cannot be read, or annotates another text.
    """
    stretches: dict[str, Stretch] = {}
    events: list[Event] = []
    for number, line in enumerate(read_table_text(path).split("\n"), start=1):
        if found := _STRETCH.match(line):
            places = tuple(_place(part) for part in found[3].split(";"))
            if not _squeezed(" ".join(text[slice(*place)] for place in places)).startswith(_squeezed(found[4])):
                raise SourceError(f"{path}, line {number}: not of this text; download both again, as binary files")
            stretches[found[1]] = Stretch(found[2], places)
        elif found := _EVENT.match(line):
            pairs = (role.split(":") for role in found[1].split())
            events.append(Event(tuple((role, stretch) for role, stretch in pairs)))
    return Standoff(stretches, events)


def _place(part: str) -> Place:
    start, end = part.split()
    return int(start), int(end)


def _squeezed(text: str) -> str:
    return " ".join(text.split())
