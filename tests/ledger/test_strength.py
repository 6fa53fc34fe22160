"""How firmly: what words stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.ledger.strength import CERTAIN, EVEN, LIKELY, POSSIBLE, SCALE, VERY_LIKELY, find_strength, is_conditional


@pytest.mark.parametrize(
    ("text", "step", "words"),
    [
        ("The city will fall.", CERTAIN, None),
        ("It will undoubtedly drive many men.", CERTAIN, "undoubtedly"),
        ("This is bound to increase.", CERTAIN, "bound to"),
        ("It makes a breakout nearly impossible.", CERTAIN, "nearly impossible"),
        ("It is highly likely to fall.", VERY_LIKELY, "highly likely"),
        ("He is highly unlikely to sign.", VERY_LIKELY, "highly unlikely"),
        ("Syrian forces are expected to push north.", LIKELY, "are expected"),
        ("It will probably fall.", LIKELY, "probably"),
        ("Khamenei is unlikely to dump Syria.", LIKELY, "unlikely"),
        ("There is an even chance that it falls.", EVEN, "even chance"),
        ("It could very well be the end.", POSSIBLE, "could"),
        ("It may lead to conflicts.", POSSIBLE, "may"),
        ("A battle is not inevitable.", POSSIBLE, "not inevitable"),
        ("Such a victory is far from assured.", POSSIBLE, "far from assured"),
        ("They will vote in May.", CERTAIN, None),
    ],
)
def test_words_stand_for_a_step_of_the_scale(text: str, step: object, words: str | None) -> None:
    found = find_strength(text)
    assert found.expression == words
    assert found.model_copy(update={"expression": None}) == step


def test_the_weakest_word_counts() -> None:
    assert find_strength("It could fall, and they will certainly flee.").step == "possible"


@pytest.mark.parametrize(
    ("text", "probability"),
    [("There is a 70% chance of rain.", 0.7), ("The probability is about 12.5 per cent, but could rise.", 0.125)],
)
def test_a_number_counts_before_any_word(text: str, probability: float) -> None:
    found = find_strength(text)
    assert (found.step, found.probability) == ("stated", probability)


def test_no_share_beyond_the_whole_is_a_probability() -> None:
    assert find_strength("A 300% chance, they will say.").step == "almost certain"


def test_the_steps_are_those_that_were_published() -> None:
    # Intelligence Community Directive 203, section D.6.e(2)(a), and the PHIA probability yardstick.
    published = {"almost certain": (0.95, 0.99), "very likely": (0.8, 0.95), "likely": (0.55, 0.8)}
    published |= {"even chance": (0.45, 0.55), "possible": (0.4, 0.5)}
    assert {step.step: (step.low, step.high) for step in SCALE} == published
    assert all(step.probability == pytest.approx((step.low + step.high) / 2) for step in SCALE)


@given(st.text())
def test_any_text_has_a_strength_within_its_range(text: str) -> None:
    found = find_strength(text)
    assert found.low <= found.probability <= found.high
    assert found.expression is None or found.expression in text


@pytest.mark.parametrize("hedge", ["probably", "possibly", "perhaps"])
@given(text=st.text(alphabet="abc wilmy"))
def test_a_hedge_makes_nothing_firmer(hedge: str, text: str) -> None:
    assert find_strength(f"{text} {hedge}").probability <= find_strength(text).probability


def test_a_condition_is_told() -> None:
    assert is_conditional("If he wins, he will resign.")
    assert not is_conditional("He will resign.")
