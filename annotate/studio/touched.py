"""Which tasks people have touched, so that none of those is deleted."""

from collections.abc import Sequence

from annotate.studio.client import Studio
from annotate.studio.compare import Place, surplus
from annotate.studio.entities import Project

_BATCH = 1000  # tasks a request


def delete_untouched(
    studio: Studio, project: Project, gone: Sequence[Place], doubled: Sequence[Sequence[Place]]
) -> tuple[int, int]:
    """Delete tasks that are gone, and all but one of doubled ones; return how many that was of each.

    Whatever anybody has answered, begun or skipped stays. The server knows no condition for deleting, so between
    the look and the deletion lies a moment.
    """
    touched, untouched = touched_among(studio, project, [*gone, *(place for places in doubled for place in places)])
    pruned = {place.task for place in gone} & untouched
    healed = {task for places in doubled for task in surplus(places, touched, untouched)} - pruned
    for deleted in (sorted(pruned), sorted(healed)):
        for start in range(0, len(deleted), _BATCH):
            studio.delete_tasks(project, deleted[start : start + _BATCH])
    return len(pruned), len(healed)


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
