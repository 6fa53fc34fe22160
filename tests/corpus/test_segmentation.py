"""Sentences keep exact offsets, their sections, and the sentences around them as context."""

import pickle
from itertools import chain, pairwise
from textwrap import fill

from hypothesis import example, given
from hypothesis import strategies as st

from annotate.article import Sentence
from annotate.corpus.contexts import LONGEST_CONTEXT
from annotate.corpus.paragraphs import visible
from annotate.corpus.segmentation import Document, read_article, read_lines
from annotate.corpus.store import to_lines

RUNNING = "The army said on Monday that its soldiers had crossed the river, and that the town would fall before winter."
# Parts that meet the rules more often than arbitrary characters do.
PARTS = [
    "By Jane Doe",
    "\n",
    "\r\n",
    "1. ",
    "• ",
    "2 Comments",
    "“No.” ",
    "He won’t! ",
    "😀",
    "e\u0301",
    "العربية. ",
    RUNNING,
]


def assert_exact(text: str, document: Document) -> None:
    article = document.article
    assert article
    assert [s.start for s in document.sentences] == sorted(s.start for s in document.sentences)
    assert all(text[s.start : s.end] == s.text for s in document.sentences)
    assert [Sentence(**dict(s)) for s in document.sentences] == list(document.sentences)
    spans = sorted((piece.start, piece.end) for pieces in (document.sentences, article.furniture) for piece in pieces)
    edges = [0, *chain.from_iterable(spans), len(text)]
    assert all(one <= other for one, other in pairwise(edges))
    assert all(visible(text, *gap) is None for gap in zip(edges[::2], edges[1::2], strict=True))


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.sampled_from(PARTS)).map("".join))
@example("\ufeffOne.\u2028Two\x0bThree.\x0cFour.\rFive.\r\nSix e\u0301.\u200b 😀 شكرا. \u202eabc")
@example("\x00. \x1c\x85\xa0\u3000. ”. … ?! a")
def test_nothing_visible_is_lost_and_offsets_are_exact(text: str) -> None:
    assert_exact(text, read_article(text))
    assert_exact(text, read_lines(text))


def test_sentences_are_those_that_checking_makes() -> None:
    sentences = read_article(f"The River\n{RUNNING} “We go. We go,” he said.\n2 Comments\nWell said.").sentences
    checked = [Sentence(**dict(sentence)) for sentence in sentences]
    assert list(sentences) == checked
    assert [repr(s) for s in sentences] == [repr(s) for s in checked]
    assert [s.model_fields_set for s in sentences] == [s.model_fields_set for s in checked]
    assert [pickle.loads(pickle.dumps(s)) for s in sentences] == checked
    assert list(to_lines(sentences)) == [s.model_dump_json() + "\n" for s in checked]


def test_reading_a_text_again_gives_the_same_uids_and_an_edit_changes_them() -> None:
    first, again = read_article("He left. She stayed."), read_article("He left. She stayed.")
    assert [s.uid for s in first.sentences] == [s.uid for s in again.sentences]
    edited = read_article("He left. She slept.")
    assert not {s.uid for s in first.sentences} & {s.uid for s in edited.sentences}


def test_list_numbers_and_bullets_stand_outside_their_sentences() -> None:
    document = read_article("1. The battle matters. It is near.\n\n  • I agree. Well said.")
    assert [s.text for s in document.sentences] == ["The battle matters.", "It is near.", "I agree.", "Well said."]


def test_punctuation_alone_belongs_to_the_sentence_before_it() -> None:
    assert [s.text for s in read_article("He left. She stayed. **").sentences] == ["He left.", "She stayed. **"]


def test_a_wrapped_sentence_is_one_sentence_with_its_line_breaks() -> None:
    text = fill(f"{RUNNING} {RUNNING}", 72)
    assert [s.text.replace("\n", " ") for s in read_article(text).sentences] == [RUNNING, RUNNING]


def test_sections_are_headline_body_and_comment() -> None:
    text = "\n".join(["The River Is Crossed", RUNNING, "Carrot and Stick", RUNNING, "1 Comment", "Well said. Thanks!"])
    sections = [(s.paragraph, s.section) for s in read_article(text).sentences]
    assert sections == [(1, "headline"), (2, "body"), (3, "headline"), (4, "body"), (6, "comment"), (6, "comment")]


def test_context_is_the_paragraph_or_else_the_nearest_sentence() -> None:
    one, two, three, four = read_article("One left. Two left. Three left.\n\nFour left.").sentences
    assert (one.context_before, one.context_after) == ("", "Two left. Three left.")
    assert (two.context_before, two.context_after) == ("One left.", "Three left.")
    assert (three.context_before, three.context_after) == ("One left. Two left.", "Four left.")
    assert (four.context_before, four.context_after) == ("Three left.", "")


def test_context_is_whole_sentences_up_to_a_length() -> None:
    last = read_article(" ".join([RUNNING] * 6)).sentences[-1]
    assert last.context_before == f"{RUNNING} {RUNNING}"
    assert len(last.context_before) <= LONGEST_CONTEXT


def test_comments_and_article_are_no_context_for_each_other() -> None:
    body, comment = read_article(f"{RUNNING}\n\n2 Responses\n\nI doubt it.").sentences
    assert (body.context_after, comment.context_before) == ("", "")


def test_lines_are_sentences_as_they_are() -> None:
    document = read_lines("By Jane Doe\r\n\r\n 1. He left. She stayed.\n")
    assert [(s.text, s.section) for s in document.sentences] == [
        ("By Jane Doe", "body"),
        ("1. He left. She stayed.", "body"),
    ]
