"""A trained network as an ONNX graph for windows of one length, which have no padding and need no mask."""

import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
import torch
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface

from annotate.learning.network import Network

_UNMASKED = "unmasked"


def to_graph(network: Network, *, plain: bool = True) -> onnx.ModelProto:
    """Trace a network; with ``plain`` attention no mask is computed, which not every encoder can do without."""
    before = network.encoder.config._attn_implementation
    if plain:
        network.encoder.set_attn_implementation(_UNMASKED)
    try:
        return _stripped(_exported(_Unpadded(network)))
    finally:
        network.encoder.set_attn_implementation(before)


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
