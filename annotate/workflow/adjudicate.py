"""`annot adjudicate`: one answer a sentence, by votes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotate.config import Workspace
from annotate.corpus.store import read_records, write_records
from annotate.quality.estimation import Method, adjudicate
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema
from annotate.wording import counted
from annotate.workflow.labels import read_answers


@dataclass(frozen=True)
class Adjudicated:
    """The answers that stand, where they lie, and whether that changed the file; ``method`` is what was asked for."""

    gold: Sequence[Gold]
    method: Method
    path: Path
    changed: bool

    @property
    def disputed(self) -> Sequence[Gold]:
        """The sentences that people must decide about."""
        return [gold for gold in self.gold if gold.disputed]

    @property
    def by_majority(self) -> Sequence[str]:
        """The questions that went by majority, though another method was asked for."""
        decided = {(name, who) for gold in self.gold for name, who in gold.decided_by.items()}
        estimated = {name for name, who in decided if who == self.method}
        return sorted({name for name, who in decided if who == "majority"} - estimated)

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        n_by_people = sum(bool(gold.decisions) for gold in self.gold)
        told = f"{counted(len(self.gold), 'sentence')}, {n_by_people} decided by people, {len(self.disputed)} disputed"
        return f"{told}: {self.path}{'' if self.changed else ', unchanged'}"


def adjudicate_labels(workspace: Workspace, labels: Sequence[Path] = (), method: Method = "majority") -> Adjudicated:
    """Write one answer a sentence into the workspace's gold file; what people decided there before stands.

    Raises:
        TrainingError: There are no labels.
        SourceError: A file is broken, or holds answers to other questions.
    """
    schema = LabelSchema.read(workspace.schema_file)
    voted = adjudicate(read_answers(workspace, labels, schema), schema, method)
    gold = _with_decisions(voted, _decided_before(workspace))
    return Adjudicated(gold, method, workspace.gold_file, write_records(workspace.gold_file, gold))


def _decided_before(workspace: Workspace) -> dict[str, Gold]:
    if not workspace.gold_file.is_file():
        return {}
    return {gold.uid: gold for gold in read_records(workspace.gold_file, Gold) if gold.decisions}


def _with_decisions(voted: Iterable[Gold], before: Mapping[str, Gold]) -> list[Gold]:
    """Return the votes with people's decisions over them, and decisions about sentences that have no votes any more."""
    gold = {each.uid: each for each in voted}
    for uid, old in before.items():
        gold[uid] = gold[uid].decided(old.decisions) if uid in gold else old
    return list(gold.values())
