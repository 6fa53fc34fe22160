"""One encoder, one head a question, one pass."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import PreTrainedModel

from annotate.models.scores import n_logits, output_widths
from annotate.schema import LabelSchema, Question


@dataclass(frozen=True)
class Targets:
    """What annotators answered, for a batch; ``nan`` where a question was not answered, and for tokens that are none.

    *Shapes:* ``choices`` ``(n_windows, n_choice_logits)``, ``spans`` ``(n_windows, n_tokens, n_span_labels)``.
    """

    choices: Tensor
    spans: Tensor


class Network(nn.Module):
    """An encoder with a linear head a question: on the mean of the tokens for choices, on each token for spans.

    Heads of the same kind lie side by side in one matrix, in the schema's order.
    """

    def __init__(self, encoder: PreTrainedModel, schema: LabelSchema, dropout: float = 0.1) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.schema = schema
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        n_choice_logits, n_span_logits = output_widths(schema)
        self.choices = nn.Linear(width, n_choice_logits)
        self.spans = nn.Linear(width, n_span_logits)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of the choices and of the tokens.

        *Shapes:* in ``(n_windows, n_tokens)`` twice; out ``(n_windows, n_choice_logits)`` and
        ``(n_windows, n_tokens, n_span_labels)``.
        """
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        tokens = self.dropout(tokens)
        weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * weights).sum(1) / weights.sum(1)
        return self.choices(mean), self.spans(tokens)

    def loss(self, outputs: tuple[Tensor, Tensor], targets: Targets, span_weight: float = 1.0) -> Tensor:
        """Return the sum over questions of the mean loss over what was answered, that of spans times their weight.

        *Shape:* scalar.
        """
        choice_logits, span_logits = outputs[0].float(), outputs[1].float()
        total = choice_logits.new_zeros(())
        start = 0
        for question in self.schema.choice_questions:
            columns = slice(start, start + n_logits(question))
            start = columns.stop
            total = total + _choice_loss(question, choice_logits[:, columns], targets.choices[:, columns])
        n_span_labels = targets.spans.shape[-1]
        return total + span_weight * _binary_loss(span_logits[..., :n_span_labels], targets.spans)


def _choice_loss(question: Question, logits: Tensor, targets: Tensor) -> Tensor:
    if question.kind == "multiple choice":
        return _binary_loss(logits, targets)
    answered = ~torch.isnan(targets).any(-1)
    return cross_entropy(logits[answered], targets[answered]) if answered.any() else logits.sum() * 0


def _binary_loss(logits: Tensor, targets: Tensor) -> Tensor:
    answered = ~torch.isnan(targets)
    if not answered.any():
        return logits.sum() * 0  # keeps the graph whole for heads that this batch says nothing about
    return binary_cross_entropy_with_logits(logits[answered], targets[answered])
