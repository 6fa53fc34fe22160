"""How a model came to be: what `annot models` and the model card tell of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from annotate.annotation import WordScores
from annotate.corpus.store import read_records
from annotate.errors import ModelError, SourceError
from annotate.models import folder as layout
from annotate.quality.assessment import Assessment, without_intervals
from annotate.quality.evaluation import LabelEvaluation
from annotate.record import Record

DEFAULT_BASE = "all-MiniLM-L6-v2"


class Recipe(Record):
    """How to train: rates rise over the first tenth of the steps and then fall to zero; ``folds`` are of articles.

    ``span_weight`` makes up for the many tokens of which the mean loss is small, because nothing is there to be found.
    """

    base: str = DEFAULT_BASE
    epochs: Annotated[int, Field(ge=1)] = 12
    batch_size: Annotated[int, Field(ge=1)] = 16
    learning_rate: Annotated[float, Field(gt=0)] = 1e-4
    head_learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    span_weight: Annotated[float, Field(gt=0)] = 5.0
    folds: Annotated[int, Field(ge=2)] = 3
    seed: int = 0


class TrainingData(Record):
    """What a model was trained on; ``digest`` is over its records, ``origins`` counts sentences."""

    digest: str
    n_sentences: int
    articles: tuple[str, ...]
    annotators: tuple[str, ...]
    origins: Mapping[str, int]


class TrainingRecord(Record):
    """Data, recipe and outcome of a training.

    ``evaluation`` is over articles that the evaluated networks had not seen, with thresholds chosen on other articles
    still; ``None`` when the labels come from a single article.
    """

    data: TrainingData
    recipe: Recipe
    evaluation: Mapping[str, LabelEvaluation] | None
    versions: Mapping[str, str]

    @property
    def assessment(self) -> Assessment | None:
        """The evaluation in the form of an assessment, without intervals."""
        n_articles = len(self.data.articles)
        found = self.evaluation
        return None if found is None else without_intervals(found, self.data.n_sentences, n_articles)

    @property
    def n_folds(self) -> int:
        """Into how many folds the articles were dealt."""
        return min(self.recipe.folds, len(self.data.articles))


def read_out_of_fold(folder: Path) -> list[WordScores]:
    """Read what networks that had not learned from a sentence's article say of each sentence of the training.

    There is nothing of a model whose labels came from a single article, or that was trained before this was kept.

    Raises:
        ModelError: The file is broken.
    """
    path = folder / layout.OUT_OF_FOLD
    name = folder.resolve().name
    try:
        records = list(read_records(path, WordScores)) if path.exists() else []
    except SourceError as error:
        raise ModelError(f"{path}: broken; train another with `annot train`") from error
    return [record.model_copy(update={"model": name}) for record in records]


def read_training_record(folder: Path) -> TrainingRecord:
    """Read how a model was trained; raises ``ModelError`` when its folder does not say."""
    try:
        return TrainingRecord.model_validate_json((folder / layout.METRICS).read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"{folder / layout.METRICS}: missing or broken; train another with `annot train`") from error
