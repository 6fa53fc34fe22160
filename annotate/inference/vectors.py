"""Sentences as vectors: what a trained model's encoder makes of them, read out of its graph without torch."""

from collections.abc import Sequence

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

from annotate.article import Sentence
from annotate.inference.engine import Model
from annotate.models import folder as layout
from annotate.models.tokenization import bucketed, padded, to_windows

_BATCH = 32  # windows
_HEADS = ("Gemm", "MatMul")


def sentence_vectors(model: Model, sentences: Sequence[Sentence]) -> NDArray[np.float32] | None:
    """Return what the model's head for choices reads of each sentence: the mean of its tokens' vectors.

    Of a sentence in several windows it is the mean over them. ``None`` where the graph has no such head to be found,
    as one may not that was made smaller. *Shape:* ``(n_sentences, width)``.
    """
    session, name = _opened(model)
    if session is None or not sentences:
        return None
    windows = to_windows(model.tokenizer, sentences)
    total: NDArray[np.float32] | None = None
    n_windows = np.zeros(len(sentences), np.float32)
    for rows in bucketed(windows, _BATCH):
        batch = [windows[row] for row in rows]
        ids, mask = padded(batch, model.config.pad_id)
        (found,) = session.run([name], {"input_ids": ids, "attention_mask": mask})
        total = np.zeros((len(sentences), found.shape[-1]), np.float32) if total is None else total
        places = [window.sentence for window in batch]
        np.add.at(total, places, found)
        np.add.at(n_windows, places, 1)
    return None if total is None else total / n_windows[:, None]


def _opened(model: Model) -> tuple[onnxruntime.InferenceSession | None, str]:
    """Open the model's graph with one more output, and return it with that one's name."""
    graph = onnx.load(model.folder / layout.GRAPH)
    name = _read_by_choices(graph.graph)
    if name is None:
        return None, ""
    graph.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(graph.SerializeToString(), options, ["CPUExecutionProvider"]), name
    except Exception:  # noqa: BLE001 - onnxruntime's own exceptions share no public base
        return None, ""


def _read_by_choices(graph: onnx.GraphProto) -> str | None:
    """Name the tensor from which the first output is computed by a linear layer."""
    made_by = {output: node for node in graph.node for output in node.output}
    weights = {weight.name for weight in graph.initializer}
    waiting, seen = [graph.output[0].name], set[str]()
    while waiting:
        node = made_by.get(waiting.pop(0))
        if node is None or node.name in seen:
            continue
        seen.add(node.name)
        if node.op_type in _HEADS and any(name in weights for name in node.input[1:]):
            return str(node.input[0])
        waiting += node.input
    return None
