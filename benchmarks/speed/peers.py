"""Other ways to run the same weights over the same sentences; what they load is not in their time."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import transformers
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast, pipeline

from annotate.learning.checkpoint import load_network
from annotate.learning.network import Network
from annotate.models import folder as layout

_ROWS = 256  # tokens of a product, as many as a batch of ours has
_SECONDS = 3


def pipeline_rate(folder: Path, texts: Sequence[str], batch_size: int) -> float:
    """Return the sentences a second of transformers' pipeline."""
    transformers.utils.logging.set_verbosity_error()
    _, network = load_network(folder)
    config = BertConfig.from_dict(network.encoder.config.to_dict() | {"num_labels": 3})
    model = BertForSequenceClassification(config).eval()
    model.bert.load_state_dict(network.encoder.state_dict(), strict=False)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer.from_file(str(folder / layout.TOKENIZER)))
    tokenizer.pad_token, tokenizer.model_max_length = "[PAD]", 512
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None, device="cpu")
    given = {"batch_size": batch_size, "truncation": True, "function_to_apply": "sigmoid"}
    return _rate(lambda part: classify(list(part), **given), texts)


def loop_rate(folder: Path, texts: Sequence[str], *, bfloat16: bool) -> float:
    """Return the sentences a second of a plain loop in torch over batches of sentences of like length."""
    base, network = load_network(folder)
    return _rate(lambda part: _loop(network, base.tokenizer, part, bfloat16=bfloat16), texts)


def _loop(network: Network, tokenizer: Tokenizer, texts: Sequence[str], *, bfloat16: bool) -> None:
    ids = sorted((encoding.ids for encoding in tokenizer.encode_batch(list(texts))), key=len)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
        for start in range(0, len(ids), 32):
            batch = ids[start : start + 32]
            padded = torch.zeros((len(batch), len(batch[-1])), dtype=torch.long)
            for row, mine in enumerate(batch):
                padded[row, : len(mine)] = torch.tensor(mine)
            network(padded, (padded != 0).long())


def roofline(folder: Path, n_threads: int) -> float:
    """Return the tokens a second if nothing were computed but the model's products of 8-bit integers."""
    from concurrent.futures import ThreadPoolExecutor

    shapes = _shapes(onnx.load(folder / "model.int8.onnx"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(_products(shapes).SerializeToString(), options)
    chance = np.random.default_rng(0)
    given = {f"a{k}": chance.integers(0, 255, (_ROWS, k), np.uint8) for k in {k for k, _ in shapes}}
    session.run(None, given)
    ends = time.perf_counter() + _SECONDS

    def work(_: int) -> int:
        n = 0
        while time.perf_counter() < ends:
            session.run(None, given)
            n += 1
        return n

    began = time.perf_counter()
    with ThreadPoolExecutor(n_threads) as threads:
        n_runs = sum(threads.map(work, range(n_threads)))
    return n_runs * _ROWS / (time.perf_counter() - began)


def _shapes(model: onnx.ModelProto) -> list[tuple[int, int]]:
    weights = {tensor.name: tensor.dims for tensor in model.graph.initializer}
    products = [node for node in model.graph.node if node.op_type == "MatMulIntegerToFloat"]
    return [(weights[node.input[1]][0], weights[node.input[1]][1]) for node in products]


def _products(shapes: Sequence[tuple[int, int]]) -> onnx.ModelProto:
    """Return a graph of nothing but products."""
    chance = np.random.default_rng(0)
    nodes, weights = [], []
    for number, (rows, columns) in enumerate(shapes):
        weights.append(numpy_helper.from_array(chance.integers(-127, 127, (rows, columns), np.int8), f"b{number}"))
        nodes.append(helper.make_node("MatMulInteger", [f"a{rows}", f"b{number}", "zero"], [f"y{number}"]))
    weights.append(numpy_helper.from_array(np.array(128, np.uint8), "zero"))
    inputs = [helper.make_tensor_value_info(f"a{k}", TensorProto.UINT8, [_ROWS, k]) for k in {k for k, _ in shapes}]
    outputs = [
        helper.make_tensor_value_info(f"y{number}", TensorProto.INT32, [_ROWS, columns])
        for number, (_, columns) in enumerate(shapes)
    ]
    graph = helper.make_graph(nodes, "products", inputs, outputs, weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def _rate(run: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    run(texts[:8])
    began = time.perf_counter()
    run(texts)
    return len(texts) / (time.perf_counter() - began)
