"""A graph whose large matrix products are of 8-bit integers.

Weights have a scale a column. Activations have one scale a product, fixed beforehand from what was seen of them: unlike
a scale chosen for each batch, it costs no pass over them, and lets no window change the scores of another. Where a few
channels of an activation are far larger than the rest, they are made smaller, and the weights that read them larger
(SmoothQuant: Xiao et al., 2023), for one scale would leave the other channels no digits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import NodeProto, TensorProto, helper, numpy_helper

from annotate.models.tokenization import Ids

_SMALLEST = 64  # columns; the heads are smaller, and take no time
_WEIGHTS, _ACTIVATIONS = 127, 255

_OUTLYING = 6  # times the median of the channels' largest values
MOVED = (0.8, 0.75, 0.85, 0.7, 0.9)
"""How much of what is large goes from an activation to the weights; the first is as good as any on average."""

Floats = npt.NDArray[np.float32]


class Range(NamedTuple):
    """The lowest and the highest value of each channel of an activation; *shapes:* ``(width,)``."""

    low: Floats
    high: Floats

    @property
    def peaks(self) -> Floats:
        """How large each channel gets."""
        peaks: Floats = np.maximum(np.maximum(-self.low, self.high), 1e-3)
        return peaks


class Rounding(NamedTuple):
    """How a graph is quantised: the activations whose products stay in full precision, and how much is moved."""

    in_full: tuple[str, ...] = ()
    moved: float = MOVED[0]


@dataclass(frozen=True)
class Layer:
    """The matrix products that read one activation, such as query, key and value: they are quantised together."""

    activation: str
    products: tuple[str, ...]


def layers_of(model: onnx.ModelProto) -> list[Layer]:
    """Return what can be quantised, in the order of the graph; products are named by what they give."""
    products: dict[str, list[str]] = {}
    for node in _products(model):
        products.setdefault(node.input[0], []).append(node.output[0])
    return [Layer(activation, tuple(names)) for activation, names in products.items()]


def observed_ranges(model: onnx.ModelProto, batches: Iterable[Ids]) -> dict[str, Range]:
    """Return the lowest and highest value that each channel of each activation takes over some batches."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    names = [layer.activation for layer in layers_of(model)]
    watched.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in names)
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    ranges: dict[str, Range] = {}
    for ids in batches:
        for name, values in zip(names, session.run(names, {"input_ids": ids}), strict=True):
            zero = np.zeros(values.shape[-1], np.float32)  # is always representable
            low, high = ranges.get(name, (zero, zero))
            ranges[name] = Range(np.minimum(low, values.min((0, 1))), np.maximum(high, values.max((0, 1))))
    return ranges


def quantised(model: onnx.ModelProto, ranges: Mapping[str, Range], rounding: Rounding) -> onnx.ModelProto:
    """Return the graph with 8-bit products."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    graph = result.graph
    chosen = {node.output[0] for node in _products(model) if node.input[0] not in rounding.in_full}
    weights = {tensor.name: tensor for tensor in graph.initializer}
    biases = dict(_biases(graph.node, weights))
    absorbed = {biases[name].output[0] for name in chosen if name in biases}
    nodes: list[NodeProto] = []
    calm = {name: _calming(ranges[name], mine, rounding.moved) for name, mine in _readers(model, weights).items()}
    ready: set[str] = set()
    for node in graph.node:
        if node.output[0] in absorbed:
            continue
        if node.output[0] not in chosen:
            nodes.append(node)
            continue
        activation, weight = node.input
        if activation not in ready:
            ready.add(activation)
            graph.initializer.extend(_activation_scale(activation, ranges[activation], calm[activation]))
            nodes.extend(_quantise(activation, calm[activation]))
        graph.initializer.extend(_integers(weight, _scaled(numpy_helper.to_array(weights[weight]), calm[activation])))
        nodes.append(_product(node, biases.get(node.output[0])))
    _replace(graph, nodes)
    result.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return result


def _products(model: onnx.ModelProto) -> Iterator[NodeProto]:
    """Yield the products of an activation and a large matrix of weights."""
    shapes = {tensor.name: tensor.dims for tensor in model.graph.initializer}
    for node in model.graph.node:
        shape: Sequence[int] = shapes.get(node.input[1], ()) if node.op_type == "MatMul" else ()
        if len(shape) == 2 and shape[1] >= _SMALLEST:  # noqa: PLR2004 - a matrix
            yield node


def _biases(nodes: Sequence[NodeProto], weights: Mapping[str, TensorProto]) -> Iterator[tuple[str, NodeProto]]:
    """Yield, by what they add to and nothing else reads, the nodes that add a vector of weights."""
    readers = Counter(name for node in nodes for name in node.input)
    for node in nodes:
        if node.op_type == "Add":
            for value, bias in (node.input, reversed(node.input)):
                if bias in weights and len(weights[bias].dims) == 1 and readers[value] == 1:
                    yield value, node


def _readers(model: onnx.ModelProto, weights: Mapping[str, TensorProto]) -> dict[str, list[Floats]]:
    """Return the weights that read each activation."""
    found: dict[str, list[Floats]] = {}
    for node in _products(model):
        found.setdefault(node.input[0], []).append(numpy_helper.to_array(weights[node.input[1]]))
    return found


def _calming(found: Range, weights: Sequence[Floats], moved: float) -> Floats | None:
    """Return what each channel of an activation is to be divided by, and its weights multiplied; ``None`` for nothing.

    *Shapes:* the weights ``(width, n_columns)``; out ``(width,)``.
    """
    peaks = found.peaks
    if peaks.max() < _OUTLYING * np.median(peaks):
        return None
    largest = np.maximum(np.abs(np.concatenate(weights, axis=1)).max(axis=1), 1e-4)
    scale = peaks**moved / largest ** (1 - moved)
    calming: Floats = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
    return calming


def _scaled(weights: Floats, calming: Floats | None) -> Floats:
    return weights if calming is None else weights * calming[:, None]


def _activation_scale(name: str, found: Range, calming: Floats | None) -> Iterator[TensorProto]:
    by = np.ones(1, np.float32) if calming is None else calming
    low, high = float((found.low / by).min()), float((found.high / by).max())
    scale = np.float32(max(high - low, 1e-6) / _ACTIVATIONS)
    yield numpy_helper.from_array(np.array(scale), f"{name}.scale")
    yield numpy_helper.from_array(np.array(round(-low / scale), dtype=np.uint8), f"{name}.zero")
    if calming is not None:
        yield numpy_helper.from_array(1 / calming, f"{name}.calming")


def _integers(name: str, weights: npt.NDArray[np.float32]) -> Iterator[TensorProto]:
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32) / _WEIGHTS
    yield numpy_helper.from_array(np.round(weights / scale).astype(np.int8), f"{name}.integers")
    yield numpy_helper.from_array(scale, f"{name}.scale")


def _quantise(name: str, calming: Floats | None) -> Iterator[NodeProto]:
    calm = name
    if calming is not None:
        calm = f"{name}.calm"
        yield helper.make_node("Mul", [name, f"{name}.calming"], [calm])
    yield helper.make_node("QuantizeLinear", [calm, f"{name}.scale", f"{name}.zero"], [f"{name}.integers"])


def _product(node: NodeProto, bias: NodeProto | None) -> NodeProto:
    """Return the product of integers that stands for one, and for the addition of its bias."""
    activation, weight = node.input
    inputs = [f"{activation}.integers", f"{weight}.integers", f"{activation}.scale", f"{weight}.scale"]
    inputs += [f"{activation}.zero", ""]  # the weights' zero is zero
    output = node.output[0]
    if bias is not None:
        inputs += [name for name in bias.input if name != output]
        output = bias.output[0]
    return helper.make_node("MatMulIntegerToFloat", inputs, [output], name=node.name, domain="com.microsoft")


def _replace(graph: onnx.GraphProto, nodes: Sequence[NodeProto]) -> None:
    """Give a graph other nodes, and drop the weights that none of them reads."""
    del graph.node[:]
    graph.node.extend(nodes)
    read = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)
