"""Sentences that are kept to measure models on, and that no model learns from unless told to."""

from collections.abc import Iterable

from annotate.article import Sentence
from annotate.config import Workspace
from annotate.corpus.store import read_records, write_records
from annotate.workflow.locks import alone


def read_test_set(workspace: Workspace) -> dict[str, Sentence]:
    """Return the sentences of the test set by uid; raises ``SourceError`` when its file is broken."""
    path = workspace.test_file
    return {sentence.uid: sentence for sentence in read_records(path, Sentence)} if path.is_file() else {}


def remember(workspace: Workspace, sentences: Iterable[Sentence]) -> None:
    """Add sentences to the test set, where they stay."""
    with alone(workspace, "test set"):
        known = read_test_set(workspace)
        new = {sentence.uid: sentence for sentence in sentences if sentence.uid not in known}
        if new:
            write_records(workspace.test_file, [*known.values(), *new.values()])
