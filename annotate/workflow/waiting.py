"""The sentences that wait for labels: in Label Studio, and in sources that are not there yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from annotate.annotation import Annotation
from annotate.article import Article, Sentence
from annotate.config import Workspace
from annotate.corpus.segmentation import Document
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Task
from annotate.studio.front import Pair
from annotate.studio.project import check_project
from annotate.studio.tasks import BLIND, is_annots, to_sentence


@dataclass
class Waiting:
    """Sentences that wait for labels, by uid, each with its article where that is known."""

    pairs: dict[str, Pair] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def add(self, sentence: Sentence, article: Article | None) -> None:
        """Add a sentence, unless its words were seen already."""
        if self.see(sentence):
            self.pairs[sentence.uid] = (sentence, article)

    def see(self, sentence: Sentence) -> bool:
        """Take note of a sentence's words, and return whether they are new."""
        words = " ".join(sentence.text.casefold().split())
        is_new = words not in self.seen
        self.seen.add(words)
        return is_new


def find_waiting(
    workspace: Workspace,
    studio: Studio | None,
    documents: Sequence[Document],
    annotations: Iterable[Annotation],
    progress: Progress = silent,
) -> Waiting:
    """Collect what nobody has answered: the project's open tasks, and the documents' sentences that it lacks.

    Left out are tasks that are to be labelled without a suggestion, for none can bring them to the front; readers'
    comments in documents; and sentences with the words of another.

    Raises:
        StudioError: The project is somebody else's.
    """
    waiting = Waiting()
    answered = [annotation for annotation in annotations if annotation.origin != "draft"]
    for annotation in answered:
        waiting.see(annotation)
    tasks = [] if studio is None else _tasks(workspace, studio, progress)
    closed = [task for task in tasks if task.n_submitted or task.data.get(BLIND)]
    for task in closed:
        waiting.see(to_sentence(task.data))
    known = {str(task.data["uid"]) for task in closed} | {annotation.uid for annotation in answered}
    for task in tasks:
        if task.data["uid"] not in known:
            waiting.add(to_sentence(task.data), None)
    for document in documents:
        for sentence in document.sentences:
            if sentence.section != "comment" and sentence.uid not in known and sentence.uid not in waiting.pairs:
                waiting.add(sentence, document.article)
    return waiting


def _tasks(workspace: Workspace, studio: Studio, progress: Progress) -> list[Task]:
    """Return the tasks of the project that are annot's; none where there is no project yet."""
    project = studio.find_project(workspace.settings.project)
    if project is None:
        return []
    check_project(studio, project, LabelSchema.read(workspace.schema_file))
    progress("Reading what waits for labels")
    return [task for task in studio.tasks(project) if is_annots(task.data)]
