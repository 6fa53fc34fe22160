"""A trained network as an ONNX graph for windows of one length, which have no padding and need no mask."""

import logging
import warnings
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface

from annotate.learning.network import Network

_UNMASKED = "unmasked"
_MATRIX = 2  # dimensions
_TRACED: dict[tuple[object, ...], "_Template | None"] = {}


def to_graph(network: Network, *, plain: bool = True) -> onnx.ModelProto:
    """Return a network's graph; with ``plain`` attention no mask is computed, which not every encoder can do without.

    To trace one takes longer than all else. Networks that differ in nothing but their weights have the same, and one
    of each kind is traced.
    """
    encoder = network.encoder
    kind = (type(encoder), encoder.config.to_json_string(), *(p.shape for p in network.parameters()), plain)
    if kind not in _TRACED:
        _TRACED[kind] = _template(network, plain=plain)
    template = _TRACED[kind]
    return _traced(network, plain=plain) if template is None else template.filled(network)


def _traced(network: Network, *, plain: bool) -> onnx.ModelProto:
    before = network.encoder.config._attn_implementation
    if plain:
        network.encoder.set_attn_implementation(_UNMASKED)
    try:
        return _stripped(_exported(_Unpadded(network)))
    finally:
        network.encoder.set_attn_implementation(before)


class _Template(NamedTuple):
    """A graph whose weights are to be filled in: for each its parameter, and whether it is that, transposed."""

    graph: onnx.ModelProto
    weights: Mapping[str, tuple[str, bool]]

    def filled(self, network: Network) -> onnx.ModelProto:
        """Return the graph with a network's weights."""
        graph = deepcopy(self.graph)
        parameters = dict(network.named_parameters())
        for initializer in graph.graph.initializer:
            if initializer.name in self.weights:
                name, is_transposed = self.weights[initializer.name]
                weight = parameters[name].detach().cpu()
                initializer.CopyFrom(_tensor(weight.T if is_transposed else weight, initializer.name))
        return graph


def _template(network: Network, *, plain: bool) -> _Template | None:
    """Trace a network of the same kind, whose weights are told apart by their random values.

    ``None`` where a weight is not in the graph as it is: it may have been made into another.
    """
    like = deepcopy(network).cpu()
    chance = torch.Generator().manual_seed(0)
    known: dict[tuple[tuple[int, ...], bytes], tuple[str, bool]] = {}
    for name, parameter in like.named_parameters():
        parameter.data = torch.randn(parameter.shape, generator=chance)
        for is_transposed in (False, True) if parameter.dim() == _MATRIX else (False,):
            tensor = _tensor(parameter.data.T if is_transposed else parameter.data, "")
            known[tuple(tensor.dims), tensor.raw_data] = (name, is_transposed)
    graph = _traced(like, plain=plain)
    found = {each.name: known.get((tuple(each.dims), each.raw_data)) for each in graph.graph.initializer}
    weights = {name: weight for name, weight in found.items() if weight is not None}
    if {name for name, _ in weights.values()} != {name for name, _ in like.named_parameters()}:
        return None
    for initializer in graph.graph.initializer:
        if initializer.name in weights:
            initializer.ClearField("raw_data")
    return _Template(graph, weights)


def _tensor(values: Tensor, name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(values.contiguous().numpy(), name)


class _Unpadded(nn.Module):
    """A network that reads windows of one length."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.network.encoder(input_ids=input_ids).last_hidden_state
        # The mean of the heads is the head of the mean. Written as a product for each window, it is added in the same
        # order however many windows there are, so that one scores the same alone and among others, to the last bit.
        ones = torch.ones_like(input_ids, dtype=tokens.dtype).unsqueeze(1)
        mean = (ones @ self.network.sentences(tokens)).squeeze(1) / input_ids.shape[1]
        return mean, self.network.tokens(tokens)


def _exported(network: nn.Module) -> onnx.ModelProto:
    shape = {0: torch.export.Dim("n_windows"), 1: torch.export.Dim("n_tokens")}
    # Two rows of three tokens: sizes of one would be taken for constants.
    example = (torch.ones((2, 3), dtype=torch.long),)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            example,
            dynamo=True,
            verbose=False,
            dynamic_shapes=(shape,),
            input_names=["input_ids"],
            output_names=["sentences", "tokens"],
        )
    assert program is not None  # noqa: S101 - with dynamo there is one
    with TemporaryDirectory() as folder:
        path = Path(folder) / "graph.onnx"
        program.save(path, external_data=False)
        return onnx.load(path)


def _stripped(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Return the graph without where in whose code each node comes from."""
    for node in graph.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del graph.graph.value_info[:]
    return graph


def _unmasked(  # noqa: PLR0913, PLR0917 - transformers calls it so
    module: nn.Module,  # noqa: ARG001
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,  # noqa: ARG001
    scaling: float | None = None,
    **_: object,
) -> tuple[Tensor, None]:
    """Let every token attend to every other; *shapes:* in ``(n, heads, n_tokens, width)``, out with heads third."""
    scaling = query.shape[-1] ** -0.5 if scaling is None else scaling
    shares = torch.softmax(query @ key.transpose(2, 3) * scaling, dim=-1)
    return (shares @ value).transpose(1, 2).contiguous(), None


def _no_mask(*_: object, **__: object) -> None:
    return None


_register: Callable[..., None] = AttentionInterface.register
_register(_UNMASKED, _unmasked)
AttentionMaskInterface.register(_UNMASKED, _no_mask)
