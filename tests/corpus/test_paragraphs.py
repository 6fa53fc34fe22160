"""Paragraphs are lines, unless the lines were wrapped by hand."""

import re
from itertools import pairwise
from textwrap import fill, indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.corpus.paragraphs import split_lines, split_paragraphs, visible

PROSE = (
    "The army said on Monday that its soldiers had crossed the river and that the town would fall before winter. "
    "Nobody in the town could be asked about it, since the lines had been cut two days before the attack began."
)


def texts(text: str) -> list[str]:
    return [paragraph.text for paragraph in split_paragraphs(text)]


def test_every_kind_of_line_break_ends_a_paragraph() -> None:
    assert texts("a\r\nb\rc\u2028d\x0be\x0cf\x85g\u2029h") == list("abcdefgh")


def test_invisible_characters_at_the_edges_belong_to_no_paragraph() -> None:
    assert texts("\ufeff \u200bOne.\xa0\u200f\n\u200b\n\tTwo.\xad") == ["One.", "Two."]


def test_wrapped_lines_are_joined_and_blank_lines_part_paragraphs() -> None:
    wrapped = fill(PROSE, 72)
    assert texts(f"{wrapped}\n\n{wrapped}\n") == [wrapped, wrapped]


def test_a_short_line_ends_a_paragraph_of_a_wrapped_text() -> None:
    wrapped = fill(PROSE, 72)
    assert texts(f"By Jane Doe\n{wrapped}") == ["By Jane Doe", wrapped]


def test_long_lines_are_not_joined() -> None:
    assert texts(f"{PROSE}\n{PROSE}") == [PROSE, PROSE]


def test_headlines_below_each_other_are_not_joined() -> None:
    lines = [
        "Syrian army takes the town after a long and costly battle",
        "Russian jets strike the road to the north of the city",
    ]
    assert texts("\n".join(lines * 3)) == lines * 3


def test_an_indented_line_starts_a_paragraph_of_a_wrapped_text() -> None:
    one = fill(PROSE, 72, initial_indent="    ")
    assert texts(f"{one}\n{one}\n") == [one.strip()] * 2


def test_a_wrapped_quotation_that_is_indented_is_one_paragraph() -> None:
    quotation = indent(fill(PROSE, 64), "    ")
    assert texts(f"{fill(PROSE, 72)}\n\n{quotation}")[1] == quotation.strip()


def test_items_of_a_wrapped_list_are_paragraphs_of_their_own() -> None:
    item = fill(PROSE, 72, initial_indent="  1. ", subsequent_indent="     ")
    assert texts(f"{item}\n{item}") == [item.strip()] * 2


@pytest.mark.parametrize("end", ["\r\n", " \n", "\t\n", "\r"])
def test_line_endings_and_spaces_before_them_do_not_part_a_wrapped_paragraph(end: str) -> None:
    wrapped = fill(PROSE, 72).replace("\n", end)
    assert texts(f"{wrapped}{end}\x0c{end}{wrapped}{end}") == [wrapped, wrapped]


def test_an_address_that_is_longer_than_the_lines_does_not_hide_that_they_are_wrapped() -> None:
    wrapped = fill(PROSE, 72)
    address = "https://example.org/" + "a" * 100
    assert texts(f"{wrapped}\n\n{address}\n\n{wrapped}") == [wrapped, address, wrapped]


def test_one_overlong_line_does_not_tear_the_others_apart() -> None:
    wrapped = fill(PROSE, 70)
    assert texts(f"{PROSE[:74]}\n\n" + f"{wrapped}\n\n" * 4)[1:] == [wrapped] * 4


LINES = st.sampled_from(
    [*fill(PROSE, 72).split("\n"), "  " + PROSE[:60], "- He left.", "Short.", "", "\u200b", "\ufeff"]
)
BREAKS = st.sampled_from(["\n", "\r\n", "\n\n", " \n", "\x0c", "\u2028"])


@given(st.lists(st.tuples(LINES, BREAKS)).map(lambda lines: "".join(map("".join, lines))) | st.text())
def test_paragraphs_and_the_gaps_between_them_give_the_text_back(text: str) -> None:
    for paragraphs in (split_paragraphs(text), split_lines(text)):
        edges = [0, *(edge for p in paragraphs for edge in (p.start, p.end)), len(text)]
        assert all(one <= other for one, other in pairwise(edges))
        assert all(visible(text, *gap) is None for gap in zip(edges[::2], edges[1::2], strict=True))
        assert all(p.text == text[p.start : p.end] and visible(p.text, 0, len(p.text)) for p in paragraphs)
        assert [p.number for p in paragraphs] == list(range(1, len(paragraphs) + 1))


INVISIBLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


@given(st.text(st.sampled_from(" \t\xa0\u200b\ufeff\xad\ue000\u0378a.\u0301\U0001f600")))
def test_what_is_visible_begins_and_ends_with_a_visible_character(text: str) -> None:
    span = visible(text, 0, len(text))
    edges = [found.span() for found in INVISIBLE.finditer(text)]
    first = edges[0][1] if edges and edges[0][0] == 0 else 0
    last = edges[-1][0] if edges and edges[-1][1] == len(text) else len(text)
    assert span == ((first, last) if first < last else None)
