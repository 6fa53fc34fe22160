"""`annot status`."""

from collections.abc import Sequence

from annotate.annotation import Scores
from annotate.article import Sentence
from annotate.config import Workspace
from annotate.errors import ModelError, StudioError
from annotate.inference.engine import load_model
from annotate.models.folder import model_names
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.status import Shown, Status, status
from annotate.workflow.studio import connected, refuse_without_project


def labelling_status(workspace: Workspace, progress: Progress = silent) -> Status:
    """Tell how far the project's labelling is.

    Raises:
        StudioError: There is no such project.
    """
    title = workspace.settings.project
    refuse_without_project(workspace, "annot push")
    schema = LabelSchema.read(workspace.schema_file)
    with connected(workspace, progress) as studio:
        project = studio.find_project(title)
        if project is None:
            raise StudioError(f"{studio.url}: no project named '{title}'; make it with `annot push SOURCE`")
        progress("Reading what was labelled")
        tasks = [Shown(task.data, task.overlap) for task in studio.tasks(project)]
        exported = list(studio.export(project))
        names = {f"user:{person.id}": person.name or person.email for person in studio.people()}

    def suggest(model: str, sentences: Sequence[Sentence]) -> Sequence[Scores] | None:
        if model not in model_names(workspace.models):  # it is the server that names it
            return None
        try:
            return load_model(workspace.models / model, schema)(sentences)
        except ModelError:
            return None

    return status(tasks, exported, schema, names, suggest)
