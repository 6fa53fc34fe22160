"""`annot push` and `annot pull`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.corpus.ingest import unheard
from annotate.corpus.readers.item import Note
from annotate.corpus.segmentation import Document
from annotate.corpus.store import keep_copy, read_records, write_records
from annotate.errors import ModelError, SourceError, StudioError
from annotate.inference.engine import load_model
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.instructions import to_instruction
from annotate.studio.local import LocalStudio
from annotate.studio.sync import PreAnnotator, Push, Pushed, open_project
from annotate.studio.sync import pull as pull_annotations
from annotate.studio.tasks import Pulled
from annotate.wording import counted
from annotate.workflow.locks import alone
from annotate.workflow.model import chosen_model
from annotate.workflow.studio import connected


def push(
    workspace: Workspace, documents: Sequence[Document], progress: Progress = silent, note: Note = unheard
) -> tuple[str, Pushed]:
    """Bring sentences into Label Studio, pre-annotated by the model in use; return the project's address too."""
    schema = LabelSchema.read(workspace.schema_file)
    pre_annotator = _pre_annotator(workspace, schema, note)
    with connected(workspace, progress) as studio:
        return push_to(studio, workspace, documents, pre_annotator, progress)


def push_to(
    studio: Studio,
    workspace: Workspace,
    documents: Sequence[Document],
    pre_annotator: PreAnnotator | None,
    progress: Progress = silent,
) -> tuple[str, Pushed]:
    """Push to a server that is connected already (see ``push``)."""
    schema = LabelSchema.read(workspace.schema_file)
    instruction = to_instruction(workspace.codebook.read_text("utf-8"))
    pairs = [(document.article, document.sentences) for document in documents]
    # Of two pushes at once both would find a sentence missing, and both make it.
    with alone(workspace, "push"):
        project = open_project(studio, workspace.settings.project, schema, instruction)
        pushed = Push(studio, project, schema, pre_annotator)(pairs, progress)
    return f"{studio.url}/projects/{project.id}", pushed


@dataclass(frozen=True)
class PullResult:
    """What was pulled, where it lies, whether the file changed, and where the old one lies if it held more."""

    pulled: Pulled
    path: Path
    changed: bool
    kept: Path | None

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        where = self.path if self.changed else f"{self.path}, unchanged"
        taken = counted(len(self.pulled.annotations), "annotation")
        return f"{taken}, {self.pulled.n_skipped} skipped: {where}"


def pull(workspace: Workspace, output: Path | None = None, progress: Progress = silent) -> PullResult:
    """Bring what people submitted into a file of annotations.

    A file there that holds answers the server no longer has is kept beside it.
    """
    local = LocalStudio(workspace.studio)
    if workspace.settings.url is None and not local.exists:
        raise StudioError(f"{workspace.root}: nothing was pushed from here yet; begin with `annot push SOURCE`")
    with connected(workspace, progress) as studio:
        return pull_from(studio, workspace, output)


def pull_from(studio: Studio, workspace: Workspace, output: Path | None = None) -> PullResult:
    """Pull from a server that is connected already (see ``pull``)."""
    schema = LabelSchema.read(workspace.schema_file)
    path = output or workspace.labels_file
    pulled = pull_annotations(studio, workspace.settings.project, schema)
    kept = _keep(path, pulled.annotations)
    return PullResult(pulled, path, write_records(path, pulled.annotations), kept)


def _keep(path: Path, pulled: Sequence[Annotation]) -> Path | None:
    """Keep a copy of a file that holds answers which are not among those pulled, and return where to."""
    try:
        old = {(record.uid, record.annotator) for record in read_records(path, Annotation)} if path.is_file() else set()
    except SourceError:
        old = {("", "")}  # whatever it is, it is not ours to lose
    if old <= {(record.uid, record.annotator) for record in pulled}:
        return None
    return keep_copy(path)


def _pre_annotator(workspace: Workspace, schema: LabelSchema, note: Note) -> PreAnnotator | None:
    """Load the model to pre-annotate with; one in use that answers other questions is passed over."""
    folder = chosen_model(workspace)
    if folder is None:
        note("no model yet, so no pre-annotations: label some sentences, then `annot pull` and `annot train`")
        return None
    try:
        model = load_model(folder, schema)
    except ModelError as error:
        if workspace.settings.model is not None:
            raise
        note(f"no pre-annotations: {error}")
        return None
    return PreAnnotator(model.config.name, model)
