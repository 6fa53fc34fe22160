"""How a model came to be: what `annot models` and the model card tell of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from annotate.annotation import Annotation, WordScores
from annotate.article import Sentence
from annotate.corpus.store import read_records
from annotate.errors import ModelError, SourceError
from annotate.models import folder as layout
from annotate.models.learning_curve import LearningCurve
from annotate.quality.assessment import Assessment
from annotate.quality.baseline import Baseline
from annotate.quality.evaluation import LabelEvaluation
from annotate.record import Record
from annotate.words import folded

DEFAULT_BASE = "all-MiniLM-L6-v2"
_BATCH, _LARGER_BATCH, _MANY = 8, 16, 1000  # from so many examples on, the larger
_RATE, _LOWER_RATE = 1e-4, 5e-5
_EPOCHS_AT_ONE, _FALLING, _FEWEST, _MOST = 225, 0.6, 2, 10  # in batches of eight


class Recipe(Record):
    """How to train: rates rise over the first tenth of the steps and then fall to zero; ``folds`` are of articles.

    Without ``batch_size``, ``epochs`` and ``learning_rate``, the number of sentences decides (see ``batch_for``,
    ``epochs_for`` and ``rate_for``). A batch goes through the network in ``accumulate`` parts. A layer of the encoder
    learns ``layer_decay`` times as fast as the one above it. ``sharpness_radius`` is how far uphill of the weights
    gradients are taken, as a share of their norm. ``span_weight`` makes up for the many tokens of which the mean loss
    is small, because nothing is there to be found. With ``context``, the sentence before is read too.
    """

    base: str = DEFAULT_BASE
    epochs: Annotated[int, Field(ge=1)] | None = None
    batch_size: Annotated[int, Field(ge=1)] | None = None
    accumulate: Annotated[int, Field(ge=1)] = 1
    learning_rate: Annotated[float, Field(gt=0)] | None = None
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 0.9
    head_learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    sharpness_radius: Annotated[float, Field(ge=0)] = 1.5e-4
    span_weight: Annotated[float, Field(gt=0)] = 5.0
    context: bool = False
    folds: Annotated[int, Field(ge=2)] = 3
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    device: str = "auto"

    def settled(self, n_examples: int) -> "Recipe":
        """Return the recipe with what the number of sentences decides of it."""
        size, rate, epochs = (decide(n_examples) for decide in (self.batch_for, self.rate_for, self.epochs_for))
        return self.model_copy(update={"batch_size": size, "learning_rate": rate, "epochs": epochs})

    def batch_for(self, n_examples: int) -> int:
        """Return how many examples a step learns from: eight, and sixteen where there are a thousand or more."""
        return self.batch_size or (_BATCH if n_examples < _MANY else _LARGER_BATCH)

    def rate_for(self, n_examples: int) -> float:
        """Return the rate of the last layer: half as high where there are a thousand examples or more.

        There are enough steps then, and what is learned in smaller ones holds better for other newspapers.
        """
        return self.learning_rate or (_RATE if n_examples < _MANY else _LOWER_RATE)

    def epochs_for(self, n_examples: int) -> int:
        """Return how often every example is seen: the more there are, the less often, and never less than twice.

        In batches of eight that is ten times for up to 195 examples, and three times for 1,400. In others it is as
        often as gives as many steps.
        """
        larger = self.batch_for(n_examples) / _BATCH
        wanted = larger * min(_MOST, _EPOCHS_AT_ONE / n_examples**_FALLING)
        return self.epochs or max(_FEWEST, round(wanted))


class TrainingData(Record):
    """What a model was trained on; ``digest`` is over its records.

    ``labels`` are those that some sentence carries and another does not, so that they were learned. ``origins`` counts
    sentences by how their labels came about, ``corpora`` those of each public corpus, with those it was warmed up on.
    ``warmup_articles`` are those it learned from before. ``starter_digest`` is over the starter labels that it could
    start from.
    """

    digest: str
    warmup_digest: str | None = None
    starter_digest: str | None = None
    n_sentences: int
    n_warmup: int = 0
    n_starter: int = 0
    labels: tuple[str, ...]
    articles: tuple[str, ...]
    warmup_articles: tuple[str, ...] = ()
    annotators: tuple[str, ...]
    origins: Mapping[str, int]
    warmup_origins: Mapping[str, int] = {}
    corpora: Mapping[str, int] = {}

    @property
    def learned_from(self) -> frozenset[str]:
        """The articles that a model has seen labels of, in whatever stage."""
        return frozenset((*self.articles, *self.warmup_articles))


class Cost(Record):
    """What a training took: ``seconds`` of the run that ended it, and the most ``memory`` it held, in bytes."""

    seconds: float
    memory: int
    device: str


class TrainingRecord(Record):
    """Data, recipe and outcome of a training.

    ``evaluation`` is over articles that the evaluated networks had not seen, with thresholds chosen on other articles
    still; ``None`` when the labels come from a single article. ``measured`` is the same with intervals and what people
    reach. ``baseline`` is what TF-IDF with logistic regression reaches on the same folds. ``started_from`` are the
    labels that the network had learned from the starter labels before.
    """

    data: TrainingData
    recipe: Recipe
    evaluation: Mapping[str, LabelEvaluation] | None
    measured: Assessment | None = None
    baseline: Mapping[str, Baseline] | None = None
    curve: LearningCurve | None = None
    started_from: tuple[str, ...] = ()
    cost: Cost | None = None
    versions: Mapping[str, str]

    @property
    def n_folds(self) -> int:
        """Into how many folds the articles were dealt."""
        return min(self.recipe.folds, len(self.data.articles))


def read_out_of_fold(folder: Path) -> list[WordScores]:
    """Read what networks that had not learned from a sentence's article say of each sentence of the training.

    Empty for a model trained on a single article.

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


def unlearned(labelled: Sequence[Annotation], folder: Path, held: Sequence[Sentence]) -> list[Annotation]:
    """Return the labels from which a model has not learned at all; ``held`` are the sentences it judges out of fold.

    Raises:
        ModelError: Its folder does not say how it was trained.
    """
    data = read_training_record(folder).data
    # Without the scores of the cross-validation, nothing says which sentences of its articles it learned from.
    known = frozenset(data.warmup_articles) if held else data.learned_from
    return [each for each in without_texts_of(held, labelled) if each.article_id not in known]


def without_texts_of(learned: Sequence[Sentence], labelled: Sequence[Annotation]) -> list[Annotation]:
    """Return the labels without those of texts that stand among learned sentences too, as an agency's do."""
    texts = {folded(sentence.text) for sentence in learned}
    return [annotation for annotation in labelled if folded(annotation.text) not in texts]


def read_training_record(folder: Path) -> TrainingRecord:
    """Read how a model was trained; raises ``ModelError`` when its folder does not say."""
    path = folder / layout.METRICS
    try:
        return TrainingRecord.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}; train another with `annot train`") from error
    except ValidationError as error:
        raise ModelError(f"{path}: broken, or of another version; train another with `annot train`") from error
