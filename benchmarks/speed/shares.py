"""Which part of scoring takes how much of the processors' time."""

import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import onnxruntime

from annotate.article import Sentence
from annotate.corpus.ingest import documents_of
from annotate.corpus.store import to_lines
from annotate.inference.engine import load_model
from annotate.inference.graphs import Engine
from annotate.models.scores import read_logits, to_scores
from annotate.models.tokenization import of_one_length, stacked, to_windows

_KINDS = {
    "MatMulIntegerToFloat": "products of integers",
    "QuantizeLinear": "to integers",
    "Gelu": "activation",
    "LayerNormalization": "normalisation",
    "Softmax": "attention: softmax",
    "FusedMatMul": "products in full precision: attention, unquantised layers",
    "MatMul": "products in full precision: attention, unquantised layers",
    "Transpose": "attention: order of axes",
    "Add": "additions",
}


def shares(folder: Path, corpus: Path) -> Mapping[str, float]:
    """Return the seconds of processor time by part, of scoring some articles once."""
    found: dict[str, float] = {}

    def timed(name: str, work: Callable[[], object]) -> object:
        began = time.process_time()
        result = work()
        found[name] = time.process_time() - began
        return result

    model = load_model(folder, engine=Engine(precision="int8"))
    documents = timed("reading, cutting", lambda: [d for d in documents_of([str(corpus)]) if hasattr(d, "sentences")])
    sentences = [sentence for document in documents for sentence in document.sentences]  # type: ignore[attr-defined]
    windows = to_windows(model.tokenizer, sentences)
    timed("tokenising", lambda: to_windows(model.tokenizer, sentences))
    groups = of_one_length(windows)
    batches = [stacked([windows[row] for row in rows]) for rows in groups]
    logits = [model.graph.network(ids) for ids in batches]
    read = timed("probabilities", lambda: read_logits(windows, zip(groups, logits, strict=True), model.schema))
    scored = timed("scores", lambda: _scores(sentences, read, model))  # type: ignore[arg-type]
    timed("writing", lambda: "".join(to_lines(scored)))  # type: ignore[arg-type]
    return found | _by_kind(folder / "model.int8.onnx", batches)


def _scores(sentences: Sequence[Sentence], found: Sequence, model) -> list:  # type: ignore[type-arg,no-untyped-def]  # noqa: ANN001
    config = model.config
    pairs = zip(sentences, found, strict=True)
    return [to_scores(sentence, mine, model.schema, config.name, config.thresholds) for sentence, mine in pairs]


def _by_kind(graph: Path, batches: Sequence[object]) -> dict[str, float]:
    """Return the seconds of the graph's operations by kind, run one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.enable_profiling = True
        options.profile_file_prefix = f"{folder}/profile"
        session = onnxruntime.InferenceSession(str(graph), options, disabled_optimizers=["SkipLayerNormFusion"])
        for ids in batches:
            session.run(None, {"input_ids": ids})
        events = json.loads(Path(session.end_profiling()).read_text())
    seconds: defaultdict[str, float] = defaultdict(float)
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("kernel_time"):
            seconds[_KINDS.get(event["args"]["op_name"], "other operations")] += event["dur"] / 1e6
    return dict(seconds)
