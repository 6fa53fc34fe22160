"""Fitting a network to labelled sentences."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor
from torch.optim import AdamW

from annotate.article import Sentence
from annotate.learning.base import Base
from annotate.learning.device import Device
from annotate.learning.encoding import Example, to_batch, usual_of
from annotate.learning.layers import layers_of
from annotate.learning.network import Network, Targets, Usual
from annotate.learning.snapshot import NOTHING_KEPT, SnapshotFile, Snapshots
from annotate.models.scores import Logits, Probabilities, run_network
from annotate.models.tokenization import Ids, to_windows
from annotate.models.training_record import Recipe
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema

_WARMING = 0.1  # the share of the steps in which rates rise
_AVERAGED = 10  # the weights are averaged over about the last tenth of the steps
_NOTHING = 1e-12  # keeps a length of zero from dividing


@dataclass(frozen=True)
class Course:
    """How networks are trained: what they start from, where, how, and in which folder what they reach is kept.

    ``name`` tells one training from another there; without a folder nothing is kept.
    """

    start: Network
    base: Base
    device: Device
    recipe: Recipe
    folder: Path | None = None
    name: str = "all"

    @property
    def snapshots(self) -> Snapshots:
        """Where the training is kept."""
        return NOTHING_KEPT if self.folder is None else SnapshotFile(self.folder / f"{self.name}.safetensors")


def new_network(base: Base, schema: LabelSchema, recipe: Recipe) -> Network:
    """Return an untrained network on a copy of the base's encoder."""
    torch.manual_seed(recipe.seed)
    return Network(deepcopy(base.encoder), schema)


def fit(course: Course, examples: Sequence[Example], progress: Progress = silent) -> Network:
    """Train a copy of the network to start from, and return it on the processor.

    The same start, examples, recipe and machine give the same network, interrupted or not; a GPU, nearly the same.
    """
    recipe, device = course.recipe, course.device
    torch.manual_seed(recipe.seed)
    network = device.place(deepcopy(course.start))
    usual = usual_of(examples)
    network.silence(usual)
    n_epochs, n_steps = recipe.epochs_for(len(examples)), steps_of(recipe, len(examples))
    fitting = _Fitting(network, course, usual, len(examples))
    fitting.restore()
    for epoch in range(fitting.n_done * n_epochs // n_steps, n_epochs):
        for batch in _batches(examples, recipe, epoch):
            with device.running_out_told():
                fitting.step(batch)
            progress("Training", fitting.n_done, n_steps)
        fitting.keep()
    return fitting.averaged()


def warmed_up(course: Course, examples: Sequence[Example], name: str, progress: Progress = silent) -> Course:
    """Return a course that starts from what other examples teach.

    Heads of labels that they say nothing of stay as they were, ready to learn.
    """
    network = fit(replace(course, name=name), examples, progress)
    network.listen(usual_of(examples), course.start)
    return replace(course, start=network)


def steps_of(recipe: Recipe, n_examples: int) -> int:
    """Return how many steps a training takes."""
    return recipe.epochs_for(n_examples) * -(-n_examples // recipe.batch_for(n_examples))


def predict(network: Network, base: Base, sentences: Sequence[Sentence], recipe: Recipe) -> list[Probabilities]:
    """Return a network's probabilities for sentences, in order."""
    windows = to_windows(base.tokenizer, sentences, context=recipe.context)
    return run_network(logits_of(network), windows, network.schema)


def logits_of(network: Network) -> Callable[[Ids], Logits]:
    """Return a network as a function from ids of windows of one length to logits."""
    device = network.sentences.weight.device

    def logits(ids: Ids) -> Logits:
        placed = torch.from_numpy(ids).to(device)
        with torch.inference_mode():
            whole, tokens = network(placed, torch.ones_like(placed))
        return whole.cpu().numpy(), tokens.cpu().numpy()

    return logits


class _Fitting:
    """A training under way: weights, their running average, the optimizer's state and the number of steps done."""

    def __init__(self, network: Network, course: Course, usual: Usual, n_examples: int) -> None:
        recipe, device = course.recipe, course.device
        self.network = network.train()
        self.course = course
        self.snapshots = course.snapshots
        self.usual = Usual(usual.sentences.to(device.name), usual.tokens.to(device.name))
        groups = _groups(network, recipe, recipe.rate_for(n_examples))
        self.optimizer = AdamW(groups, weight_decay=recipe.weight_decay, fused=True)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.n_steps = steps_of(recipe, n_examples)
        self.momentum = 1 - min(1.0, _AVERAGED / self.n_steps)
        self.n_done = 0
        self.trained = {name: value for name, value in network.named_parameters() if value.requires_grad}
        self.average = {name: value.detach().clone() for name, value in self.trained.items()}

    def step(self, examples: Sequence[Example]) -> None:
        """Learn from a batch, in as many parts as memory asks for."""
        with self._uphill():
            self._backward(examples)
        torch.nn.utils.clip_grad_norm_(self.trained.values(), 1.0)
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * _share_of_rate(self.n_done, self.n_steps)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.n_done += 1
        # The first steps are forgotten quickly, or the average would remember the start.
        momentum = min(self.momentum, self.n_done / (self.n_done + 10))
        torch._foreach_lerp_(list(self.average.values()), [p.detach() for p in self.trained.values()], 1 - momentum)

    def _backward(self, examples: Sequence[Example]) -> None:
        recipe, device = self.course.recipe, self.course.device
        size = -(-len(examples) // recipe.accumulate)
        for start in range(0, len(examples), size):
            part = examples[start : start + size]
            ids, mask, targets = to_batch(part, self.course.base.pad_id)
            with device.mixed_precision():
                outputs = self.network(ids.to(device.name), mask.to(device.name))
            placed = Targets(targets.sentences.to(device.name), targets.tokens.to(device.name))
            loss = self.network.loss(outputs, placed, self.usual, recipe.span_weight)
            (loss * (len(part) / len(examples))).backward()

    @contextmanager
    def _uphill(self) -> Iterator[None]:
        """Have gradients taken a little uphill, which leads to where the loss is flat.

        Uphill is where the running mean of the gradients points, without a second pass (Becker et al., 2024).
        """
        states = [(value.detach(), self.optimizer.state.get(value, {})) for value in self.trained.values()]
        pairs = [(value, state["exp_avg"]) for value, state in states if "exp_avg" in state]
        if not pairs:  # before the first step
            yield
            return
        moving, moments = (list(part) for part in zip(*pairs, strict=True))
        radius = self.course.recipe.sharpness_radius * torch.nn.utils.get_total_norm(moving)
        far = radius / (torch.nn.utils.get_total_norm(moments) + _NOTHING)
        climbs = torch._foreach_mul(moments, far)
        torch._foreach_add_(moving, climbs)
        yield
        torch._foreach_sub_(moving, climbs)

    def averaged(self) -> Network:
        """Return the network with the average of its weights, on the processor."""
        self.network.load_state_dict({**self.network.state_dict(), **self.average})
        return self.network.cpu().eval()

    def keep(self) -> None:
        """Keep what has been reached, so that an interrupted training goes on from there."""
        self.snapshots.keep(self._state)

    def restore(self) -> None:
        """Go on from what was kept, if anything was."""
        kept = self.snapshots.restore()
        if kept is None:
            return
        with torch.no_grad():
            for name, value in self.trained.items():
                value.copy_(kept[f"weight {name}"])
                self.average[name].copy_(kept[f"average {name}"])
                moments = {part: kept.get(f"{part} {name}") for part in ("exp_avg", "exp_avg_sq", "step")}
                self.optimizer.state[value] = {
                    part: kept.to(value.device) for part, kept in moments.items() if kept is not None
                }
        self.n_done = int(kept["n_done"])
        self.course.device.set_chance(kept)

    def _state(self) -> dict[str, Tensor]:
        state = {"n_done": torch.tensor(self.n_done), **self.course.device.chance()}
        for name, value in self.trained.items():
            state |= {f"weight {name}": value.detach(), f"average {name}": self.average[name]}
            state |= {f"{part} {name}": kept for part, kept in self.optimizer.state[value].items()}
        return state


def _groups(network: Network, recipe: Recipe, rate: float) -> list[dict[str, Any]]:
    """Return the parameters by learning rate: heads learn fastest, and of the encoder's layers the last.

    Word embeddings are half of a small encoder, and a few thousand sentences touch few of them: they stay as they are,
    which halves the time of a step. (Layer-wise rates: Howard and Ruder, 2018.)
    """
    network.encoder.get_input_embeddings().requires_grad_(requires_grad=False)
    layers = layers_of(network.encoder)
    inside = {id(p) for layer in layers for p in layer.parameters()}
    rest = [p for p in network.encoder.parameters() if p.requires_grad and id(p) not in inside]
    rates = [rate * recipe.layer_decay**depth for depth in range(len(layers), -1, -1)]
    parts = [rest, *(list(layer.parameters()) for layer in layers)]
    heads = [*network.sentences.parameters(), *network.tokens.parameters()]
    groups = [{"params": part, "lr": rate} for part, rate in zip(parts, rates, strict=True) if part]
    return [*groups, {"params": heads, "lr": recipe.head_learning_rate}]


def _share_of_rate(step: int, n_steps: int) -> float:
    """Return the share of its rate at which a step learns: it rises, then falls to zero."""
    return min((step + 1) / max(1, n_steps * _WARMING), 1 - step / n_steps)


def _batches(examples: Sequence[Example], recipe: Recipe, epoch: int) -> Iterator[list[Example]]:
    """Yield an epoch's shuffled batches, each of sentences of like length, so that little is padded."""
    random = Random(recipe.seed * 1_000_003 + epoch)  # noqa: S311 - not for secrets
    order = sorted(examples, key=lambda e: len(e.window.ids) * random.uniform(0.8, 1.25))
    size = recipe.batch_for(len(order))
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    random.shuffle(batches)
    yield from batches
