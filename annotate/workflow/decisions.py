"""`annot adjudicate --push` and `--pull`: what votes leave open, decided by people in Label Studio."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from annotate.annotation import Annotation, by_sentence
from annotate.config import Workspace
from annotate.corpus.store import write_records
from annotate.progress import Progress, silent
from annotate.quality.adjudication import heard
from annotate.quality.agreement.disputes import in_words
from annotate.schema import LabelSchema
from annotate.studio.adjudication import Decisions, Disputed, pull_decisions, push_disputed
from annotate.workflow.adjudicate import Adjudicated
from annotate.workflow.labels import read_answers
from annotate.workflow.locks import alone
from annotate.workflow.studio import connected, project_title

_SUFFIX = "adjudication"


def push_disputes(
    workspace: Workspace, adjudicated: Adjudicated, labels: Sequence[Path] = (), progress: Progress = silent
) -> tuple[str, int]:
    """Bring what is disputed into a project of its own; return its address and how many sentences are new there."""
    schema = LabelSchema.read(workspace.schema_file)
    sentences = by_sentence(read_answers(workspace, labels, schema))
    votes = {uid: heard(given.values()) for uid, given in sentences.items()}
    disputed = [_to_disputed(votes[gold.uid], schema) for gold in adjudicated.disputed if gold.uid in votes]
    with alone(workspace, "push"), connected(workspace, progress) as studio:
        project, n_new = push_disputed(studio, project_title(workspace, _SUFFIX), schema, disputed)
        return f"{studio.url}/projects/{project.id}", n_new


def pull_into_gold(
    workspace: Workspace, adjudicated: Adjudicated, progress: Progress = silent
) -> tuple[Adjudicated, Decisions]:
    """Put what people decided into the gold file; return it with what was decided and what was left out."""
    schema = LabelSchema.read(workspace.schema_file)
    with connected(workspace, progress) as studio:
        found = pull_decisions(studio, project_title(workspace, _SUFFIX), schema)
    by_uid = {decision.uid: decision for decision in found.decided}
    gold = [each.decided([by_uid[each.uid]]) if each.uid in by_uid else each for each in adjudicated.gold]
    changed = write_records(workspace.gold_file, gold) or adjudicated.changed
    return replace(adjudicated, gold=gold, changed=changed), found


def _to_disputed(given: Sequence[Annotation], schema: LabelSchema) -> Disputed:
    return Disputed(
        sentence=given[0].sentence,
        in_words={each.annotator: "; ".join(in_words(each, schema).values()) for each in given},
        answers={each.annotator: each.answers for each in given if each.answers},
    )
