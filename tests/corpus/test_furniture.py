"""Furniture is found by rules that each say why, and running text is left alone."""

import time
from itertools import pairwise

import pytest

from annotate.config import FurniturePattern
from annotate.corpus.furniture import find_furniture, furniture_rules
from annotate.corpus.paragraphs import split_paragraphs

RUNNING = "The army said on Monday that its soldiers had crossed the river, and that the town would fall before winter."
MORE = "Nobody in the town could be asked about it, since the lines had been cut two days before the attack began."


def kinds(*paragraphs: str) -> list[tuple[str, str]]:
    """Return the text and kind of each piece of furniture."""
    text = "\n\n".join(paragraphs)
    return [(text[f.start : f.end], f.kind) for f in find_furniture(split_paragraphs(text)).furniture]


@pytest.mark.parametrize(
    "sentence",
    [
        "By the end of the day, Congress had to hear from him.",
        "By Monday, John Smith had left the town.",
        "Source after source said the same thing.",
        "Sources said the army would attack.",
        "Photos posted on the web show the port of entry.",
        "Comments like these are closed to debate.",
        "The comments are closed to anyone who has not paid for them.",
        "Previous articles have shown the same.",
        "About 30 minutes into the show - a long one - they left.",
        "2,000 people shared it.",
        "He was, in the words of the report, “a rat”.",
        "Related problems: none that anyone could name.",
        "ISIS — also known as Daesh — took the town.",
        "Disclaimers are cheap.",
        "Next story he tells is that of a rat.",
        "More from the front reached us at night.",
        "Watch: it will come to nothing.",
        "Related to him by marriage, she knew it all.",
        "“Video: that was what they blamed it on,” he said.",
        "Share prices fell, and so did the currency.",
        "Sign up for the army, he told them.",
        "Tags were found on the bodies.",
        "Name one general who would.",
    ],
)
@pytest.mark.parametrize("above", [0, 2])
def test_sentences_that_look_like_furniture_are_kept(sentence: str, above: int) -> None:
    assert kinds(*[RUNNING, MORE][:above], sentence, RUNNING) == []


def test_a_byline_stands_above_the_text_and_not_within_it() -> None:
    assert kinds("By Jane Doe", RUNNING) == [("By Jane Doe", "byline")]
    assert kinds(RUNNING, MORE, "By Popular Demand", RUNNING) == []


def test_a_list_of_sources_takes_the_next_line_with_it() -> None:
    found = kinds(RUNNING, "Sources:", "Daily Star – Haaretz.", "He left.")
    assert found == [("Sources:", "source list"), ("Daily Star – Haaretz.", "source list")]


def test_a_list_of_sources_ends_the_text_no_more_than_what_stands_below_it() -> None:
    found = kinds(RUNNING, MORE, "Sources:", "Daily Star", "ATTENTION READERS", "We see it all.", "And so will you.")
    assert [text for text, _ in found][2:] == ["ATTENTION READERS", "We see it all.", "And so will you."]


def test_a_caption_below_its_description_is_dropped_with_it() -> None:
    caption = "The army crosses the river."
    assert kinds(RUNNING, caption, caption, RUNNING) == [(caption, "caption")] * 2


def test_a_question_that_is_repeated_is_a_poll_with_its_answers() -> None:
    question, answers = "Should force be used at the border?", "* Yes, it should. No, it should not."
    assert kinds("The River", RUNNING, question, question, answers, MORE) == [
        (text, "poll") for text in (question, question, answers)
    ]


def test_the_second_copy_of_a_headline_is_dropped() -> None:
    headline = "The Army Crosses the River"
    assert kinds(headline, headline, RUNNING) == [(headline, "repeated headline")]


def test_a_site_tail_ends_where_the_comments_start() -> None:
    found = kinds(RUNNING, MORE, "ATTENTION READERS", MORE, "2 Comments", "Thanks for that!")
    assert [kind for _, kind in found] == ["site tail", "site tail", "comments"]


def test_a_list_of_other_texts_ends_where_running_text_goes_on() -> None:
    found = kinds(RUNNING, MORE, "Most popular", "The First Battle", "A Second Battle", "He left.", "Then it rained.")
    assert [text for text, _ in found] == ["Most popular", "The First Battle", "A Second Battle"]


def test_running_text_below_the_heading_of_another_text_is_kept() -> None:
    assert kinds(RUNNING, "Related:", MORE) == [("Related:", "related")]


def test_a_headline_that_looks_like_a_link_is_kept() -> None:
    assert kinds("WATCH: Army Crosses the River", RUNNING) == []
    assert kinds(RUNNING, "WATCH: Army Crosses the River", MORE) == [("WATCH: Army Crosses the River", "related")]


def test_a_quotation_that_a_longer_paragraph_repeats_is_a_pull_quote() -> None:
    quote = "“its soldiers had crossed the river”"
    assert kinds("The River", MORE, quote, RUNNING) == [(quote, "pull quote")]
    assert kinds("The River", quote, RUNNING, MORE) == []
    assert kinds("The River", MORE, "“its soldiers had not crossed it”", RUNNING) == []


def test_a_paragraph_of_prose_that_stands_twice_is_kept_once() -> None:
    assert kinds("The River", RUNNING, RUNNING, MORE) == [(RUNNING, "repeated paragraph")]


def test_headers_of_comments_are_furniture_and_comments_are_not() -> None:
    comments = ["Jane Doe", "March 3, 2017 at 10:02 am", "1. Well said.", "Reply", "bob23 says:", "I doubt it."]
    found = kinds(RUNNING, "2 Comments", *comments)
    assert [text for text, _ in found] == ["2 Comments", *comments[:2], "1.", "Reply", "bob23 says:"]


def test_every_piece_of_furniture_tells_its_reason_and_its_rule() -> None:
    paragraphs = split_paragraphs("\n".join(["By Jane Doe", RUNNING, RUNNING, "• " + MORE]))
    told = [(piece.reason, piece.rule) for piece in find_furniture(paragraphs).furniture]
    assert told[0] == ("names the author", "en.toml 2")
    assert all(reason and rule for reason, rule in told)


def test_a_pattern_of_the_user_holds_for_its_outlet_alone() -> None:
    pattern = FurniturePattern(
        pattern="Support .* today!", kind="appeal", outlet="example.org", reason="asks for money"
    )
    paragraphs = split_paragraphs(f"{RUNNING}\nSupport good news today!")
    there = find_furniture(paragraphs, furniture_rules("en", [pattern], url="https://www.example.org/a"))
    assert [(f.kind, f.reason, f.rule) for f in there.furniture] == [
        ("appeal", "asks for money", "annot.toml: Support .* today!")
    ]
    assert (
        find_furniture(paragraphs, furniture_rules("en", [pattern], outlet="Example.org")).furniture == there.furniture
    )
    assert find_furniture(paragraphs, furniture_rules("en", [pattern], outlet="Other")).furniture == ()


def test_a_language_has_its_own_rules_and_an_unknown_one_those_of_all_languages() -> None:
    paragraphs = split_paragraphs(f"Von Erika Mustermann\n{RUNNING}\n* * *\n{MORE}")
    found = {
        code: [f.kind for f in find_furniture(paragraphs, furniture_rules(code)).furniture]
        for code in ("de", "en", "xx")
    }
    assert found == {"de": ["byline", "separator"], "en": ["separator"], "xx": ["separator"]}


def test_a_number_of_comments_above_the_text_starts_no_comments() -> None:
    paragraphs = split_paragraphs(f"12 Comments\n{RUNNING}")
    layout = find_furniture(paragraphs)
    assert [furniture.kind for furniture in layout.furniture] == ["comments"]
    assert layout.comments_start == paragraphs[-1].end


def test_the_last_paragraph_about_the_author_is_a_biography() -> None:
    assert kinds("By Dr. Jane Doe", RUNNING, "Jane Doe lives in Cairo.") == [("By Dr. Jane Doe", "byline")]
    assert kinds("By Dr. Jane Doe", RUNNING, "Jane Doe is from Cairo.")[-1][1] == "author biography"
    assert kinds(RUNNING, "Jane Doe is a columnist and the author of two books.")[-1][1] == "author biography"


def test_list_marks_are_furniture_and_what_they_mark_is_not() -> None:
    found = kinds("1. First.", "• Second.", "• 3) Third.", "4.")
    assert [text for text, _ in found] == ["1.", "•", "•", "3)", "4."]


def test_furniture_is_in_order_and_does_not_overlap() -> None:
    text = "\n".join(
        ["• Thanks for all of the link."] * 2 + ["By Jane Doe", "Source: X", "7", RUNNING, "Leave a Reply"]
    )
    furniture = find_furniture(split_paragraphs(text)).furniture
    assert all(one.end <= other.start for one, other in pairwise(furniture))


@pytest.mark.parametrize(
    "text",
    [
        "- " * 50_000,
        "1) " * 33_000,
        "A " * 50_000,
        "(" * 100_000,
        "Related:\nA Title\n" * 6_000,
        "“so they said, and so it was”\n" * 3_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_long_text_takes_no_longer_for_its_length(text: str) -> None:
    paragraphs = split_paragraphs(f"{RUNNING}\n{text}\n{RUNNING}")
    began = time.process_time()
    find_furniture(paragraphs)
    # Twenty times what is usual; a search of all for each takes minutes.
    assert time.process_time() - began < 5
