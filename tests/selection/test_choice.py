"""What is chosen: no sentence twice, as many as are wanted, the same by the same seed, and none of the test set."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.article import Sentence, sentence_uid
from annotate.quality.bootstrap import Floats
from annotate.schema import LabelSchema
from annotate.selection.choice import Candidates, Wanted, choose, label_weights, worth_of
from annotate.selection.diversity import NEAR, spread, text_vectors
from annotate.studio.draw import lot


def sentence(text: str) -> Sentence:
    end = len(text)
    uid = sentence_uid("a", 0, end, text)
    return Sentence(uid=uid, article_id="a", start=0, end=end, text=text, paragraph=1, section="body")


def candidates(n: int, seed: int = 0, n_labels: int = 3) -> Candidates:
    random = np.random.default_rng(seed)
    texts = [f"Sentence number {number} of {seed}." for number in range(n)]
    sentences = [
        Sentence(
            uid=sentence_uid("a", 0, len(t), t),
            article_id="a",
            start=0,
            end=len(t),
            text=t,
            paragraph=1,
            section="body",
        )
        for t in texts
    ]
    vectors = random.normal(size=(n, 8))
    lots = [lot(sentence.uid, "test") for sentence in sentences]
    return Candidates(sentences, random.random((n, n_labels)), lots, lambda rows: vectors[rows])


def even(n_labels: int = 3) -> Floats:
    return np.full(n_labels, 1 / n_labels)


@settings(deadline=None, max_examples=20)
@given(n_there=st.integers(0, 80), n=st.integers(1, 30), test=st.sampled_from([0, 0.1, 0.5, 1]), seed=st.integers(0, 5))
def test_as_many_as_are_wanted_none_twice_and_the_same_again(
    n_there: int, n: int, test: float, seed: int, schema: LabelSchema
) -> None:
    pool, wanted = candidates(n_there, seed), Wanted(n, test, seed)
    chosen = choose(pool, even(), schema, wanted)
    assert chosen == choose(pool, even(), schema, wanted)
    uids = [each.uid for each in chosen]
    assert len(set(uids)) == len(uids)
    drawn = {s.uid for s, number in zip(pool.sentences, pool.lots, strict=True) if number < test}
    assert {each.uid for each in chosen if each.test} == {each.uid for each in chosen} & drawn
    n_learned = min(n - min(wanted.n_test, len(drawn)), n_there - len(drawn))
    assert len(chosen) == n_learned + min(len(drawn), n - n_learned)


def test_the_test_set_is_drawn_by_lot_whatever_the_model_doubts(schema: LabelSchema) -> None:
    pool = candidates(400)
    other = Candidates(pool.sentences, 1 - pool.doubts, pool.lots, pool.vectors)
    first, second = (choose(p, even(), schema, Wanted(50)) for p in (pool, other))
    tests = [each.uid for each in first if each.test]
    assert len(tests) == 5
    assert tests == [each.uid for each in second if each.test]
    lots = dict(zip((s.uid for s in pool.sentences), pool.lots, strict=True))
    reserved = sorted(number for number in pool.lots if number < 0.1)
    assert [lots[uid] for uid in tests] == reserved[:5]
    assert {each.uid for each in first if not each.test} != {each.uid for each in second if not each.test}


def test_the_test_set_is_spread_over_the_order(schema: LabelSchema) -> None:
    places = [place for place, each in enumerate(choose(candidates(400), even(), schema, Wanted(50))) if each.test]
    assert places == [5, 15, 25, 35, 45]


def test_what_is_doubted_most_is_chosen(schema: LabelSchema) -> None:
    pool = candidates(200)
    chosen = choose(pool, even(), schema, Wanted(10, test=0))
    worth = dict(zip((s.uid for s in pool.sentences), worth_of(pool.doubts, even()), strict=True))
    shortlist = sorted(worth, key=worth.__getitem__, reverse=True)[:50]
    assert {each.uid for each in chosen} <= set(shortlist)
    assert [worth[each.uid] for each in chosen] == sorted((worth[each.uid] for each in chosen), reverse=True)


def test_a_rare_label_weighs_more(schema: LabelSchema) -> None:
    weights = label_weights({"Loaded term": 200, "Prediction": 4}, schema)
    assert weights.sum() == pytest.approx(1)
    loaded, unsourced, prediction = weights
    assert loaded < prediction < unsourced


def test_worth_is_the_doubt_about_all_labels_by_their_weight() -> None:
    assert worth_of(np.array([[1, 0], [0.5, 0.5], [0, 0]]), np.array([0.75, 0.25])).tolist() == [0.75, 0.5, 0]


def alike(vectors: Floats, rows: Sequence[int]) -> int:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    close = units[rows] @ units[rows].T >= NEAR
    return int(np.triu(close, 1).sum())


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 1000), n=st.integers(1, 10), n_copies=st.integers(1, 8))
def test_of_near_equal_sentences_one_is_taken(seed: int, n: int, n_copies: int) -> None:
    random = np.random.default_rng(seed)
    topics = np.eye(12) * 10
    vectors = np.repeat(topics, n_copies, axis=0) + random.normal(scale=0.05, size=(12 * n_copies, 12))
    rows = spread(vectors, random.random(len(vectors)), n, seed)
    assert len(set(rows)) == n
    assert alike(vectors, rows) == 0


def test_near_equal_sentences_are_taken_where_there_is_nothing_else() -> None:
    assert len(set(spread(np.ones((5, 3)), np.arange(5) / 5, 4))) == 4


def test_texts_are_near_by_the_words_they_share() -> None:
    old, same, other = text_vectors(
        ["The old harbour was sold.", "The old harbour was sold!", "Bread costs two euros."]
    )
    assert old @ same >= NEAR > 0.1 > old @ other
