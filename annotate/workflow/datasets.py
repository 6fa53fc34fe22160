"""Public corpora, as a user has downloaded them, turned into annotations."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.datasets.anno_lexical import read_anno_lexical
from annotate.datasets.babe import read_babe
from annotate.datasets.future_tense import read_future_tense
from annotate.datasets.newssd import read_newssd
from annotate.datasets.polnear import read_polnear
from annotate.datasets.ptc import read_ptc
from annotate.datasets.records import Codebook, Target, find_target, without_repetitions
from annotate.errors import SourceError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.wording import counted

Adapter = Callable[..., Iterator[Annotation]]  # of a path, a target, counts, and options of the corpus

_CODEBOOK = Codebook()
_CORPORA: Mapping[str, tuple[Adapter, str]] = {
    "babe": (read_babe, _CODEBOOK.loaded),
    "ptc": (read_ptc, _CODEBOOK.loaded),
    "polnear": (read_polnear, _CODEBOOK.unsourced),
    "future-tense": (read_future_tense, _CODEBOOK.prediction),
    "anno-lexical": (read_anno_lexical, _CODEBOOK.loaded),
    "newssd": (read_newssd, _CODEBOOK.unsourced),
}


class Download(NamedTuple):
    """A corpus where a user has put it, and how it is to be read.

    ``label`` is the one that it answers, unless given that of the codebook; ``options`` are what its adapter may be
    told beside, such as ``techniques`` of PTC.
    """

    corpus: str
    path: Path
    label: str | None = None
    options: Mapping[str, object] = MappingProxyType({})


class Converted(NamedTuple):
    """A corpus as annotations, the label it answers, and how often what happened on the way."""

    annotations: Sequence[Annotation]
    target: Target
    counts: Mapping[str, int]

    @property
    def summary(self) -> list[str]:
        """What a person may want to know of it, line by line."""
        question, label = self.target
        n_sentences, n_articles, n_annotators = (
            len({getattr(annotation, field) for annotation in self.annotations})
            for field in ("uid", "article_id", "annotator")
        )
        said = Counter(annotation.says(question, label) for annotation in self.annotations)
        n_spans = sum(len(annotation.answers.get(question.name, ())) for annotation in self.annotations)
        placed = f", with {counted(n_spans, 'span')}" if question.kind == "spans" else ""
        return [
            f"{counted(len(self.annotations), 'annotation')} by {counted(n_annotators, 'annotator')}: "
            f"{counted(n_sentences, 'sentence')} in {counted(n_articles, 'article')}",
            f"{label}: {said[True]} carry it{placed}, {said[False]} do not",
            *(f"{what}: {count}" for what, count in self.counts.items() if count),
        ]


def convert(workspace: Workspace, download: Download, progress: Progress = silent) -> Converted:
    """Turn a corpus into annotations that answer one label of the workspace's labeling configuration.

    Raises:
        ConfigError: There is no such label.
        SourceError: The path does not hold this corpus.
    """
    adapter, usual = _CORPORA[download.corpus]
    target = find_target(LabelSchema.read(workspace.schema_file), download.label or usual)
    counts: Counter[str] = Counter()
    annotations = without_repetitions(
        _told(adapter(download.path, target, counts, **download.options), progress), counts
    )
    if not annotations:
        raise SourceError(f"{download.path}: no labelled sentence in it; check that it is {download.corpus}")
    named = [annotation.model_copy(update={"corpus": download.corpus}) for annotation in annotations]
    return Converted(named, target, counts)


def _told(annotations: Iterator[Annotation], progress: Progress) -> Iterator[Annotation]:
    for number, annotation in enumerate(annotations, start=1):
        progress("reading the corpus", done=number)
        yield annotation
