"""Side files: what a user knows of an article, in ``NAME.toml`` beside ``NAME.txt``."""

import tomllib
from pathlib import Path

from annotate.corpus.readers.known import FIELDS, NOTHING, Known, known_from
from annotate.errors import SourceError


def side_file_of(path: Path) -> Path:
    """Return where an article's side file would stand; ``.gz`` counts as no ending of its own."""
    return (path.with_suffix("") if path.suffix.lower() == ".gz" else path).with_suffix(".toml")


def read_side_file(path: Path) -> Known:
    """Read the side file of an article, if there is one.

    Raises:
        SourceError: It cannot be read, is not TOML, or holds a key or value that is not one of an article's.
    """
    side = side_file_of(path)
    if not side.is_file():
        return NOTHING
    try:
        data = side.read_bytes()
    except OSError as error:
        raise SourceError(f"{side}: cannot be read: {error.strerror}") from error
    return known_of_side_file(data, str(side))


def known_of_side_file(data: bytes, side: str) -> Known:
    """Return what a side file says; raises ``SourceError`` as ``read_side_file`` does."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(f"{side}: not valid TOML: {error}") from error
    unknown = next((key for key in values if key not in FIELDS), None)
    if unknown is not None:
        raise SourceError(f"{side}: no such key: '{unknown}'; there are {', '.join(FIELDS)}")
    known, refused = known_from(values, "side file")
    if refused:
        raise SourceError(f"{side}: {refused[0]}")
    return known
