"""Words find their places again, or are known not to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.datasets.alignment import align, joined

WORDS = st.lists(st.sampled_from(["rats", "Rats", "“so-called”", "élan", "🎉", "don’t", "the", "x\u2028y"]), min_size=1)


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("The rats won.", "rats", "rats"),
        ("The Rats won.", "rats", "Rats"),
        ("He claims a claim.", "claim", "claim"),
        ("Rats ate the rats.", "rats", "rats"),
        ("A “so-called” mayor.", '"so-called"', "so-called"),
        ("They don’t care.", "don't", "don’t"),
        ("The left-wing press.", "wing", "wing"),
        ("Wing by left-wing.", "wing", "Wing"),
        ("🎉 The rats won.", " rats,", "rats"),
        ("It ran \n amok.", "ran amok", "ran \n amok"),
    ],
)
def test_a_phrase_that_stands_once_is_found(text: str, phrase: str, found: str) -> None:
    alignment = align(text, [phrase])
    assert [text[slice(*place)] for place in alignment.places] == [found]
    assert alignment.is_complete


def test_a_phrase_in_several_places_or_none_is_counted_and_not_placed() -> None:
    alignment = align("The rats saw the rats.", ["rats", "mice", "saw"])
    assert alignment.places == ((9, 12),)
    assert (alignment.n_found, alignment.n_ambiguous, alignment.n_absent) == (1, 1, 1)
    assert not alignment.is_complete


def test_a_part_of_a_word_is_not_the_word() -> None:
    assert align("Democrats won.", ["rats"]).n_absent == 1


def test_words_with_white_space_between_them_are_one_span() -> None:
    text = "What the hell, rats, hell-bent rodents."
    places = align(text, ["What", "the", "rats", "rodents", "hell-bent"]).places
    assert [text[slice(*place)] for place in places] == ["What the", "rats", "hell-bent rodents"]


def test_places_that_overlap_are_one() -> None:
    assert list(joined("abcdef", [(0, 3), (1, 2), (2, 4), (5, 6)])) == [(0, 4), (5, 6)]


@given(words=WORDS, at=st.integers(0, 20), gap=st.sampled_from([" ", ", ", "\n"]))
def test_what_is_found_is_what_was_named(words: list[str], at: int, gap: str) -> None:
    text, word = gap.join(words), words[at % len(words)]
    alignment = align(text, [word])
    is_single = words.count(word) == 1
    assert (alignment.n_found, alignment.n_ambiguous, alignment.n_absent) == (is_single, not is_single, 0)
    assert [text[slice(*place)] for place in alignment.places] == [word.strip("“”")] * is_single
