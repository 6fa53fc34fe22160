"""`annot next`: which sentences to label next, brought to the front of the queue."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.config import Workspace
from annotate.corpus.segmentation import Document
from annotate.errors import StudioError, TrainingError
from annotate.inference.engine import Model
from annotate.inference.vectors import sentence_vectors
from annotate.progress import Progress, silent
from annotate.quality.adjudication import gold
from annotate.quality.bootstrap import Floats
from annotate.schema import LabelSchema
from annotate.selection.choice import Candidates, Chosen, Wanted, choose, label_weights
from annotate.selection.diversity import text_vectors
from annotate.selection.doubt import doubts
from annotate.selection.outlook import Outlook
from annotate.studio.client import Studio
from annotate.studio.draw import lot
from annotate.studio.front import Pair, Queue, Served
from annotate.studio.instructions import to_instruction
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.project import open_project
from annotate.wording import counted
from annotate.workflow.labels import read_labels
from annotate.workflow.locks import alone
from annotate.workflow.outlook import labelling_outlook
from annotate.workflow.score import load_chosen
from annotate.workflow.studio import connected, has_studio, refuse_without_project
from annotate.workflow.test_set import remember
from annotate.workflow.waiting import find_waiting

_CHUNK = 512  # sentences between two reports of progress


@dataclass(frozen=True)
class NextResult:
    """The sentences to label next, out of how many that wait, and what more labels are expected to bring.

    ``address`` is that of the project whose queue they head, ``None`` after a dry run; ``n_new`` of them were not there
    before. ``others_shown`` tells whether the other sentences keep their suggestions.
    """

    model: str
    chosen: Sequence[Chosen]
    n_waiting: int
    outlook: Sequence[Outlook]
    address: str | None = None
    n_new: int = 0
    others_shown: bool = True

    @property
    def summary(self) -> str:
        """What was chosen, in a line."""
        n_test = sum(chosen.test for chosen in self.chosen)
        drawn = f", {n_test} of them drawn for the test set" if n_test else ""
        return f"{self.model}: {len(self.chosen)} chosen of {counted(self.n_waiting, 'sentence')} that wait{drawn}"


def choose_next(
    workspace: Workspace,
    documents: Sequence[Document] = (),
    wanted: Wanted | None = None,
    progress: Progress = silent,
    *,
    dry_run: bool = False,
) -> NextResult:
    """Choose sentences of the project and of documents, and have them labelled next.

    Sentences of documents are brought into the project only if they are chosen. With ``dry_run`` nothing is sent or
    remembered.

    Raises:
        ModelError: There is no model that could doubt anything.
        StudioError: No sentence waits for a label, or none can: nothing was pushed, and there are no documents.
    """
    if not documents:
        refuse_without_project(workspace, "annot push")
    model = load_chosen(workspace)
    annotations = _annotations(workspace, model.schema)
    with _connected(workspace, progress, without=bool(documents) and dry_run) as studio:
        waiting = find_waiting(workspace, studio, documents, annotations, progress).pairs
        if not waiting:
            title = workspace.settings.project
            raise StudioError(f"project '{title}': no sentence waits for a label; `annot next SOURCE` brings more")
        chosen = _choose(model, [pair[0] for pair in waiting.values()], annotations, wanted or Wanted(), progress)
        outlook = labelling_outlook(model, annotations)
        result = NextResult(model.config.name, chosen, len(waiting), outlook)
        if dry_run or studio is None:
            return result
        remember(workspace, [each.sentence for each in chosen if each.test])
        address, served = _serve(workspace, studio, model, [waiting[each.uid] for each in chosen], progress)
        return replace(result, address=address, **served._asdict())


def _annotations(workspace: Workspace, schema: LabelSchema) -> list[Annotation]:
    """Return every annotation there is; none is no error, for a model may come from elsewhere."""
    try:
        return read_labels(workspace, (), schema)
    except TrainingError:
        return []


@contextmanager
def _connected(workspace: Workspace, progress: Progress, *, without: bool) -> Iterator[Studio | None]:
    """Yield a client of the workspace's Label Studio; none where there is none yet and it can be done without."""
    if without and not has_studio(workspace):
        yield None
        return
    with connected(workspace, progress) as studio:
        yield studio


def _choose(
    model: Model, sentences: Sequence[Sentence], annotations: Sequence[Annotation], wanted: Wanted, progress: Progress
) -> list[Chosen]:
    """Score what waits, and choose."""
    found: list[Floats] = []
    for start in range(0, len(sentences), _CHUNK):
        progress("Scoring", start, len(sentences))
        scores = model.with_words(sentences[start : start + _CHUNK])
        found.append(doubts(scores, model.schema, model.config.thresholds))
    progress("Scoring", len(sentences), len(sentences))

    def vectors(rows: NDArray[np.intp]) -> NDArray[np.floating]:
        shortlist = [sentences[row] for row in rows]
        read = sentence_vectors(model, shortlist)
        return text_vectors([sentence.text for sentence in shortlist]) if read is None else read

    labelled = gold(annotations, model.schema)
    pairs = [(question, name) for question in model.schema.questions for name in question.names]
    carried = {name: sum(bool(each.says(question, name)) for each in labelled) for question, name in pairs}
    lots = [lot(sentence.uid, "test") for sentence in sentences]
    candidates = Candidates(sentences, np.concatenate(found), lots, vectors)
    return choose(candidates, label_weights(carried, model.schema), model.schema, wanted)


def _serve(
    workspace: Workspace, studio: Studio, model: Model, chosen: Sequence[Pair], progress: Progress
) -> tuple[str, Served]:
    """Bring sentences to the front of the project's queue, and return its address."""
    instruction = to_instruction(workspace.codebook.read_text("utf-8"))
    schema = LabelSchema.read(workspace.schema_file)  # the model's asks the same, and may show it otherwise
    with alone(workspace, "push"):
        project = open_project(studio, workspace.settings.project, schema, instruction, progress)
        queue = Queue(studio, project, schema, PreAnnotator(model.config.name, model))
        return f"{studio.url}/projects/{project.id}", queue.serve_first(chosen, progress)
