"""Suggestions of the model in use for what nobody has labelled yet."""

from annotate.config import Workspace
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.front import Queue
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.pull import find_answered_project
from annotate.workflow.locks import alone
from annotate.workflow.score import load_chosen
from annotate.workflow.studio import connected


def refresh(workspace: Workspace, progress: Progress = silent) -> int:
    """Give open tasks the suggestions of the model in use in place of all others; return how many changed.

    What `annot next` put first stays there.

    Raises:
        StudioError: There is no such project, or the server refuses.
        ModelError: There is no model, or it answers other questions.
    """
    schema, model = LabelSchema.read(workspace.schema_file), load_chosen(workspace)
    with connected(workspace, progress) as studio, alone(workspace, "push"):
        project = find_answered_project(studio, workspace.settings.project, schema)
        return Queue(studio, project, schema, PreAnnotator(model.config.name, model)).renew(progress)
