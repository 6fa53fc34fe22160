"""`annot ledger push` and `pull`: predictions to people, and their verdicts back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from annotate.config import Workspace
from annotate.errors import StudioError
from annotate.ledger.entry import Entry
from annotate.progress import Progress, silent
from annotate.studio.ledger import LedgerPushed, open_ledger, pull_entries, push_entries
from annotate.studio.ledger_config import LedgerConfig
from annotate.studio.local import LocalStudio
from annotate.wording import counted
from annotate.workflow.locks import alone
from annotate.workflow.studio import connected
from annotate.workflow.verdicts import keep_verdicts, latest

_SUFFIX = " ledger"
_LONGEST = 50  # characters of a project's title
_INSTRUCTION = (
    "<p>Find out what came of each prediction, and say where that can be read. Judge the sentence as it stands, by what"
    " it says would happen. Predictions whose last day has passed come first.</p>"
)


@dataclass(frozen=True)
class VerdictsPulled:
    """What was pulled, where it lies, whether the file changed, and where the old one lies if it held more."""

    judged: Sequence[Entry]
    problems: Sequence[str]
    path: Path
    changed: bool
    kept: Path | None

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        where = self.path if self.changed else f"{self.path}, unchanged"
        return f"{counted(len(self.judged), 'verdict')} on {counted(len(latest(self.judged)), 'prediction')}: {where}"

    @property
    def n_differing(self) -> int:
        """How many predictions people judged differently."""
        outcomes: dict[str, set[str]] = {}
        for entry in self.judged:
            outcomes.setdefault(entry.uid, set()).add(entry.verdict.outcome if entry.verdict else "")
        return sum(len(each) > 1 for each in outcomes.values())

    def due_again(self, today: date) -> list[Entry]:
        """Return what was judged too early to tell, and is due by now."""
        return [entry for entry in latest(self.judged) if entry.at(today).overdue]


def push_ledger(
    workspace: Workspace, entries: Sequence[Entry], progress: Progress = silent
) -> tuple[str, LedgerPushed]:
    """Bring predictions into the workspace's second project; return its address and what was done.

    It is called like the workspace's project, with " ledger" behind it.
    """
    config = LedgerConfig.read(workspace.ledger_file)
    with connected(workspace, progress) as studio, alone(workspace, "push"):
        project = open_ledger(studio, _title(workspace), config, _INSTRUCTION, progress)
        pushed = push_entries(studio, project, entries, progress)
        return f"{studio.url}/projects/{project.id}", pushed


def pull_ledger(workspace: Workspace, output: Path | None = None, progress: Progress = silent) -> VerdictsPulled:
    """Bring people's verdicts into a file; one that holds verdicts which the server no longer has is kept beside it."""
    config = LedgerConfig.read(workspace.ledger_file)
    if workspace.settings.url is None and not LocalStudio(workspace.studio).exists:
        raise StudioError(f"{workspace.root}: nothing was pushed from here yet; begin with `annot ledger push SOURCE`")
    with connected(workspace, progress) as studio:
        found = pull_entries(studio, _title(workspace), config, progress)
    path = output or workspace.verdicts_file
    changed, kept = keep_verdicts(path, found.entries)
    return VerdictsPulled(found.entries, found.problems, path, changed, kept)


def _title(workspace: Workspace) -> str:
    return workspace.settings.project[: _LONGEST - len(_SUFFIX)] + _SUFFIX
