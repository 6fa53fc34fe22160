"""Sentences as vectors: what a trained model's encoder makes of them, read out of its graph without torch."""

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime

from annotate.article import Sentence
from annotate.inference.engine import Model
from annotate.models import folder as layout
from annotate.models.scores import Floats
from annotate.models.tokenization import of_one_length, stacked, to_windows


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
    windows = to_windows(model.tokenizer, sentences, context=model.config.context)
    for rows in of_one_length(windows):
        (tokens,) = session.run([name], {"input_ids": stacked([windows[row] for row in rows])})
        for row, vector in zip(rows, tokens.mean(axis=1), strict=True):
            found[windows[row].sentence].append(vector)
    return np.stack([np.mean(vectors, axis=0) for vectors in found])


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
        if node.op_type == "MatMul" and weights.intersection(node.input[1:]):
            return str(node.input[0])
        waiting += node.input
    return None
