"""Furniture and sentence boundaries agree with the starter labels of the seed articles."""

from pathlib import Path

import pytest

from benchmarks.segmentation.measures import count
from benchmarks.segmentation.starter import seeds

ROOT = Path(__file__).parents[2]
GOLD = ROOT.parent / "shared" / "seed-labels" / "labels.jsonl"

pytestmark = pytest.mark.skipif(not GOLD.exists(), reason="the starter labels are not beside this checkout")


def test_furniture_is_told_from_running_text() -> None:
    assert count((seed.dropped(), seed.furniture) for seed in seeds(ROOT / "seeds", GOLD)).f1 >= 0.99


def test_sentences_end_where_those_of_the_labels_end() -> None:
    # What differs, and who is right: benchmarks/segmentation/differences.toml.
    counts = count(seed.ends_without_bullets() for seed in seeds(ROOT / "seeds", GOLD))
    assert counts.f1 >= 0.98
    assert counts.recall == 1
