"""Sentences as vectors: what a trained model's encoder makes of them, read out of its graph without torch."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from annotate.article import Sentence
from annotate.inference.engine import Model
from annotate.models import folder as layout
from annotate.models.tokenization import Window, to_windows

_BATCH = 32  # windows
_LINEAR = ("Gemm", "MatMul")

Floats = NDArray[np.float32]


def sentence_vectors(model: Model, sentences: Sequence[Sentence]) -> Floats | None:
    """Return what the model's head of sentences reads of each: the mean of its tokens' vectors.

    Of a sentence in several windows it is the mean over them. ``None`` where there is no graph of the network at full
    precision, or no such head is found in it. *Shape:* ``(n_sentences, width)``.
    """
    path = model.folder / layout.GRAPH
    if not path.is_file():
        return None
    graph = onnx.load(path)
    name = _read_by_head(graph.graph)
    if name is None:
        return None
    session = _opened(graph, name)
    found: list[list[Floats]] = [[] for _ in sentences]
    for windows in _batches(to_windows(model.tokenizer, sentences, context=model.config.context)):
        for window, vector in zip(windows, _run(session, name, windows), strict=True):
            found[window.sentence].append(vector)
    return np.stack([np.mean(vectors, axis=0) for vectors in found])


def _batches(windows: Sequence[Window]) -> Iterator[list[Window]]:
    """Yield windows of one length together, so that none needs padding."""
    for _, group in groupby(sorted(windows, key=lambda window: len(window.ids)), key=lambda window: len(window.ids)):
        same = list(group)
        yield from (same[start : start + _BATCH] for start in range(0, len(same), _BATCH))


def _run(session: onnxruntime.InferenceSession, name: str, windows: Sequence[Window]) -> Floats:
    ids = np.array([window.ids for window in windows], dtype=np.int64)
    asked = {each.name: ids if each.name == "input_ids" else np.ones_like(ids) for each in session.get_inputs()}
    (vectors,) = session.run([name], asked)
    mean: Floats = vectors if vectors.ndim == ids.ndim else vectors.mean(axis=1)  # a head may read tokens first
    return mean


def _opened(graph: onnx.ModelProto, name: str) -> onnxruntime.InferenceSession:
    """Open a graph that gives one of its inner tensors, too."""
    graph.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _read_by_head(graph: onnx.GraphProto) -> str | None:
    """Name the tensor that the last linear layer before the first output reads."""
    made_by = {output: node for node in graph.node for output in node.output}
    weights = {weight.name for weight in graph.initializer}
    waiting, seen = [graph.output[0].name], set[str]()
    while waiting:
        name = waiting.pop(0)
        node = made_by.get(name)
        if node is None or name in seen:
            continue
        seen.add(name)
        if node.op_type in _LINEAR and weights.intersection(node.input[1:]):
            return str(node.input[0])
        waiting += node.input
    return None
