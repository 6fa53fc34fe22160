"""`annot ledger push` and `pull`: predictions to people, and their verdicts back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from annotate.config import Workspace
from annotate.corpus.store import Replaced
from annotate.ledger.entry import Entry
from annotate.progress import Progress, silent
from annotate.studio.ledger import open_ledger, pull_entries, refuse_other
from annotate.studio.ledger_config import LedgerConfig
from annotate.studio.ledger_push import (
    LedgerDifference,
    LedgerPushed,
    Predictions,
    compare_entries,
    look_at,
    push_entries,
)
from annotate.wording import counted
from annotate.workflow.locks import alone
from annotate.workflow.studio import connected, has_studio, project_title, refuse_without_project
from annotate.workflow.verdicts import latest, replace_verdicts

_SUFFIX = "ledger"
_INSTRUCTION = (
    "<p>Find out what came of each prediction, and say where that can be read. Judge the sentence as it stands, by what"
    " it says would happen. Predictions whose last day has passed come first.</p>"
)


@dataclass(frozen=True)
class VerdictsPulled:
    """What was pulled, what was left out, and what became of the file of verdicts."""

    judged: Sequence[Entry]
    problems: Sequence[str]
    file: Replaced

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        n_verdicts, n_predictions = len(self.judged), len(latest(self.judged))
        return f"{counted(n_verdicts, 'verdict')} on {counted(n_predictions, 'prediction')}: {self.file.where}"

    @property
    def n_differing(self) -> int:
        """How many predictions people judged differently; who found it too early to tell only waits."""
        outcomes: dict[str, set[str]] = {}
        for entry in self.judged:
            if entry.verdict and entry.verdict.outcome != "too early":
                outcomes.setdefault(entry.uid, set()).add(entry.verdict.outcome)
        return sum(len(each) > 1 for each in outcomes.values())

    def due_again(self, today: date) -> list[Entry]:
        """Return what was judged too early to tell, and is due by now."""
        return [entry for entry in latest(self.judged) if entry.at(today).overdue]


def push_ledger(
    workspace: Workspace, wanted: Predictions, progress: Progress = silent, *, dry_run: bool = False
) -> tuple[str | None, LedgerPushed]:
    """Bring predictions into the workspace's second project; return its address and what was done.

    It is called like the workspace's project, with " ledger" behind it. A dry run only compares, and returns no
    address.
    """
    config = LedgerConfig.read(workspace.ledger_file)
    if dry_run:
        return None, LedgerPushed(_preview(workspace, wanted, progress))
    with connected(workspace, progress) as studio, alone(workspace, "push"):
        project = open_ledger(studio, project_title(workspace, _SUFFIX), config, _INSTRUCTION, progress)
        pushed = push_entries(studio, project, wanted, progress)
        return f"{studio.url}/projects/{project.id}", pushed


def pull_ledger(workspace: Workspace, output: Path | None = None, progress: Progress = silent) -> VerdictsPulled:
    """Bring people's verdicts into a file; one that holds verdicts which the server no longer has is kept beside it."""
    config = LedgerConfig.read(workspace.ledger_file)
    refuse_without_project(workspace, "annot ledger push")
    with connected(workspace, progress) as studio:
        found = pull_entries(studio, project_title(workspace, _SUFFIX), config, progress)
    return VerdictsPulled(
        found.entries, found.problems, replace_verdicts(output or workspace.verdicts_file, found.entries)
    )


def _preview(workspace: Workspace, wanted: Predictions, progress: Progress) -> LedgerDifference:
    """Find what a push would do, without sending anything."""
    if not has_studio(workspace):
        return compare_entries(wanted, ())
    with connected(workspace, progress) as studio:
        project = studio.find_project(project_title(workspace, _SUFFIX))
        if project is None:
            return compare_entries(wanted, ())
        refuse_other(studio, project)
        return look_at(studio, project, wanted)
