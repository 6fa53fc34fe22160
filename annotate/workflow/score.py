"""`annot score`: texts to scores."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from annotate.annotation import Scores
from annotate.article import Citation, Sentence
from annotate.config import Workspace
from annotate.corpus.readers.extent import Extent
from annotate.corpus.segmentation import Document
from annotate.corpus.store import to_lines
from annotate.corpus.unfinished import Unfinished
from annotate.errors import ModelError
from annotate.inference.engine import Model, load_model
from annotate.inference.graphs import Engine
from annotate.models.exports import is_exported
from annotate.models.folder import WEIGHTS, is_folder
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.scoring.formats import csv_lines
from annotate.scoring.profile import Scored
from annotate.workflow.articles import Listeners
from annotate.workflow.locks import alone
from annotate.workflow.model import chosen_model

_TOLD_EVERY = 32  # sentences


def load_chosen(workspace: Workspace, progress: Progress = silent, engine: Engine | None = None) -> Model:
    """Load the model in use, or the one that the settings name, and export it if it is not exported.

    Raises:
        ModelError: There is none, or it cannot be used.
    """
    folder = chosen_model(workspace)
    if folder is None:
        raise ModelError(f"{workspace.models}: no model yet; make one with `annot train`, or `annot quickstart`")
    return load_exported(workspace, folder, progress, engine)


def load_exported(
    workspace: Workspace, folder: Path, progress: Progress = silent, engine: Engine | None = None
) -> Model:
    """Load a model of a folder, and export it if it is not exported."""
    schema = LabelSchema.read(workspace.schema_file)
    if is_folder(folder) and not is_exported(folder) and (folder / WEIGHTS).is_file():
        progress(f"{folder.name} has no export: exporting it")
        from annotate.learning.checkpoint import export_again

        with alone(workspace, "exporting", wait=True):
            export_again(folder, schema)
    return load_model(folder, schema, progress, engine)


def score_documents(model: Model, documents: Sequence[Document]) -> list[Scored]:
    """Score the sentences of documents, in order."""
    sentences = [sentence for document in documents for sentence in document.sentences]
    scores = iter(model(sentences))
    return [(document.article, [next(scores) for _ in document.sentences]) for document in documents]


@dataclass
class Run:
    """Documents on their way through a model, and how far they are; ``extent`` is about how much there is."""

    model: Model
    documents: Iterable[Document]
    extent: Extent | None = None
    listeners: Listeners = field(default_factory=Listeners)
    n_articles: int = field(default=0, init=False)
    n_sentences: int = field(default=0, init=False)
    _citations: deque[tuple[str, Citation]] = field(default_factory=deque, init=False)

    def lines(self) -> Iterator[str]:
        """Yield the scores of the documents' sentences as lines of JSON, while they are computed."""
        return to_lines(self._told(self.model.stream(self._sentences())))

    def csv_lines(self) -> Iterator[str]:
        """Yield the scores as lines of a table for spreadsheets, while they are computed; of none no header either."""
        scores = self._told(self.model.stream(self._sentences()))
        first = next(scores, None)
        if first is not None:
            yield from csv_lines(chain([first], scores), self.model.schema)

    def write(self, output: Path, *, resume: bool = False) -> None:
        """Write the lines to a file (see ``Unfinished``).

        Raises:
            StoreError: The disk is full, for example; what was written until then is kept.
        """
        with Unfinished(output, self.model.graph.digest, resume=resume) as file:
            if resume and not file.resumed:
                self.listeners.note(f"{output}: nothing to resume by this model: begun anew")
            try:
                new = file.after_those_written(self._sentences())
                file.write(to_lines(self._told(self.model.stream(new), file)))
                file.finish()
            except KeyboardInterrupt:
                self.listeners.note(f"{output}: stopped: {file.kept}")
                raise

    def _sentences(self) -> Iterator[Sentence]:
        for document in self.documents:
            self.n_articles += document.article is not None
            self.n_sentences += len(document.sentences)
            if document.article is not None:
                self._citations.append((document.article.id, document.article.citation))
            yield from document.sentences

    def _told(self, scores: Iterable[Scores], file: Unfinished | None = None) -> Iterator[Scores]:
        for number, score in enumerate(scores, start=1):
            yield self._cited(score)
            if number % _TOLD_EVERY == 0:
                total = self.extent and self.extent.in_sentences(self.n_articles, self.n_sentences)
                self.listeners.progress("Scoring", file.n_records if file else number, total)

    def _cited(self, score: Scores) -> Scores:
        """Add what is known of the article, and forget the articles before it."""
        ahead = (number for number, (name, _) in enumerate(self._citations) if name == score.article_id)
        place = next(ahead, None)
        if place is None:  # sentences that were read as such
            return score
        for _ in range(place):
            self._citations.popleft()
        return score.model_copy(update={"article": self._citations[0][1]})
