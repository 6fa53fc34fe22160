"""Labeling configurations as XML: what those for sentences and for predictions have in common."""

from collections.abc import Callable, Set
from pathlib import Path
from typing import TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from annotate.errors import ConfigError

AnyConfig = TypeVar("AnyConfig")


def read_config(path: Path, parse: Callable[[str], AnyConfig]) -> AnyConfig:
    """Read a file; raises ``ConfigError`` with its path where it cannot be read, or ``parse`` finds something wrong."""
    try:
        xml = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{path}: cannot be read: {reason}") from error
    try:
        return parse(xml)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def parse_config(xml: str, fields: Set[str]) -> Element:
    """Parse XML that comes from anywhere; raises ``ConfigError`` where it is broken, or shows other task fields."""
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise ConfigError(f"not a labeling configuration: {error}") from error
    for tag in root.iter():
        value = tag.get("value") or ""
        if value.startswith("$") and value[1:] not in fields:
            known = ", ".join(f"${name}" for name in sorted(fields))
            raise ConfigError(f"<{tag.tag}> shows {value}, which tasks do not have: they have {known}")
    return root
