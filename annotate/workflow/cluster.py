"""`annot score --engine ray`: a corpus scored on many machines."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from annotate.annotation import Scores
from annotate.config import Workspace
from annotate.corpus.catalogue import Catalogue
from annotate.corpus.ingest import Reading
from annotate.corpus.readers.item import Note
from annotate.inference.cluster import Cluster, head, head_watched, leave
from annotate.inference.found import Found
from annotate.inference.job import Corpus, Job
from annotate.inference.places import check_empty
from annotate.models.sessions import CPU
from annotate.schema import LabelSchema
from annotate.workflow.articles import Listeners
from annotate.workflow.score import load_chosen

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True)
class ClusterRun:
    """A corpus on a cluster, with what a first pass found in it."""

    job: Job
    found: Found
    listeners: Listeners

    def lines(self) -> Iterator[str]:
        """Yield the scores as lines of JSON, in the order of the sources, and leave the cluster."""
        with _leaving(self.listeners.note):
            if not self.found.n_sentences:
                return
            for number, line in enumerate(self.job.lines(self.found), start=1):
                yield line
                self.listeners.progress("Scoring", number, self.found.n_sentences)

    def write_parquet(self, output: str) -> bool:
        """Let the workers write the scores to a folder as Parquet, and leave the cluster; return whether there are any.

        Raises:
            StoreError: The folder is not empty.
            AnnotError: The cluster cannot go on; files that were written until then are left in the folder.
        """
        check_empty(output)
        with _leaving(self.listeners.note):
            if self.found.n_sentences:
                self.listeners.progress(f"Scoring {self.found.n_sentences} sentences")
                self.job.write_parquet(self.found, output, partial(_columns, schema=self.job.model.schema))
        return self.found.n_sentences > 0


def score_on_cluster(
    workspace: Workspace, sources: Sequence[str], reading: Reading, cluster: Cluster, listeners: Listeners
) -> ClusterRun:
    """Join a cluster, and look through a corpus there, with the model in use.

    Raises:
        AnnotError: Ray is not installed or does not answer.
        ModelError: There is no model, or it cannot be used.
    """
    model = load_chosen(workspace, listeners.progress, cluster.engine_here)
    cluster.connect()
    if model.graph.note and cluster.engine.device.lower() == CPU:
        listeners.note(model.graph.note)
    with Catalogue(workspace.catalogue, writable=False) as catalogue:
        job = Job(Corpus(sources, reading, catalogue.packed()), model, cluster)
    listeners.progress("Reading articles")
    with _at_work(listeners.note):
        found = job.look(listeners.note)
    for problem in found.problems:
        listeners.problem(problem)
    return ClusterRun(job, found, listeners)


@contextmanager
def _at_work(note: Note) -> Iterator[None]:
    """Tell when the head is lost; what Ray prints meanwhile, such as of other lost machines, is no data."""
    with redirect_stdout(sys.stderr), head_watched(head(), note):
        yield


@contextmanager
def _leaving(note: Note) -> Iterator[None]:
    """Leave the cluster after use, before which Ray may still print."""
    with redirect_stdout(sys.stderr):
        try:
            with _at_work(note):
                yield
        finally:
            leave()


def _columns(scores: Sequence[Scores], schema: LabelSchema) -> "pyarrow.Table":
    from annotate.scoring.parquet import to_columns

    return to_columns([(None, list(scores))], schema)
