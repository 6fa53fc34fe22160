"""A file of answers to be measured: annotations, or the scores of a model."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from annotate.annotation import Annotation, Scores, WordScores
from annotate.config import Workspace
from annotate.corpus.store import read_records
from annotate.errors import SourceError
from annotate.models.scores import to_annotation
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.workflow.labels import read_labels


class Answers(NamedTuple):
    """One answer a sentence, and the probabilities behind it where there are any."""

    annotations: Sequence[Annotation]
    scores: Sequence[Scores] = ()


def read_guesses(workspace: Workspace, path: Path, schema: LabelSchema) -> Answers:
    """Read answers from a file of annotations, several annotators put together by majority, or of scores.

    Raises:
        SourceError: The file is broken, or answers other questions.
        TrainingError: It holds no annotations.
    """
    if not begins_with_scores(path):
        return Answers(gold(read_labels(workspace, [path], schema), schema))
    scores = list(read_records(path, WordScores))
    asked = {label.name for label in schema.labels}
    strange = next((score for score in scores if not score.labels.keys() <= asked), None)
    if strange is not None:
        raise SourceError(f"{path}: sentence {strange.uid}: scored for other labels than {', '.join(sorted(asked))}")
    return Answers([to_annotation(score, schema) for score in scores], scores)


def begins_with_scores(path: Path) -> bool:
    """Tell whether a file's first record is a sentence's scores; an unreadable file is reported when it is read."""
    try:
        if not path.is_file():
            return False
        with path.open(encoding="utf-8-sig") as lines:
            first = json.loads(next((line for line in lines if line.strip()), "null"))
    except (OSError, ValueError):
        return False
    return isinstance(first, dict) and "decided" in first
