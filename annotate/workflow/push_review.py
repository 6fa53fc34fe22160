"""`annot review --push`: answers in doubt as a project of their own."""

from collections.abc import Sequence

from annotate.config import Workspace
from annotate.progress import Progress, silent
from annotate.quality.label_errors import Suspect
from annotate.schema import LabelSchema
from annotate.studio.instructions import to_instruction
from annotate.studio.project import open_project
from annotate.studio.review import push_for_review
from annotate.workflow.locks import alone
from annotate.workflow.studio import connected, project_title


def push_review(workspace: Workspace, found: Sequence[Suspect], progress: Progress = silent) -> tuple[str, int]:
    """Open the sentences of some suspects in Label Studio, and return the project's address and how many are new.

    The project is called like the workspace's, with " review" behind it.
    """
    schema = LabelSchema.read(workspace.schema_file)
    instruction = to_instruction(workspace.codebook.read_text("utf-8"))
    with connected(workspace, progress) as studio, alone(workspace, "push"):
        project = open_project(studio, project_title(workspace, "review"), schema, instruction)
        n_new = push_for_review(studio, project, found, schema, progress)
    return f"{studio.url}/projects/{project.id}", n_new
