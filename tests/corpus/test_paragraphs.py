"""Paragraphs are lines, unless the lines were wrapped by hand."""

from textwrap import fill

from annotate.corpus.paragraphs import split_paragraphs

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
