"""From labelled sentences to a network with its thresholds and figures."""

from collections.abc import Sequence
from importlib.metadata import version

from annotate.annotation import Annotation
from annotate.learning.base import load_base
from annotate.learning.checkpoint import Trained
from annotate.learning.training import fit
from annotate.learning.validation import choose_thresholds, cross_validate, evaluate_held, score_held
from annotate.models.training_record import Recipe, TrainingData, TrainingRecord
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema

_NAMED = ("annotate", "torch", "transformers", "onnxruntime")


def learn(
    labelled: Sequence[Annotation], data: TrainingData, schema: LabelSchema, recipe: Recipe, progress: Progress = silent
) -> Trained:
    """Measure the recipe on articles held out in turn, then train on all of them.

    ``data`` describes the labels. Raises ``ModelError`` when the base encoder cannot be used.
    """
    base = load_base(recipe.base)
    held = cross_validate(base, labelled, schema, recipe, progress)
    network = fit(base, labelled, schema, recipe, progress)
    scores = score_held(held, schema)
    versions = {package: version(package) for package in _NAMED}
    record = TrainingRecord(data=data, recipe=recipe, evaluation=evaluate_held(held, scores, schema), versions=versions)
    return Trained(base, network, choose_thresholds(held, schema), record, scores)
