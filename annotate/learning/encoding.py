"""Labelled sentences as a network learns them: windows of tokens and what was answered of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from annotate.annotation import Annotation, Answer
from annotate.learning.network import Targets
from annotate.models.scores import n_logits
from annotate.models.tokenization import Window, padded, to_windows
from annotate.quality.adjudication import covered
from annotate.schema import LabelSchema, Question

Floats = npt.NDArray[np.float32]
_UNANSWERED = float("nan")


@dataclass(frozen=True)
class Example:
    """A window of a labelled sentence.

    *Shapes:* ``choices`` ``(n_choice_logits,)``, ``spans`` ``(n_tokens, n_span_labels)``; ``nan`` is not answered.
    """

    window: Window
    choices: Floats
    spans: Floats


def to_examples(tokenizer: Tokenizer, annotations: Sequence[Annotation], schema: LabelSchema) -> list[Example]:
    """Encode labelled sentences; every window of a long one carries the answers to the whole."""
    return [
        Example(window, _choices(annotations[window.sentence], schema), _spans(window, annotations, schema))
        for window in to_windows(tokenizer, annotations)
    ]


def to_batch(examples: Sequence[Example], pad: int) -> tuple[torch.Tensor, torch.Tensor, Targets]:
    """Return ids, attention mask and targets of some examples, padded to the longest (see ``Network``)."""
    ids, mask = padded([example.window for example in examples], pad)
    spans = np.full((*ids.shape, examples[0].spans.shape[1]), _UNANSWERED, dtype=np.float32)
    for row, example in enumerate(examples):
        spans[row, : len(example.spans)] = example.spans
    choices = np.stack([example.choices for example in examples])
    return torch.from_numpy(ids), torch.from_numpy(mask), Targets(torch.from_numpy(choices), torch.from_numpy(spans))


def _choices(annotation: Annotation, schema: LabelSchema) -> Floats:
    parts = [_choice(question, annotation) for question in schema.choice_questions]
    return np.array([value for part in parts for value in part] or [_UNANSWERED], dtype=np.float32)


def _choice(question: Question, annotation: Annotation) -> list[float]:
    said = [annotation.says(question, name) for name in question.names]
    values = [_UNANSWERED if each is None else float(each) for each in said]
    if n_logits(question) == len(values):
        return values
    answer = annotation.answers.get(question.name)
    # Of labels that exclude each other, one alone is no distribution over all.
    return [_UNANSWERED] * n_logits(question) if answer is None else [*values, float(not answer)]


def _spans(window: Window, annotations: Sequence[Annotation], schema: LabelSchema) -> Floats:
    answers = annotations[window.sentence].answers
    columns = [_span_column(window, answers.get(q.name), label) for q in schema.span_questions for label in q.names]
    return np.array(columns, dtype=np.float32).reshape(len(columns), len(window.words)).T


def _span_column(window: Window, answer: Answer | None, label: str) -> list[float]:
    if answer is None:
        return [_UNANSWERED] * len(window.words)
    marked = covered(answer, label)
    return [_UNANSWERED if word is None else float(not marked.isdisjoint(range(*word))) for word in window.words]
