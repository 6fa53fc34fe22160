"""Few labels start from the starter labels that come with the package, as far as the two agree."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score

from annotate.annotation import Annotation, told_apart
from annotate.learning.encoding import Example, to_examples
from annotate.learning.held import Held, judged_sentences
from annotate.learning.training import Course, predict, warmed_up
from annotate.models.scores import labels_of_sentences
from annotate.progress import Progress, renamed, silent

MOST = 500  # sentences; more are hardly helped
AGREES = 0.7  # the area under the curve: how often a sentence with the label is ranked above one without


class Started(NamedTuple):
    """A course, and the labels whose starter labels it starts from."""

    course: Course
    labels: tuple[str, ...] = ()


def start_from(
    starter: Sequence[Annotation], labelled: Sequence[Annotation], course: Course, progress: Progress = silent
) -> Started:
    """Let a course start from what the starter labels teach, where few sentences are labelled.

    What a name stands for differs from one newsroom to another. So a network that has learned a label from the starter
    labels ranks the sentences at hand by it; where that is little better than chance, the starter labels of that name
    are left out. Labels that exclude each other start from nothing.
    """
    schema = course.start.schema
    both = set(told_apart(labelled, schema)).intersection(told_apart(starter, schema))
    asked = both.intersection(labels_of_sentences(schema))
    if not asked or len(labelled) > MOST:
        return Started(course)
    progress = renamed(progress, "Learning the starter labels")
    examples = to_examples(course.base.tokenizer, starter, schema, context=course.recipe.context)
    started = _taught(course, examples, asked, progress)
    agreeing = _agreeing(labelled, asked, started)
    if not agreeing:
        return Started(course)
    if agreeing < asked:
        started = _taught(course, examples, agreeing, progress)
    return Started(started, tuple(sorted(agreeing)))


def _taught(course: Course, examples: Sequence[Example], labels: Collection[str], progress: Progress) -> Course:
    """Return a course that starts from what examples say of some labels."""
    schema = course.start.schema
    of_sentences = np.array([name in labels for name in labels_of_sentences(schema)])
    of_tokens = np.array([name in labels for question in schema.span_questions for name in question.names], bool)
    some = [
        replace(
            each,
            sentence=np.where(of_sentences, each.sentence, np.float32("nan")),
            tokens=np.where(of_tokens, each.tokens, np.float32("nan")),
        )
        for each in examples
    ]
    return warmed_up(course, some, f"starter-{len(labels)}", progress)  # all that are asked first, then fewer


def _agreeing(labelled: Sequence[Annotation], labels: Collection[str], started: Course) -> set[str]:
    """Return the labels by which what a course starts from ranks sentences as people do."""
    schema = started.start.schema
    found = predict(started.device.place(started.start), started.base, labelled, started.recipe)
    started.start.cpu()
    held = [Held(truth, 0, mine) for truth, mine in zip(labelled, found, strict=True)]
    asked = [(question, name) for question in schema.questions for name in question.names if name in labels]
    judged = {name: judged_sentences(held, schema, question, name) for question, name in asked}
    return {name for name, each in judged.items() if roc_auc_score(each.truth, each.probabilities) >= AGREES}
