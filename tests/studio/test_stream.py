"""A JSON array that arrives in parts is the same array."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.studio.stream import read_array

values = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=3))
objects = st.lists(st.dictionaries(st.text(), values, max_size=4), max_size=6)


@given(objects, st.integers(1, 40), st.sampled_from([None, 2]), st.booleans())
def test_any_array_in_parts_of_any_size_is_read_as_it_is(
    items: list[object], size: int, indent: int | None, is_ascii: bool
) -> None:
    body = json.dumps(items, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    try:
        body.decode()
    except UnicodeDecodeError:
        return  # half an emoji, which no server can send
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    assert list(read_array(parts)) == items


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'[{"a": 1}', b'[{"a": 1}, {"b"', b"[1, 2]", b"<html>", b"[{}] x", b"\xff"]
)
def test_what_is_no_array_of_objects_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"array|decode"):
        list(read_array([body]))
