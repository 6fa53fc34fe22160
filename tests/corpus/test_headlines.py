"""Headlines are told from short paragraphs of running text."""

import pytest

from annotate.corpus.headlines import find_headlines
from annotate.corpus.paragraphs import split_paragraphs

RUNNING = "The army said on Monday that its soldiers had crossed the river, and that the town would fall before winter."


def headlines(*paragraphs: str) -> list[str]:
    split = split_paragraphs("\n\n".join(paragraphs))
    found = find_headlines(split)
    return [paragraph.text for paragraph in split if paragraph.number in found]


def test_the_headline_the_line_below_it_and_the_subheadings_are_found() -> None:
    lines = ["The River Is Crossed", "Army says the town will fall"]
    assert headlines(*lines, RUNNING, "Carrot and Stick", RUNNING) == [*lines, "Carrot and Stick"]


@pytest.mark.parametrize("heading", ["What About Qalamoun?", "Feel “Invisible.”", "Label the Enemy, Make a Threat."])
def test_a_subheading_may_end_like_a_sentence_if_all_its_words_are_capitalised(heading: str) -> None:
    assert headlines("The River", RUNNING, f"{heading} Again After All This Time?", RUNNING)[1:]


@pytest.mark.parametrize(
    "line",
    [
        "The report said:",
        "and so on",
        "The Center for Jewish History is a museum.",
        "So, what do we do about that?” –Don Lemon",
        "-Article 2, Section 4 of the Constitution",
        "“He left the town”",
    ],
)
def test_a_line_that_belongs_to_the_running_text_is_no_subheading(line: str) -> None:
    assert headlines("The River", RUNNING, line, RUNNING) == ["The River"]


def test_nothing_is_a_headline_that_no_running_text_follows() -> None:
    assert headlines("The River", "The Town") == []
    assert headlines("The River", RUNNING, "The End") == ["The River"]
