"""One encoder, one head a question, one pass."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy
from transformers import PreTrainedModel

from annotate.models.scores import columns_of_none, n_logits, output_widths
from annotate.schema import LabelSchema


@dataclass(frozen=True)
class Targets:
    """What annotators answered, for a batch, as shares of them from 0 to 1; ``nan`` where nobody did.

    Tokens of no word are ``nan`` too. *Shapes:* ``sentences`` ``(n_windows, n_sentence_logits)``, ``tokens``
    ``(n_windows, n_tokens, n_span_labels)``.
    """

    sentences: Tensor
    tokens: Tensor


@dataclass(frozen=True)
class Usual:
    """How much is answered on average: the sentences a window, and the tokens a window, by column.

    A batch that answers less of a column weighs less in it, and one that answers more weighs more. So over an epoch
    every label weighs the same, however few of the sentences know it. *Shapes:* ``(n_sentence_logits,)`` and
    ``(n_span_labels,)``.
    """

    sentences: Tensor
    tokens: Tensor


class Network(nn.Module):
    """An encoder with linear heads: on the mean of the tokens for what a sentence carries, on each token for spans.

    A label of spans has both: the sentence's head says whether there is one, the tokens' head says where. Heads of one
    kind lie side by side in one matrix, in the order of ``output_widths``.
    """

    def __init__(self, encoder: PreTrainedModel, schema: LabelSchema, dropout: float = 0.1) -> None:
        super().__init__()
        width = encoder.config.hidden_size
        self.schema = schema
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        n_sentence_logits, n_token_logits = output_widths(schema)
        self.sentences = nn.Linear(width, n_sentence_logits)
        self.tokens = nn.Linear(width, n_token_logits)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the logits of the sentences and of the tokens.

        *Shapes:* in ``(n_windows, n_tokens)`` twice; out ``(n_windows, n_sentence_logits)`` and
        ``(n_windows, n_tokens, n_span_labels)``.
        """
        tokens = self.dropout(self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state)
        return self.sentences(mean_of(tokens, attention_mask)), self.tokens(tokens)

    def silence(self, answered: Usual) -> None:
        """Let labels of which nothing is known never be decided for: nothing else would teach their heads.

        A single choice without a choice that says "none" decides for one of its labels all the same.
        """
        with torch.no_grad():
            for head, known in ((self.sentences, answered.sentences), (self.tokens, answered.tokens)):
                rows = _unknown(known)
                head.weight[rows] = 0.0
                head.bias[rows] = _NEVER
            for column in columns_of_none(self.schema):
                if not answered.sentences[column]:  # of labels that exclude each other, some class must be likeliest
                    self.sentences.bias[column] = 0.0

    def listen(self, answered: Usual, fresh: "Network") -> None:
        """Take the heads of labels of which nothing was known (see ``silence``) from a network that may learn them."""
        pairs = (self.sentences, fresh.sentences, answered.sentences), (self.tokens, fresh.tokens, answered.tokens)
        with torch.no_grad():
            for head, other, known in pairs:
                rows = _unknown(known)
                head.weight[rows] = other.weight[rows]
                head.bias[rows] = other.bias[rows]

    def loss(self, outputs: tuple[Tensor, Tensor], targets: Targets, usual: Usual, span_weight: float = 1.0) -> Tensor:
        """Return the sum over labels and single choices of the mean loss over what is answered.

        The loss of the tokens counts ``span_weight`` times. *Shape:* scalar.
        """
        whole, tokens = outputs[0].float(), outputs[1].float()
        n_windows, n_columns = targets.sentences.shape
        total = whole.new_zeros(())
        start = 0
        for question in self.schema.choice_questions:
            columns = slice(start, start + n_logits(question))
            start = columns.stop
            if question.kind == "single choice":
                expected = n_windows * usual.sentences[columns][:1].clamp(min=_RAREST)
                total = total + _choice_loss(whole[:, columns], targets.sentences[:, columns]) / expected.squeeze()
            else:
                total = total + _binary_loss(whole[:, columns], targets.sentences[:, columns], usual.sentences[columns])
        rest = slice(start, n_columns)
        total = total + _binary_loss(whole[:, rest], targets.sentences[:, rest], usual.sentences[rest])
        n_span_labels = targets.tokens.shape[-1]
        marked = tokens[..., :n_span_labels].flatten(0, 1), targets.tokens.flatten(0, 1)
        per_token = usual.tokens * n_windows / max(1, len(marked[1]))
        return total + span_weight * _binary_loss(*marked, per_token, rarest=0.0)


_NEVER = -5.0  # the logit of a label of which nothing is known
_RAREST = 0.1  # a label that fewer windows know gets no more weight, for a few sentences would make every step


def _unknown(answered: Tensor) -> Tensor:
    """Return the rows of a head of which nothing is known; one that nothing reads is no label's, and not among them."""
    return torch.nonzero(answered == 0).flatten()


def mean_of(tokens: Tensor, attention_mask: Tensor) -> Tensor:
    """Return the mean of the tokens that are no padding; *shapes:* ``(n, n_tokens, width)`` to ``(n, width)``."""
    weights = attention_mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weights).sum(1) / weights.sum(1)


def _choice_loss(logits: Tensor, targets: Tensor) -> Tensor:
    answered = ~torch.isnan(targets).any(-1)
    return cross_entropy(logits[answered], targets[answered], reduction="sum")


def _binary_loss(logits: Tensor, targets: Tensor, usual: Tensor, rarest: float = _RAREST) -> Tensor:
    """Return the loss of independent labels, of each over what is usually answered of it in as many rows."""
    answered = ~torch.isnan(targets)
    each = binary_cross_entropy_with_logits(logits, torch.where(answered, targets, 0.0), reduction="none")
    expected = (len(targets) * usual.clamp(min=rarest)).clamp(min=1e-6)
    return (torch.where(answered, each, 0.0).sum(0) / expected).sum()
