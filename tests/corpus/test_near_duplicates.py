"""Near-duplicates are found by an estimate that is close to their true similarity."""

import random

import pytest

from annotate.corpus.duplicates import Seen
from annotate.corpus.near_duplicates import similarity, sketch

WORDS = [f"word{number}" for number in range(3000)]
STORY = " ".join(random.Random(0).choices(WORDS, k=600))
# Of 64 hashes and a sample of the shingles: four standard deviations of the estimate.
ERROR = 0.25


def shingles(text: str) -> set[str]:
    return {text[at : at + 20] for at in range(len(text) - 19)}


@pytest.mark.parametrize("share", [1.0, 0.9, 0.7, 0.4])
def test_the_estimate_is_near_the_true_similarity(share: float) -> None:
    other = STORY[: int(len(STORY) * share)] + " ".join(random.Random(1).choices(WORDS, k=int(600 * (1 - share))))
    true = len(shingles(STORY) & shingles(other)) / len(shingles(STORY) | shingles(other))
    one, two = sketch(STORY), sketch(other)
    assert one is not None
    assert two is not None
    assert similarity(one, two) == pytest.approx(true, abs=ERROR if share < 1 else 0)


def test_case_and_white_space_do_not_count() -> None:
    assert sketch(STORY) == sketch(STORY.upper().replace(" ", "\n\n"))


def test_a_text_too_short_to_compare_has_no_sketch() -> None:
    assert sketch("") is None
    assert sketch("Two words.") is None


def test_a_rewritten_story_is_found_among_others() -> None:
    with Seen() as seen:
        for number in range(50):
            sketched = sketch(" ".join(random.Random(number).choices(WORDS, k=400)))
            assert sketched is not None
            assert seen.near(sketched) is None
            seen.note_sketch(f"{number}.txt", sketched)
        edited = sketch("Breaking: " + " ".join(random.Random(7).choices(WORDS, k=400)[:-20]))
        assert edited is not None
        near = seen.near(edited)
        assert near is not None
        assert near.name == "7.txt"
