"""Furniture is found by rules that each say why, and running text is left alone."""

from itertools import pairwise

import pytest

from annotate.corpus.furniture import Rule, find_furniture, furniture_rules
from annotate.corpus.paragraphs import split_paragraphs

RUNNING = "The army said on Monday that its soldiers had crossed the river, and that the town would fall before winter."
MORE = "Nobody in the town could be asked about it, since the lines had been cut two days before the attack began."


def kinds(*paragraphs: str) -> list[tuple[str, str]]:
    """Return the text and kind of each piece of furniture."""
    text = "\n\n".join(paragraphs)
    return [(text[f.start : f.end], f.kind) for f in find_furniture(split_paragraphs(text)).furniture]


@pytest.mark.parametrize("rule", furniture_rules(), ids=lambda rule: f"{rule.kind}: {rule.example[:30]}")
def test_every_rule_fits_its_example(rule: Rule) -> None:
    fits = rule.pattern.match if rule.where == "start" else rule.pattern.fullmatch
    assert fits(rule.example)


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


def test_a_caption_below_its_description_is_dropped_with_it() -> None:
    caption = "The army crosses the river."
    assert kinds(RUNNING, caption, caption, RUNNING) == [(caption, "caption")] * 2


def test_the_second_copy_of_a_headline_is_dropped() -> None:
    headline = "The Army Crosses the River"
    assert kinds(headline, headline, RUNNING) == [(headline, "repeated headline")]


def test_a_site_tail_ends_where_the_comments_start() -> None:
    found = kinds(RUNNING, MORE, "Previous articleThe first battle", MORE, "2 Comments", "Thanks for that!")
    assert [kind for _, kind in found] == ["site tail", "site tail", "comments"]


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
