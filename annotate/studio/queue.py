"""The order in which "Label All Tasks" serves a project's tasks."""

from typing import Literal

from annotate.studio.client import Studio
from annotate.studio.entities import Project

Order = Literal["reading", "uncertainty"]

_SAMPLING = {"reading": "Sequential sampling", "uncertainty": "Uncertainty sampling"}


def set_order(studio: Studio, project: Project, order: Order) -> None:
    """Serve tasks as they were imported, or those first of whose suggestion the model shown is least sure.

    By uncertainty, tasks without a suggestion of that model come last, in no order; without any suggestion of it at
    all, every task does.
    """
    if project.sampling != _SAMPLING[order]:
        studio.set_sampling(project, _SAMPLING[order])
