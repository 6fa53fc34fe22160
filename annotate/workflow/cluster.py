"""`annot score --engine ray`: a corpus scored on many machines."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass

from annotate.corpus.ingest import Reading
from annotate.inference.cluster import Cluster, Found, Job
from annotate.inference.engine import Model
from annotate.workflow.articles import Listeners


@dataclass(frozen=True)
class ClusterRun:
    """A corpus on a cluster, with what a first pass found in it."""

    job: Job
    found: Found
    listeners: Listeners

    def lines(self) -> Iterator[str]:
        """Yield the scores as lines of JSON, in the order of the sources."""
        if not self.found.n_sentences:
            return
        # Ray prints what it has to say of lost machines, which is no data.
        with redirect_stdout(sys.stderr):
            for number, line in enumerate(self.job.lines(self.found), start=1):
                yield line
                self.listeners.progress("Scoring", number, self.found.n_sentences)

    def write_parquet(self, output: str) -> bool:
        """Let the workers write the scores to a folder as Parquet; return whether there are any."""
        if self.found.n_sentences:
            self.listeners.progress(f"Scoring {self.found.n_sentences} sentences")
            self.job.write_parquet(self.found, output)
        return self.found.n_sentences > 0


def score_on_cluster(
    model: Model, sources: Sequence[str], reading: Reading, cluster: Cluster, listeners: Listeners
) -> ClusterRun:
    """Join a cluster, and look through a corpus there.

    Raises:
        AnnotError: Ray is not installed or does not answer.
        SourceError: There is nothing to read.
    """
    cluster.connect()
    job = Job(sources, reading, model, cluster)
    listeners.progress("Reading articles")
    found = job.look()
    for problem in found.problems:
        listeners.problem(problem)
    return ClusterRun(job, found, listeners)
