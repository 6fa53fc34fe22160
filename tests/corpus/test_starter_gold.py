"""Furniture and sentence boundaries agree with the starter labels of the seed articles."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from annotate.article import Article, Sentence
from annotate.corpus.ingest import documents_of
from annotate.corpus.segmentation import Document
from annotate.corpus.store import read_records
from annotate.datasets.starter import StarterRow

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "seed-labels" / "labels.jsonl"
MAJORITY = 2

pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the starter labels are not beside this checkout")


class Seed(NamedTuple):
    article: Article
    sentences: tuple[Sentence, ...]
    furniture: set[tuple[int, int]]
    running: set[tuple[int, int]]


def f1(found: int, wanted: int, both: int) -> float:
    return 2 * both / (found + wanted)


@cache
def seeds() -> list[Seed]:
    votes: dict[str, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for row in read_records(GOLD, StarterRow):
        votes[row.file][row.start, row.end] += row.furniture
    return [
        Seed(
            article,
            sentences,
            {stretch for stretch, count in votes[name].items() if count >= MAJORITY},
            {stretch for stretch, count in votes[name].items() if count < MAJORITY},
        )
        for name, article, sentences in _read()
    ]


def _read() -> Iterator[tuple[str, Article, tuple[Sentence, ...]]]:
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    for path, document in zip(paths, documents_of(paths), strict=True):
        assert isinstance(document, Document)
        assert document.article
        yield path.name, document.article, document.sentences


def _dropped(seed: Seed) -> set[tuple[int, int]]:
    """Return the stretches of which furniture covers more than half."""
    covered = {at for piece in seed.article.furniture for at in range(piece.start, piece.end)}
    stretches = seed.furniture | seed.running
    return {(a, b) for a, b in stretches if 2 * len(covered.intersection(range(a, b))) > b - a}


def test_furniture_is_told_from_running_text() -> None:
    dropped = [(_dropped(seed), seed.furniture) for seed in seeds()]
    found, wanted, both = (sum(map(len, sets)) for sets in zip(*((d, f, d & f) for d, f in dropped), strict=True))
    assert f1(found, wanted, both) >= 0.97


def test_sentences_end_where_those_of_the_labels_end() -> None:
    # Nine ends more than the labels have: a bullet made their splitter take several sentences for one.
    ends = [({s.end for s in seed.sentences}, {end for _, end in seed.running}) for seed in seeds()]
    found, wanted, both = (sum(map(len, sets)) for sets in zip(*((o, g, o & g) for o, g in ends), strict=True))
    assert f1(found, wanted, both) >= 0.98
