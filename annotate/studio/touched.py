"""Which tasks people have touched, so that none of those is deleted."""

from collections.abc import Sequence

from annotate.studio.client import Studio
from annotate.studio.compare import Place
from annotate.studio.entities import Project


def touched_among(studio: Studio, project: Project, places: Sequence[Place]) -> tuple[set[int], set[int]]:
    """Return the tasks that people have touched, and those that nobody has; a task that has gone is neither."""
    if not places:
        return set(), set()
    uids = {place.task: place.uid for place in places}
    there = {task.id for task in studio.tasks_among(project, list(uids)) if task.data.get("uid") == uids[task.id]}
    # Not by the server's count of a task's answers, which a failure may have left behind.
    answered = {int(task["id"]) for task in studio.export(project, sorted(there))}
    touched = there & (answered | studio.with_drafts(project))
    return touched, there - touched
