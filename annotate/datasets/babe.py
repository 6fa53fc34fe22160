"""BABE (Spinde et al., 2021): news sentences that experts judged biased or not, with the words that made them so.

From https://github.com/Media-Bias-Group/Neural-Media-Bias-Detection-Using-Distant-Supervision-With-BABE and
https://huggingface.co/datasets/mediabiasgroup/BABE. The repository is under AGPL-3.0, the group's models are under
CC BY-NC 4.0. The words come without their places, so they are aligned.
"""

import re
from ast import literal_eval
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.datasets.alignment import align
from annotate.datasets.files import Row, read_tables
from annotate.datasets.records import GOLD, Annotator, Said, Target, annotated, lone_sentence
from annotate.errors import SourceError

_ANNOTATOR = "annotator_id"
_VERDICTS = {"1": True, "biased": True, "biased, unfair": True, "0": False, "non-biased": False}

_STRING = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
# As Python writes lists, and NumPy arrays: without commas.
_LIST = re.compile(rf"\[\s*(?:{_STRING}(?:(?:\s*,\s*|\s+){_STRING})*)?\s*\]")


def read_babe(path: Path, target: Target, counts: Counter[str]) -> Iterator[Annotation]:
    """Yield the experts' common verdicts, or those of each annotator where the table tells them apart.

    Where each of the words that made a sentence biased is found exactly once, the label stands at these places.
    Elsewhere the verdict on the sentence is all that is said.
    """
    tables = list(read_tables(path))
    if len({_ANNOTATOR in table.columns for table in tables}) > 1:
        raise SourceError(f"{path}: holds common verdicts and those of each annotator; name one of its files")
    for table in tables:
        table.require("news_link", "biased_words")
        verdict = "label" if "label" in table.columns else "label_bias"
        for row, biased in table.judged("text", verdict, _VERDICTS, counts):
            sentence = lone_sentence(row.values["text"], f"babe {row.values['news_link'] or row.values['text']}")
            yield annotated(sentence, _annotator(row), _said(sentence, row, target, biased=biased, counts=counts))


def _annotator(row: Row) -> Annotator:
    return Annotator(f"user:babe-{row.values[_ANNOTATOR]}") if _ANNOTATOR in row.values else GOLD


def _said(sentence: Sentence, row: Row, target: Target, *, biased: bool, counts: Counter[str]) -> Said:
    words = _words(row)
    if words is None or bool(words) != biased:
        counts["sentences whose words are not given, or at odds with the verdict"] += 1
        return target.sentence(carries=biased)
    found = align(sentence.text, words)
    counts["words found in one place"] += found.n_found
    counts["words found in several places"] += found.n_ambiguous
    counts["words found nowhere"] += found.n_absent
    if found.is_complete and bool(found.places) == biased:
        return target.spans(found.places)
    counts["sentences with a word found in several places or nowhere"] += 1
    return target.sentence(carries=biased)


def _words(row: Row) -> list[str] | None:
    """Return the words that made the sentence biased; ``None`` where the table does not tell."""
    listed = row.values["biased_words"].strip()
    if _ANNOTATOR in row.values and not listed.startswith("["):
        return [word for word in listed.split(",") if word.strip()]
    if not listed:
        return None
    try:
        return [literal_eval(word) for word in _literals(listed)]
    except (ValueError, SyntaxError) as error:
        raise SourceError(f"{row.place}: biased_words is no list of words; download the file again") from error


def _literals(listed: str) -> list[str]:
    if not _LIST.fullmatch(listed):
        raise ValueError(listed)
    return re.findall(_STRING, listed)
