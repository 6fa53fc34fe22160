"""Direct quotations are found, scare quotes and apostrophes are not, and a missing mark does little harm."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.corpus.paragraphs import split_paragraphs
from annotate.corpus.quotations import quoted
from annotate.corpus.segmentation import read_article

PARTS = [
    '"',
    "“",
    "”",
    "‘",
    "’",
    "'",
    "''",
    "«",
    "»",
    "„",
    "It is so",
    "he said",
    "boys",
    ".",
    ",",
    " ",
    "\n",
    "6",
    "😀",
]


def marked(text: str) -> str:
    """Return the text with brackets around what is quoted."""
    for start, end in reversed(quoted(text)):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    "text",
    [
        # Every kind of mark
        '["We will not go,"] he said. ["Not at all."]',
        "[“We will not go,”] he said. [“Not at all.”]",
        "[''We will not go,''] he said. [``Not at all now.'']",
        "[„Wir gehen jetzt nicht“], sagte er. [»Wir gehen nicht«], sagte sie.",
        "[« Nous ne partons pas »], dit-il. [«Nous ne partons pas»], dit-elle.",
        "[‘I don’t know the boys’ house,’] he said. [‘No, it’s not.’]",
        "['I don't know the boys' house,'] he said. It's the workers' house.",
        "He spoke of [‘a total disgrace to workers’], not of rock ‘n’ roll or ‘em.",
        'He is 6\'3" tall and said ["I am 190 pounds."]',
        # One or two words
        "The “deep state,” the 'war' and the so-called “experts” won.",
        "He said, [“Never.”] She said: [“No way!”] [“Why?”] he asked.",
        # Several paragraphs, and marks that are missing
        "[“One is enough for us.]\n\n[“Two are enough for us,”] he said.\n\nIt was late.",
        "[‘One is enough for us.]\n\n[‘Two are enough for us,’] he said.",
        "He said [“one is enough for us.]\n\nIt was late. He left.",
        'His systems" were late.\n\n["We will not go,"] he said.',
        "He saw the boys' house and 'left it there.\n\nIt was late.",
        "[“He told us ‘never again, ever’ and left,”] she said.",
    ],
)
def test_quotations_are_what_stands_in_brackets(text: str) -> None:
    assert marked(text.replace("[", "").replace("]", "")) == text


def test_every_sentence_says_how_much_of_it_is_quoted() -> None:
    text = (
        "He left. “We go. We will not stay,” he said. “Not at all.” The “old guard” won. She said (“No, never again.”)"
    )
    assert [(s.text, s.quotation) for s in read_article(text).sentences] == [
        ("He left.", "none"),
        ("“We go.", "whole"),
        ("We will not stay,” he said.", "part"),
        ("“Not at all.”", "whole"),
        ("The “old guard” won.", "none"),
        ("She said (“No, never again.”)", "part"),
    ]


def test_a_sentence_between_brackets_is_wholly_quoted() -> None:
    (_, sentence) = read_article("He left. (“No, never again.”)").sentences
    assert (sentence.text, sentence.quotation) == ("(“No, never again.”)", "whole")


def test_two_quotations_may_make_up_a_sentence() -> None:
    (sentence,) = read_article("“We will not go” – “not at all now”.").sentences
    assert sentence.quotation == "whole"


@given(st.lists(st.sampled_from(PARTS)).map("".join) | st.text())
def test_quotations_are_in_order_and_stay_in_their_paragraphs(text: str) -> None:
    spans = quoted(text)
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    paragraphs = [(paragraph.start, paragraph.end) for paragraph in split_paragraphs(text)]
    assert all(any(first <= start and end <= last for first, last in paragraphs) for start, end in spans)
