"""Labelled sentences as a network learns them: windows of tokens and what was answered of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from annotate.annotation import Annotation
from annotate.learning.network import Targets, Usual
from annotate.models.scores import n_logits
from annotate.models.tokenization import Window, padded, to_windows
from annotate.quality.adjudication import MAJORITY, covered
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema, Question

Floats = npt.NDArray[np.float32]
_UNANSWERED = float("nan")


@dataclass(frozen=True)
class Example:
    """A window of a labelled sentence.

    *Shapes:* ``sentence`` ``(n_sentence_logits,)``, ``tokens`` ``(n_tokens, n_span_labels)``; ``nan`` is not answered.
    """

    window: Window
    sentence: Floats
    tokens: Floats


def to_examples(
    tokenizer: Tokenizer, annotations: Sequence[Annotation], schema: LabelSchema, *, context: bool = False
) -> list[Example]:
    """Encode labelled sentences; every window of a long one carries the answers to the whole.

    Of a sentence that several annotators answered (``Gold``) the targets are the shares of them who give a label.
    """
    return [
        Example(window, _sentence(annotations[window.sentence], schema), _tokens(window, annotations, schema))
        for window in to_windows(tokenizer, annotations, context=context)
    ]


def to_batch(examples: Sequence[Example], pad: int) -> tuple[torch.Tensor, torch.Tensor, Targets]:
    """Return ids, attention mask and targets of some examples, padded to the longest (see ``Network``)."""
    ids, mask = padded([example.window for example in examples], pad)
    tokens = np.full((*ids.shape, examples[0].tokens.shape[1]), _UNANSWERED, dtype=np.float32)
    for row, example in enumerate(examples):
        tokens[row, : len(example.tokens)] = example.tokens
    sentences = np.stack([example.sentence for example in examples])
    return torch.from_numpy(ids), torch.from_numpy(mask), Targets(torch.from_numpy(sentences), torch.from_numpy(tokens))


def usual_of(examples: Sequence[Example]) -> Usual:
    """Return how much of each column examples answer on average."""
    sentences = np.mean([~np.isnan(example.sentence) for example in examples], axis=0, dtype=np.float32)
    tokens = np.mean([(~np.isnan(example.tokens)).sum(0) for example in examples], axis=0, dtype=np.float32)
    return Usual(torch.from_numpy(sentences), torch.from_numpy(tokens))


def _sentence(annotation: Annotation, schema: LabelSchema) -> Floats:
    choices = [value for question in schema.choice_questions for value in _choice(question, annotation)]
    spans = [_share(annotation, q, label) for q in schema.span_questions for label in q.names]
    return np.array([*choices, *spans], dtype=np.float32)


def _choice(question: Question, annotation: Annotation) -> list[float]:
    values = [_share(annotation, question, name) for name in question.names]
    if n_logits(question) == len(values) and question.kind == "multiple choice":
        return values
    # Of labels that exclude each other, one alone is no distribution over all; split votes are one.
    split = isinstance(annotation, Gold) and question.name in annotation.disputed and max(values) < 1
    if question.name not in annotation.answers and not split:
        return [_UNANSWERED] * n_logits(question)
    return [*values, max(0.0, 1 - sum(values))] if n_logits(question) > len(values) else values


def _share(annotation: Annotation, question: Question, label: str) -> float:
    """Return which share of the annotators give a label; 0 or 1 where one person speaks for all."""
    if isinstance(annotation, Gold) and label in annotation.shares and _counts_votes(annotation, question):
        return annotation.shares[label]
    said = annotation.says(question, label)
    return _UNANSWERED if said is None else float(said)


def _counts_votes(gold: Gold, question: Question) -> bool:
    """Tell whether the votes on a question stand, and nobody has decided; the share of a single vote is 0 or 1."""
    decided = gold.decided_by.get(question.name, MAJORITY)  # where the votes are split, nobody has decided
    return decided == MAJORITY


def _tokens(window: Window, annotations: Sequence[Annotation], schema: LabelSchema) -> Floats:
    annotation = annotations[window.sentence]
    columns = [_column(window, annotation, q, label) for q in schema.span_questions for label in q.names]
    return np.array(columns, dtype=np.float32).reshape(len(columns), len(window.words)).T


def _column(window: Window, annotation: Annotation, question: Question, label: str) -> list[float]:
    if question.name not in annotation.answers:
        return [_UNANSWERED] * len(window.words)
    if isinstance(annotation, Gold) and _counts_votes(annotation, question):
        shares = {i: s.score for s in annotation.word_shares if s.label == label for i in range(s.start, s.end)}
    else:
        shares = dict.fromkeys(covered(annotation.answers[question.name], label), 1.0)
    places = (None if word is None else range(*word) for word in window.words)
    return [_UNANSWERED if p is None else max((shares.get(i, 0.0) for i in p), default=0.0) for p in places]
