"""A long JSON array, read one item at a time."""

import json
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator

from annotate.studio.tasks import Json

_BETWEEN = " \t\r\n,"


def read_array(parts: Iterable[bytes]) -> Iterator[Json]:
    """Yield the objects of a JSON array that arrives in parts, so that no more than one part is held.

    Raises:
        ValueError: It is no array of objects, or it ends too early.
    """
    decode, decoder = getincrementaldecoder("utf-8")().decode, json.JSONDecoder()
    text, begun = "", False
    for part in parts:
        text += decode(part)
        if not begun and text.lstrip():
            begun = True
            text = _after_bracket(text.lstrip())
        while (text := text.lstrip(_BETWEEN)).startswith("{"):
            try:
                item, end = decoder.raw_decode(text)
            except json.JSONDecodeError:
                break  # the rest of it is still to come
            yield item
            text = text[end:]
    if text.strip() != "]":
        raise ValueError("the array does not end")


def _after_bracket(text: str) -> str:
    if not text.startswith("["):
        raise ValueError("not an array")
    return text[1:]
