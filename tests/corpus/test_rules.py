"""Every rule fits its examples, leaves its counter-examples alone, and is quick on whatever text."""

import time
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.config import FurniturePattern
from annotate.corpus.rules import Rule, RuleText, Zones, beginning, rule_book, rule_texts, shipped_rules
from annotate.errors import ConfigError

FURNITURE_RULES = Path(__file__).parents[2] / "annotate" / "corpus" / "furniture_rules"
LANGUAGES = sorted(file.stem for file in FURNITURE_RULES.glob("*.toml"))
ZONES: Zones = ("head", "below", "foot", "comments", "last")
RULES = [
    pytest.param(rule, text, id=f"{rule.name} {rule.kind}")
    for language in LANGUAGES
    for rule, text in zip(shipped_rules(language), rule_texts(language), strict=True)
]


def fits(rule: Rule, paragraph: str) -> bool:
    can_begin = rule.holds_at(*beginning(paragraph), ZONES)
    return can_begin and len(paragraph) <= rule.longest and rule.fit(paragraph) is not None


@pytest.mark.parametrize(("rule", "text"), RULES)
def test_a_rule_fits_its_examples_and_not_its_counter_examples(rule: Rule, text: RuleText) -> None:
    assert [example for example in text.examples if not fits(rule, example)] == []
    assert [example for example in text.counter_examples if fits(rule, example)] == []


@pytest.mark.parametrize(("rule", "text"), RULES)
def test_no_rule_takes_long_for_a_paragraph_that_almost_fits(rule: Rule, text: RuleText) -> None:
    parts = ["Ab ", "a ", "AP/", "1,", "- ", "(", "Jane Doe, ", "@x ", "www.x ", "#x ", "a:", "\n", "by Ab ", "&"]
    paragraphs = [
        f"{start}{part * rule.longest}"[: rule.longest - 1] + "\0"
        for start in ("", *text.examples, *(f"{phrase} " for phrase in text.starts[:3]))
        for part in parts
    ]
    began = time.process_time()
    for paragraph in paragraphs:
        rule.match(paragraph, 0)
    # A rule that tries every way to part a paragraph needs years; this is a hundred times what is usual.
    assert time.process_time() - began < 0.02 * len(paragraphs)


def test_long_paragraphs_are_left_alone() -> None:
    rules = chain.from_iterable(shipped_rules(language) for language in LANGUAGES)
    assert max(rule.longest for rule in rules) <= 1000


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip()))
def test_no_rule_is_missed_by_looking_at_how_a_paragraph_begins(text: str) -> None:
    book = rule_book()
    candidates = book.paragraphs.candidates(beginning(text), ZONES)
    fitting = [rule for rule in shipped_rules("en") if rule.starts and rule.where != "start" and rule.match(text, 0)]
    assert {rule.name for rule in fitting if rule.zone != "last"} <= {rule.name for rule in candidates}


def test_a_pattern_that_takes_too_long_ends_with_one_line() -> None:
    pattern = FurniturePattern(pattern="(?:a|a|aa)+b", kind="trap")
    (rule,) = [
        rule for rule in rule_book("xx", (pattern,)).paragraphs.candidates(("a", "word"), ()) if rule.kind == "trap"
    ]
    with pytest.raises(ConfigError, match=r"^annot\.toml: .* for a paragraph of 400 characters; [^\n]*$"):
        rule.fit("a" * 400)


def test_names_of_rules_say_where_they_stand() -> None:
    assert [rule.name for rule in shipped_rules("de")][:2] == ["de.toml 1", "de.toml 2"]
    assert shipped_rules("xx") == ()
