"""How numbers are put in words, and how texts of others are shown."""

import re

_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]+")
# Controls, which a terminal would obey; bidi overrides, which reorder what is read; and lone surrogates, which cannot
# be written. Marks of direction that cannot reorder other text (U+200E, U+200F, U+061C) stay.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@])")


def counted(number: int, thing: str) -> str:
    """Write a number of things, as in "1 sentence" and "2 sentences"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def visible(text: str) -> str:
    """Return the text on one line, with characters that would act instead of being shown spelt out, as in ⟨U+202E⟩."""
    return _UNSAFE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", _BREAKS.sub(" ", text))


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", visible(text))
