"""Public corpora as sentences of which one label is known, and what is held out of them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from annotate.annotation import Annotation
from annotate.config import Settings, Workspace
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.words import folded
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
    options: Mapping[str, object] = MappingProxyType({})
    adapter: str | None = None


# A sentence without a verb of saying is guessed to have no source.
_SAYING = (
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|ells|old)|according to|claim(?:s|ed)?|report(?:s|ed)?|ask(?:s|ed)|argue[sd]?|"
    r"writes?|wrote|tweeted|added|announced|believe[sd]?|think[s]?|thought)\b"
)
_WITH_NAMES = ("Loaded_Language", "Name_Calling,Labeling")
_ATTRIBUTED = {"attributed": True}  # so that what carries the label has an attribution without a source
_MODAL = r"\b(?:will|won't|would|shall|may|might|could|going to|'ll)\b"
CORPORA = {
    corpus.name: corpus
    for corpus in (
        Corpus("babe", "babe/babe_train_dev.csv", "Loaded term"),
        Corpus("ptc", "ptc", "Loaded term"),
        Corpus("ptc-names", "ptc", "Loaded term", None, {"techniques": _WITH_NAMES}, "ptc"),
        Corpus("polnear", "polnear/data/dev", "Unsourced claim", f"!{_SAYING}"),
        Corpus("polnear-train", "polnear/data/train", "Unsourced claim", f"!{_SAYING}", {}, "polnear"),
        Corpus("polnear-attributed", "polnear/data/dev", "Unsourced claim", f"!{_SAYING}", _ATTRIBUTED, "polnear"),
        Corpus("future-tense", "future-tense/future_dataset.csv", "Prediction", _MODAL),
    )
}


# What a name's ending adds to learn from: all four, or one for each label.
TOGETHER = {"+": ("babe", "ptc", "polnear", "future-tense"), "+3": ("babe", "polnear", "future-tense")}


class Split(NamedTuple):
    """What is learned from and what is held out."""

    train: Sequence[Annotation]
    test: Sequence[Annotation]

    @property
    def digest(self) -> str:
        """What tells a split from others: the start of a digest of its sentences."""
        uids = ("\n".join(each.uid for each in part) for part in self)
        return sha256("\n\n".join(uids).encode()).hexdigest()[:12]


@cache
def load(name: str) -> tuple[Annotation, ...]:
    """Return a corpus's sentences, one answer each."""
    corpus = CORPORA[name]
    workspace = Workspace(root=ROOT, settings=Settings())
    download = Download(corpus.adapter or name, DATA / corpus.path, corpus.label, corpus.options)
    return tuple(gold(convert(workspace, download).annotations, SCHEMA))


def corpus_of(name: str) -> Corpus:
    """Return the corpus that is judged (see ``splits``)."""
    return CORPORA[name.rpartition(">")[2].partition("+")[0]]


def splits(name: str, size: int | None, seed: int) -> Iterator[tuple[int, Split]]:
    """Yield folds of whole articles (of future-tense: sources), each with a random part of the rest to learn from.

    The folds are the same for every seed and size; without a size, all is learned from. "polnear+" learns from the
    rest of all four corpora, "polnear+3" from one for each label, and "babe>ptc" from all of one to judge all of
    another. What stands in what is held out of a corpus that is learned from is left out: of PTC, one line in sixteen.
    """
    source, crosses, judged = name.rpartition(">")
    if crosses:
        yield 0, Split(_some(_apart(load(source), load(judged)), size, seed), load(judged))
        return
    mine, plus, several = name.partition("+")
    learned = TOGETHER[plus + several] if plus else (name,)
    for fold in range(N_FOLDS):
        rest = [each for corpus in learned for each in load(corpus) if _folds(corpus)[each.article_id] != fold]
        held = [each for corpus in learned for each in _held(corpus, fold)]
        yield fold, Split(_some(_apart(rest, held), size, 1000 * seed + fold), _held(mine, fold))


def _held(name: str, fold: int) -> Sequence[Annotation]:
    return [each for each in load(name) if _folds(name)[each.article_id] == fold]


@cache
def _folds(name: str) -> Mapping[str, int]:
    articles = sorted({annotation.article_id for annotation in load(name)})
    Random(0).shuffle(articles)  # noqa: S311 - not for secrets
    return {article: number % N_FOLDS for number, article in enumerate(articles)}


def _apart(train: Sequence[Annotation], test: Sequence[Annotation]) -> Sequence[Annotation]:
    held = {folded(each.text) for each in test}
    return [each for each in train if folded(each.text) not in held]


def _some(annotations: Sequence[Annotation], size: int | None, seed: int) -> Sequence[Annotation]:
    if size is None:
        return annotations
    return Random(seed).sample(annotations, min(size, len(annotations)))  # noqa: S311 - not for secrets
