"""Label colours that can be read on a light and on a dark page."""

import re
from typing import NamedTuple

from annotate.schema import Label

Rgb = tuple[int, int, int]

PAPER: Rgb = (0xFA, 0xF9, 0xF6)
NIGHT: Rgb = (0x20, 0x21, 0x24)
# What WCAG 2.2 asks of text (1.4.3), and a little to spare for rounding.
_CONTRAST = 4.6

# After Okabe and Ito's palette, which people with colour blindness can tell apart.
_PALETTE: tuple[Rgb, ...] = (
    (0xD5, 0x5E, 0x00),
    (0x00, 0x72, 0xB2),
    (0x00, 0x8F, 0x68),
    (0xB8, 0x4F, 0x8A),
    (0xB8, 0x7F, 0x00),
    (0x38, 0x94, 0xC9),
)
_NAMES: dict[str, Rgb] = {
    "black": (0, 0, 0),
    "blue": (0, 0, 255),
    "brown": (165, 42, 42),
    "cyan": (0, 255, 255),
    "gray": (128, 128, 128),
    "green": (0, 128, 0),
    "magenta": (255, 0, 255),
    "orange": (255, 165, 0),
    "pink": (255, 192, 203),
    "purple": (128, 0, 128),
    "red": (255, 0, 0),
    "white": (255, 255, 255),
    "yellow": (255, 255, 0),
}
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)


class ThemeColors(NamedTuple):
    """One label's colour as ``#rrggbb``: at least 4.5 to 1 against the light and against the dark page."""

    light: str
    dark: str


def theme_colors(label: Label, index: int) -> ThemeColors:
    """Return the label's colour, or the palette's at its index where it has none that is understood.

    Understood are ``#rgb``, ``#rrggbb`` and a few common names. The value is read as numbers and written anew, so that
    nothing else from the labeling configuration reaches a style sheet.
    """
    color = _parse(label.color or "") or _PALETTE[index % len(_PALETTE)]
    return ThemeColors(_css(_towards(color, (0, 0, 0), PAPER)), _css(_towards(color, (255, 255, 255), NIGHT)))


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _parse(color: str) -> Rgb | None:
    color = color.strip().lower()
    found = _HEX.fullmatch(color)
    if not found:
        return _NAMES.get(color)
    digits = found[1] if len(found[1]) > len("rgb") else "".join(2 * digit for digit in found[1])
    red, green, blue = bytes.fromhex(digits)
    return red, green, blue


def _towards(color: Rgb, end: Rgb, page: Rgb) -> Rgb:
    """Mix a colour with black or white until it can be read on the page."""
    for step in range(20):
        red, green, blue = (round(own + (other - own) * step / 20) for own, other in zip(color, end, strict=True))
        if contrast((red, green, blue), page) >= _CONTRAST:
            return red, green, blue
    return end


def _luminance(color: Rgb) -> float:
    red, green, blue = (_linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _css(color: Rgb) -> str:
    return f"#{bytes(color).hex()}"
