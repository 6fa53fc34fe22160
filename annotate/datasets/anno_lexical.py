"""Anno-lexical (Horych et al., 2025): news sentences that a majority of language models judged biased or not.

From https://huggingface.co/datasets/mediabiasgroup/anno-lexical. The repository is under MIT, the group's models are
under CC BY-NC 4.0. No person has seen the labels, so they are drafts.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from annotate.annotation import Annotation
from annotate.datasets.files import read_tables
from annotate.datasets.records import Annotator, Target, annotated, lone_sentence

_MODELS = Annotator("model:anno-lexical", "draft")
_VERDICTS = {"1": True, "0": False}


def read_anno_lexical(path: Path, target: Target, counts: Counter[str]) -> Iterator[Annotation]:
    """Yield the verdicts, which are on sentences and not on words; sentences of one outlet count as one article."""
    for table in read_tables(path):
        table.require("source_name")
        for row, biased in table.judged("text", "label", _VERDICTS, counts):
            sentence = lone_sentence(row.values["text"], f"anno-lexical {row.values['source_name']}")
            yield annotated(sentence, _MODELS, target.sentence(carries=biased))
