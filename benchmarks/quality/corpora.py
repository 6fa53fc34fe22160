"""Public corpora as sentences of which one label is known, and what is held out of them."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from annotate.annotation import Annotation
from annotate.config import Settings, Workspace
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.workflow.datasets import Download, convert

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SCHEMA = LabelSchema.read(ROOT / "labeling_config.xml")
N_FOLDS = 5


class Corpus(NamedTuple):
    """A corpus: where it lies under the data folder, the label it answers, and an expression for its cue words."""

    name: str
    path: str
    label: str
    cue: str | None = None
    techniques: tuple[str, ...] = ()


# A sentence without a verb of saying is guessed to have no source.
_SAYING = (
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old)|according to|claim(?:s|ed)?|report(?:s|ed)?|ask(?:s|ed)|argue[sd]?|"
    r"writes?|wrote|tweeted|added|announced|believe[sd]?|think[s]?|thought)\b"
)
_MODAL = r"\b(?:will|won't|would|shall|may|might|could|going to|'ll)\b"
CORPORA = {
    corpus.name: corpus
    for corpus in (
        Corpus("babe", "babe/babe_train_dev.csv", "Loaded term"),
        Corpus("ptc", "ptc", "Loaded term"),
        Corpus("ptc-names", "ptc", "Loaded term", None, ("Loaded_Language", "Name_Calling,Labeling")),
        Corpus("polnear", "polnear/data/dev", "Unsourced claim", f"!{_SAYING}"),
        Corpus("future-tense", "future-tense/future_dataset.csv", "Prediction", _MODAL),
    )
}


class Split(NamedTuple):
    """What is learned from and what is held out."""

    train: Sequence[Annotation]
    test: Sequence[Annotation]


@cache
def load(name: str) -> tuple[Annotation, ...]:
    """Return a corpus's sentences, one answer each."""
    corpus = CORPORA[name]
    adapter = corpus.name.removesuffix("-names")
    workspace = Workspace(root=ROOT, settings=Settings())
    download = Download(adapter, DATA / corpus.path, corpus.label, corpus.techniques)
    return tuple(gold(convert(workspace, download).annotations, SCHEMA))


def splits(name: str, size: int | None, seed: int) -> Iterator[tuple[int, Split]]:
    """Yield folds of whole articles (of future-tense: sources), each with a random part of the rest to learn from.

    The folds are the same for every seed and size; without a size, all is learned from.
    """
    annotations = load(name)
    articles = sorted({annotation.article_id for annotation in annotations})
    Random(0).shuffle(articles)  # noqa: S311 - not for secrets
    fold_of = {article: number % N_FOLDS for number, article in enumerate(articles)}
    for fold in range(N_FOLDS):
        train = [each for each in annotations if fold_of[each.article_id] != fold]
        if size is not None:
            train = Random(1000 * seed + fold).sample(train, min(size, len(train)))  # noqa: S311 - not for secrets
        yield fold, Split(train, [each for each in annotations if fold_of[each.article_id] == fold])
