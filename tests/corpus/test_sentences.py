"""Sentences are cut where news text ends them: in quotations too, and not at abbreviations, numbers and dashes."""

import tomllib
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotate.corpus.paragraphs import split_paragraphs
from annotate.corpus.sentences import sentence_rules, sentence_spans, simplify

# Parts that meet the rules more often than arbitrary characters do.
PARTS = ["He left.", "Dr.", "No.", "U.S.", "a.m.", "1.", "(", ")", '"', "“", "”", "‘", "’", "'", "«", "»", "...", " … "]
PARTS += [" ", "\n", "\u200b", "\xa0", "\ufeff", "?", "!", ",", "said", "Smith", "😀", "e\u0301", "العربية", "。", "•"]
TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.lists(st.sampled_from(PARTS)).map("".join)
RULES = tomllib.loads(files("annotate.corpus").joinpath("sentences.toml").read_text("utf-8"))
JOINS = [(language, rule) for language, rules in RULES["join"].items() for rule in rules]


def cut(text: str, language: str = "en") -> list[str]:
    """Return the sentences of a paragraph."""
    rules = sentence_rules(language)
    return [text[start:end] for start, end in sentence_spans(text, simplify(text, rules), rules)]


@pytest.mark.parametrize(
    "marked",
    [
        # Inside quotations, and at their edges
        "“First one. | Second one,” he said. | “Third.”",
        "He said: “First. | Second.” | Then he left.",
        "“What?” he asked.",
        "“Why not? | Why?” John Smith asked. | “No!” said Mary.",
        "“What will Mr. Smith do?” | He said no.",
        '"First. | Second." | "Third." | He left.',
        "''First. | Second,'' he said. | ''Third.'' | He left.",
        "‘First. | Second,’ he said. | It’s the boys’ house. | He left.",
        "He was 'right. | Very right.' | It's the boys' house.",
        "He “left.” | She asked “Why?”, and stayed.",
        "“He said ‘I am. | You are.’” | She left.",
        # Brackets
        "He left. | (She stayed. | He came.) | They met.",
        "He left (she stayed. He came.) and they met.",
        "Sen. Ann Smith (R-Ky.) Trump called.",
        "They met [and left. | He stayed. | She came (twice).",
        # Ellipses
        "I thought ... Trump left. | Well … Trump left.",
        "I thought... perhaps not… he said.",
        "I thought... | Then he left… | We stayed.",
        "He went. . . . | Then he came.",
        # Abbreviations, initials and numbers
        "Sens. Al Smith, Gov. J. K. Rowling and Lt. Gov. Bo Jr. left.",
        "The U.S. Senate vs. Acme Inc. of Jan. 5 left at 5 a.m. Friday.",
        "No. 5 was good. | No. | He did not. | It was No. 1.",
        "He told me. | Hearing it hurt. | It ended in May. | Former men came.",
        "1. “We must leave.” | They did.",
        "The firm Yahoo! is old. | Jeb! signs were seen.",
        "He left. | 2016. | She stayed.",
        # White space
        "He left.\xa0| She stayed.\u200b | He came.\u200e| We met.",
        "The town\nfell. | He\nleft.",
    ],
)
def test_english_news_is_cut_at_the_bars(marked: str) -> None:
    assert cut(marked.replace(" | ", " ").replace("| ", "")) == [
        each.strip(" \xa0\u200b\u200e") for each in marked.split("|")
    ]


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        (
            "de",
            "„Erstens. | Zweitens“, sagte er. | Am 3. Mai kam Dr. Müller. | „Wer?“, fragte er. | „Ich.“ | Er ging.",
        ),
        ("fr", "« Quoi ? » demande Jean. | « Il part. | Elle reste. » | Fin."),
        ("xx", "“One. | Two,” he said. | Three."),
    ],
)
def test_other_languages_are_cut_inside_quotations_too(language: str, marked: str) -> None:
    assert cut(marked.replace(" | ", " "), language) == marked.split(" | ")


@pytest.mark.parametrize(("language", "text"), [("zh", "“我来。他走。”他说。"), ("ja", "彼は来た。彼女も来た。")])
def test_scripts_without_case_leave_quotations_to_the_splitter(language: str, text: str) -> None:
    assert simplify(text, sentence_rules(language)) == text
    assert "".join(cut(text, language)) == text


@pytest.mark.parametrize(("language", "rule"), JOINS)
def test_every_rule_joins_its_example(language: str, rule: dict[str, str]) -> None:
    before, after = rule["example"].split("|")
    text = before + after
    sentences = cut(text, "en" if language == "any" else language)
    assert all(before.strip() != sentence for sentence in sentences)


@given(TEXTS)
@example("(a.) (b.) “c.” ‘d.’ … . . . .")
def test_sentences_are_in_order_and_hold_every_word(text: str) -> None:
    rules = sentence_rules("en")
    simplified = simplify(text, rules)
    assert len(simplified) == len(text)
    for paragraph in split_paragraphs(text):
        spans = sentence_spans(paragraph.text, simplified[paragraph.start : paragraph.end], rules)
        assert all(start < end <= following for (start, end), (following, _) in pairwise([*spans, (len(text), 0)]))
        covered = {at for start, end in spans for at in range(start, end)}
        assert not any(c.isalnum() for at, c in enumerate(paragraph.text) if at not in covered)
        assert all(paragraph.text[start:end].strip() for start, end in spans)
