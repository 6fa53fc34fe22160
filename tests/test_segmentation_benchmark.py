"""The benchmark's own arithmetic, on examples made by hand."""

from pathlib import Path

import pytest

from benchmarks.segmentation.corpora import joined
from benchmarks.segmentation.measures import Counts, count, rates
from benchmarks.segmentation.splitters import ends_of, splitters


def test_f1_is_counted_over_all_texts() -> None:
    counts = count([({5, 9}, {5}), ({3}, {3, 7})])
    assert counts == Counts(found=3, wanted=3, both=2)
    assert [counts.precision, counts.recall, counts.f1] == pytest.approx([2 / 3] * 3)
    assert Counts(0, 0, 0).f1 == 1


def test_the_end_of_the_text_and_white_space_do_not_count() -> None:
    assert ends_of(lambda text: [9, len(text)], "He left. She stayed. ") == {8}


@pytest.mark.parametrize("name", splitters())
def test_every_splitter_finds_plain_sentences(name: str) -> None:
    assert ends_of(splitters()[name], "He left. She stayed.") == {8}


def test_rates_have_a_spread() -> None:
    measured = rates({"sorted": lambda text: sorted(text * 200)}, ["some text"] * 50, runs=3)["sorted"]
    assert 0 < measured.slowest <= measured.median <= measured.fastest


def test_joined_sentences_end_where_they_were_joined(tmp_path: Path) -> None:
    table = tmp_path / "data" / "babe" / "babe_train_dev.csv"
    table.parent.mkdir(parents=True)
    table.write_text("text,outlet\nOne left.,a\nTwo  left.,a\nThree.,b\n", "utf-8")
    assert joined(tmp_path) == {"BABE": [("One left. Two left.", {9}), ("Three.", set())]}
