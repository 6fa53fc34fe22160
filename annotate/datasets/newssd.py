"""NewsSD-ENG (Antici et al., 2024): news sentences that are subjective or objective.

From https://github.com/nlp-unibo/newssd-eng, under CC BY 4.0. It tells opinions from the rest: what is an opinion is no
claim that a source could settle. An objective sentence may be a claim or not and with a source or without, so it is
left out.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotate.annotation import Annotation
from annotate.datasets.files import read_tables
from annotate.datasets.records import GOLD, Target, annotated, lone_sentence

_SUBJECTIVE = {"subj": True, "obj": False}


def read_newssd(path: Path, target: Target, counts: Counter[str]) -> Iterator[Annotation]:
    """Yield the subjective sentences, as ones that do not carry the label."""
    for table in read_tables(path):
        for row, subjective in table.judged("Sentence", "Label", _SUBJECTIVE, counts):
            if subjective:
                text = row.values["Sentence"]
                yield annotated(lone_sentence(text, f"newssd {text.strip()}"), GOLD, target.sentence(carries=False))
            else:
                counts["objective sentences left out"] += 1
