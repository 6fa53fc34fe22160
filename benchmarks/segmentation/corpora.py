"""Texts to measure on, from the corpora beside the checkout; none of them is part of the project."""

import csv
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

GoldText = tuple[str, set[int]]
"""A text, and where sentences end inside it."""

_JOINED = 20


def articles(shared: Path) -> Mapping[str, list[str]]:
    """Return whole articles by corpus; a corpus that is not there is left out."""
    folders = {
        "PTC": sorted((shared / "data" / "ptc").glob("train-articles/*.txt"))[::4],
        "PolNeAR": sorted((shared / "data" / "polnear").glob("data/*/text/*.txt"))[::10],
        "seeds": sorted((Path(__file__).parents[2] / "seeds").glob("*.txt")),
    }
    return {name: [_read(path) for path in paths] for name, paths in folders.items() if paths}


def joined(shared: Path) -> Mapping[str, list[GoldText]]:
    """Return sentences of corpora of sentences, 20 of one source joined by spaces: there they end.

    Some of these sentences are several, and some have no full stop. Both count against every splitter alike.
    """
    tables = {
        "BABE": (shared / "data" / "babe" / "babe_train_dev.csv", ",", "text", "outlet"),
        "future-tense": (shared / "data" / "future-tense" / "future_dataset.csv", "|", "statement", "source"),
        "NewsSD": (shared / "data" / "newssd" / "train.csv", ",", "Sentence", "Solved conflict"),
    }
    return {name: list(_join(*table)) for name, table in tables.items() if table[0].is_file()}


def _join(path: Path, delimiter: str, text: str, source: str) -> Iterator[GoldText]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = sorted(csv.DictReader(file, delimiter=delimiter), key=lambda row: row[source])
    for _, group in groupby(rows, key=lambda row: row[source]):
        sentences = [" ".join(row[text].split()) for row in group]
        for at in range(0, len(sentences), _JOINED):
            yield _concatenate(sentences[at : at + _JOINED])


def _concatenate(sentences: list[str]) -> GoldText:
    ends = set()
    length = 0
    for sentence in sentences[:-1]:
        length += len(sentence) + 1
        ends.add(length - 1)
    return " ".join(sentences), ends


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
