"""future-tense (2022): sentences from speeches and news that say something about the future, or do not.

From https://github.com/4-t-r/the-future-tense; no licence is stated. It counts promises and plans as statements about
the future, which the codebook does not count as predictions.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotate.annotation import Annotation
from annotate.datasets.files import read_tables
from annotate.datasets.records import GOLD, Target, annotated, lone_sentence

_ANSWERS = {"yes": True, "no": False}


def read_future_tense(path: Path, target: Target, counts: Counter[str]) -> Iterator[Annotation]:
    """Yield the sentences; those of one source, the unnamed one included, count as one article."""
    for table in read_tables(path):
        table.require("source")
        for row, future in table.judged("statement", "future", _ANSWERS, counts):
            sentence = lone_sentence(row.values["statement"], f"future-tense {row.values['source'].strip()}")
            yield annotated(sentence, GOLD, target.sentence(carries=future))
