"""What people answered, from Label Studio: all of it, or what has changed since it was last read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from annotate.errors import StudioError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.patience import Patience
from annotate.studio.project import refuse_other_questions
from annotate.studio.tasks import Answered, to_answered, to_stamp

_FORM = "1"  # of what is kept between pulls; another one makes the next pull a whole one
MARGIN = timedelta(hours=1)  # read again, for clocks are set and requests take their time


def find_answered_project(studio: Studio, title: str, schema: LabelSchema) -> Project:
    """Return the project to pull from.

    Raises:
        StudioError: There is no project of that title.
        ConfigError: It asks other questions than the schema.
    """
    project = studio.find_project(title)
    if project is None:
        raise StudioError(f"{studio.url}: no project named '{title}'; make it with `annot push SOURCE`")
    refuse_other_questions(project, schema)
    return project


def source_of(studio: Studio, project: Project, schema: LabelSchema) -> str:
    """Name what answers were read from: another project, server or set of questions has another name."""
    parts = (_FORM, studio.url, str(project.id), project.created_at, repr(schema.outline()))
    return sha256("\0".join(parts).encode()).hexdigest()[:16]


class Pull:
    """A pull from one project."""

    def __init__(self, studio: Studio, project: Project, schema: LabelSchema, margin: timedelta = MARGIN) -> None:
        self.studio = studio
        self.project = project
        self.schema = schema
        self.margin = margin

    def __call__(self, known: Sequence[Answered] = (), progress: Progress = silent) -> list[Answered]:
        """Return what people did with every task that they have answered or skipped.

        ``known`` is what an earlier pull returned. Only what has changed since is read, unless that does not add up to
        what the server counts.
        """
        patience = Patience(progress)
        if known:
            progress("Pulling what has changed")
            found = patience(lambda: self._changed(known))
            if found:
                return found
        progress("Pulling labels")
        return patience(lambda: [to_answered(task, self.schema) for task in self.studio.export(self.project)])

    def _changed(self, known: Sequence[Answered]) -> list[Answered]:
        """Return what is known, brought up to date; nothing where that cannot be told from what has changed."""
        newest = max(known, key=lambda one: one.updated_at)
        seen = datetime.fromisoformat(newest.updated_at)
        changed = {task.id: task.updated_at for task in self.studio.tasks(self.project, to_stamp(seen - self.margin))}
        # A clock that was set back, or a database that was put back, would hide changes.
        is_behind = self.studio.clock is not None and self.studio.clock + timedelta(seconds=1) < seen
        if is_behind or changed.get(newest.task, "") < newest.updated_at:
            return []
        read = [to_answered(task, self.schema) for task in self.studio.export(self.project, sorted(changed))]
        found = [one for one in known if one.task not in changed] + read
        n_submitted = sum(one.n_submitted for one in found)
        return found if n_submitted == self.studio.counts(self.project).n_submitted else []
