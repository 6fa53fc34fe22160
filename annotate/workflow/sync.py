"""`annot push` and `annot pull`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from annotate.annotation import Annotation
from annotate.config import Workspace
from annotate.corpus.ingest import unheard
from annotate.corpus.readers.item import Note
from annotate.corpus.segmentation import Document
from annotate.corpus.store import Replaced, read_records, replace_records, write_records, write_text
from annotate.errors import ModelError, SourceError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.compare import Sentences, compare
from annotate.studio.instructions import to_instruction
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.project import check_project, open_project
from annotate.studio.pull import Pull, find_answered_project, source_of
from annotate.studio.push import Push, Pushed, PushOptions
from annotate.studio.tasks import Answered, Pulled, to_pulled
from annotate.wording import counted
from annotate.workflow.locks import alone
from annotate.workflow.model import chosen_model
from annotate.workflow.score import load_exported
from annotate.workflow.studio import connected, has_studio, refuse_without_project


def push(
    workspace: Workspace,
    documents: Sequence[Document],
    options: PushOptions,
    progress: Progress = silent,
    note: Note = unheard,
) -> tuple[str | None, Pushed]:
    """Bring sentences into Label Studio, pre-annotated by the model in use; return the project's address too.

    A dry run only compares, and returns no address.
    """
    if options.dry_run:
        return None, _preview(workspace, documents, options, progress)
    model = _pre_annotator(workspace, options.min_score, note)
    with connected(workspace, progress) as studio:
        url, pushed = push_to(studio, workspace, documents, replace(options, model=model), progress)
    shown = pushed.project.shown_version if pushed.project else None
    if model and shown not in (None, model.name) and not options.refresh:
        note(f"the project shows suggestions of '{shown}'; `annot push --refresh` puts those of '{model.name}' there")
    return url, pushed


def push_to(
    studio: Studio,
    workspace: Workspace,
    documents: Sequence[Document],
    options: PushOptions,
    progress: Progress = silent,
) -> tuple[str, Pushed]:
    """Push to a server that is connected already (see ``push``)."""
    schema = LabelSchema.read(workspace.schema_file)
    instruction = to_instruction(workspace.codebook.read_text("utf-8"))
    # Two pushes at once end the same as one; to wait is quicker than to put right what both did.
    with alone(workspace, "push"):
        project = open_project(studio, workspace.settings.project, schema, instruction, progress)
        pushed = Push(studio, project, schema, options)(_pairs(documents), progress)
    return f"{studio.url}/projects/{project.id}", pushed


def _preview(workspace: Workspace, documents: Sequence[Document], options: PushOptions, progress: Progress) -> Pushed:
    """Find what a push would do, without sending anything."""
    wanted = options.wanted(_pairs(documents))
    if not has_studio(workspace):
        return Pushed(None, compare(wanted, ()))
    with connected(workspace, progress) as studio:
        project = studio.find_project(workspace.settings.project)
        if project is None:
            return Pushed(None, compare(wanted, ()))
        check_project(studio, project, LabelSchema.read(workspace.schema_file))
        return Pushed(project, compare(wanted, studio.tasks(project)))


def _pairs(documents: Sequence[Document]) -> list[Sentences]:
    return [(document.article, document.sentences) for document in documents]


@dataclass(frozen=True)
class PullResult:
    """What was pulled, and what became of the file of annotations."""

    pulled: Pulled
    file: Replaced

    @property
    def summary(self) -> str:
        """What came of it, in a line."""
        counts = [counted(len(self.pulled.annotations), "annotation"), f"{self.pulled.n_skipped} skipped"]
        counts += [counted(self.pulled.n_drafts, "draft")] if self.pulled.n_drafts else []
        return f"{', '.join(counts)}: {self.file.where}"


def pull(
    workspace: Workspace, output: Path | None = None, progress: Progress = silent, *, whole: bool = False
) -> PullResult:
    """Bring what people submitted into a file of annotations; ``whole`` reads everything anew.

    A file there that holds answers the server no longer has is kept beside it.
    """
    refuse_without_project(workspace, "annot push")
    with connected(workspace, progress) as studio:
        return pull_from(studio, workspace, output, progress, whole=whole)


def pull_from(
    studio: Studio,
    workspace: Workspace,
    output: Path | None = None,
    progress: Progress = silent,
    *,
    whole: bool = False,
) -> PullResult:
    """Pull from a server that is connected already (see ``pull``)."""
    schema = LabelSchema.read(workspace.schema_file)
    path = output or workspace.labels_file
    project = find_answered_project(studio, workspace.settings.project, schema)
    memory = workspace.state / "pulled" / f"{source_of(studio, project, schema)}.jsonl"
    answered = Pull(studio, project, schema)([] if whole else _remembered(memory), progress)
    pulled = to_pulled(answered, len(studio.with_drafts(project)))
    file = replace_records(path, pulled.annotations, Annotation, lambda record: (record.uid, record.annotator))
    _remember(memory, answered)
    return PullResult(pulled, file)


def _remembered(memory: Path) -> list[Answered]:
    """Return what the last pull read; nothing where that cannot be used."""
    try:
        return list(read_records(memory, Answered)) if memory.is_file() else []
    except SourceError:
        return []


def _remember(memory: Path, answered: Sequence[Answered]) -> None:
    """Keep what was read for the next pull, in place of what was read of other questions."""
    write_text(memory.parent.parent / ".gitignore", ["*\n"])
    write_records(memory, answered)
    for other in memory.parent.glob("*.jsonl"):
        if other != memory:
            other.unlink(missing_ok=True)


def _pre_annotator(workspace: Workspace, min_score: float, note: Note) -> PreAnnotator | None:
    """Load the model to pre-annotate with; one in use that answers other questions is passed over."""
    folder = chosen_model(workspace)
    if folder is None:
        note("no model yet, so no pre-annotations: label some sentences, then `annot pull` and `annot train`")
        return None
    try:
        model = load_exported(workspace, folder)
    except ModelError as error:
        if workspace.settings.model is not None:
            raise
        note(f"no pre-annotations: {error}")
        return None
    return PreAnnotator(model.config.name, model, min_score)
