"""Fitting a network to labelled sentences."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from random import Random
from typing import Any

import torch
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from annotate.annotation import Annotation
from annotate.learning.base import Base
from annotate.learning.encoding import Example, to_batch, to_examples
from annotate.learning.network import Network
from annotate.models.scores import Floats, Probabilities, run_network
from annotate.models.tokenization import Ids, to_windows
from annotate.models.training_record import Recipe
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema


def fit(
    base: Base, labelled: Sequence[Annotation], schema: LabelSchema, recipe: Recipe, progress: Progress = silent
) -> Network:
    """Train a network on labelled sentences; the base itself is left as it is.

    The same base, labels, recipe and machine give the same network.
    """
    torch.manual_seed(recipe.seed)
    network = Network(deepcopy(base.encoder), schema)
    examples = to_examples(base.tokenizer, labelled, schema)
    steps = recipe.epochs * -(-len(examples) // recipe.batch_size)
    optimizer = _optimizer(network, recipe)
    schedule = LambdaLR(optimizer, lambda step: min((step + 1) / max(1, steps // 10), 1 - step / steps))
    network.train()
    for step, batch in enumerate(_batches(examples, recipe), start=1):
        ids, mask, targets = to_batch(batch, base.pad_id)
        with _mixed_precision():
            outputs = network(ids, mask)
        network.loss(outputs, targets, recipe.span_weight).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        progress("Training", step, steps)
    return network.eval()


def predict(base: Base, network: Network, sentences: Sequence[Annotation]) -> list[Probabilities]:
    """Return a network's probabilities for sentences, in order."""

    def logits(ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        with torch.inference_mode():
            choices, spans = network(torch.from_numpy(ids), torch.from_numpy(mask))
        return choices.numpy(), spans.numpy()

    return run_network(logits, to_windows(base.tokenizer, sentences), network.schema, base.pad_id)


def _optimizer(network: Network, recipe: Recipe) -> AdamW:
    # Word embeddings are half of a small encoder, and a few hundred sentences touch few of them: they stay as they
    # are, which halves the time of a step.
    embeddings = network.encoder.get_input_embeddings()
    embeddings.requires_grad_(requires_grad=False)
    heads = [*network.choices.parameters(), *network.spans.parameters()]
    body = [parameter for parameter in network.encoder.parameters() if parameter.requires_grad]
    groups: list[dict[str, Any]] = [{"params": body}, {"params": heads, "lr": recipe.head_learning_rate}]
    return AdamW(groups, lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True)


def _batches(examples: Sequence[Example], recipe: Recipe) -> Iterator[list[Example]]:
    """Yield shuffled batches for every epoch, each of sentences of like length, so that little is padded."""
    random = Random(recipe.seed)  # noqa: S311 - not for secrets
    for _ in range(recipe.epochs):
        order = sorted(examples, key=lambda e: len(e.window.ids) * random.uniform(0.8, 1.25))
        batches = [order[start : start + recipe.batch_size] for start in range(0, len(order), recipe.batch_size)]
        random.shuffle(batches)
        yield from batches


def _mixed_precision() -> torch.autocast:
    # Where the processor has no bfloat16 arithmetic, emulating it is slower than full precision.
    supported = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=supported)
