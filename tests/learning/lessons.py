"""A training of all that is labelled, in one call."""

from collections.abc import Sequence

from annotate.annotation import Annotation
from annotate.learning.base import Base
from annotate.learning.device import Device
from annotate.learning.network import Network
from annotate.learning.training import Course, fit, new_network
from annotate.learning.validation import prepare
from annotate.models.training_record import Recipe
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema


def course(base: Base, schema: LabelSchema, recipe: Recipe) -> Course:
    return Course(new_network(base, schema, recipe), base, Device("cpu"), recipe)


def learned(
    base: Base, labelled: Sequence[Annotation], schema: LabelSchema, recipe: Recipe, progress: Progress = silent
) -> Network:
    mine = course(base, schema, recipe)
    return fit(mine, prepare(mine, labelled).examples, progress)
