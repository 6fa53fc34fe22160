"""`annot score`: texts to scores."""

from collections.abc import Sequence

from annotate.config import Workspace
from annotate.corpus.segmentation import Document
from annotate.errors import ModelError
from annotate.inference.engine import Model, load_model
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.scoring.profile import Scored
from annotate.workflow.model import chosen_model


def load_chosen(workspace: Workspace, progress: Progress = silent) -> Model:
    """Load the model in use, or the one that the settings name; raises ``ModelError`` without any."""
    folder = chosen_model(workspace)
    if folder is None:
        raise ModelError(f"{workspace.models}: no model yet; make one with `annot train`, or `annot quickstart`")
    return load_model(folder, LabelSchema.read(workspace.schema_file), progress)


def score_documents(model: Model, documents: Sequence[Document]) -> list[Scored]:
    """Score the sentences of documents, in order."""
    sentences = [sentence for document in documents for sentence in document.sentences]
    scores = iter(model(sentences))
    return [(document.article, [next(scores) for _ in document.sentences]) for document in documents]
