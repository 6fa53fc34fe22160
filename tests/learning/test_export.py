"""What 8 bits would spoil stays in full precision, and the record of the export says so."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import onnx
import pytest
import torch
from onnxruntime import InferenceSession
from transformers import BertConfig, BertModel

from annotate.annotation import Annotation
from annotate.errors import ModelError
from annotate.learning import graph
from annotate.learning.base import load_base
from annotate.learning.export import HeldOut, Original, check_export, export
from annotate.learning.network import Network
from annotate.learning.quantization import layers_of
from annotate.learning.training import predict
from annotate.models.exports import GRAPHS
from annotate.models.scores import to_annotation, to_scores
from annotate.models.thresholds import Thresholds
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema


@pytest.fixture
def original(tiny_base: Path, schema: LabelSchema) -> Original:
    """Give a network of random weights that is wide enough for its products to be quantised."""
    base = load_base(str(tiny_base))
    torch.manual_seed(0)
    size = {"hidden_size": 64, "intermediate_size": 128, "initializer_range": 0.1}
    config = BertConfig.from_dict(base.encoder.config.to_dict() | size)
    encoder = BertModel(config, add_pooling_layer=False)
    return Original(Network(encoder, schema).eval(), replace(base, encoder=encoder))


def with_a_dead_unit(network: Network) -> None:
    """Let one unit of the last layer never fire, and its weights be so large that the others' have no digits left."""
    last: Any = network.encoder.get_submodule("encoder.layer.1")
    with torch.no_grad():
        last.intermediate.dense.bias[0] = -1e5
        last.output.dense.weight[:, 0] = 1e4


def cut(values: Iterable[float]) -> float:
    """Return a threshold in the widest gap of the middle half, which small errors do not cross."""
    ordered = sorted(values)
    middle = ordered[len(ordered) // 4 : -(len(ordered) // 4)]
    low, high = max(pairwise(middle), key=lambda pair: pair[1] - pair[0])
    return (low + high) / 2


def held_out(original: Original, sentences: Sequence[Annotation], schema: LabelSchema) -> HeldOut:
    """Give labels that are the network's own answers, so that whatever changes one costs F1."""
    found = predict(original.network, original.base, sentences, Recipe())
    both = [(annotation.sentence, mine) for annotation, mine in zip(sentences, found, strict=True)]
    words = {"Loaded term": cut(word[0] for mine in found for word in mine.words.values())}
    usual = Thresholds(sentences={label.name: 0.5 for label in schema.labels}, words=words)
    scores = [to_scores(*each, schema, "tiny", usual) for each in both]
    cuts = {label.name: cut(score.labels[label.name] for score in scores) for label in schema.labels}
    thresholds = usual.model_copy(update={"sentences": cuts})
    answers = [to_annotation(to_scores(*each, schema, "tiny", thresholds), schema) for each in both]
    return HeldOut(original.network, [annotation.sentence for annotation in sentences], answers, thresholds)


def test_a_layer_whose_bytes_cost_held_out_figures_stays_in_full_precision(
    original: Original, starter: list[Annotation], schema: LabelSchema, tmp_path: Path
) -> None:
    with_a_dead_unit(original.network)
    truth = held_out(original, starter, schema)
    record = export(original, tmp_path, truth.learned, truth)
    full, int8 = (onnx.load(tmp_path / name) for name in (GRAPHS["full"], GRAPHS["int8"]))
    assert record.in_full[0] == layers_of(full)[-1].activation
    assert record.n_layers == len(layers_of(full))
    assert {layer.activation for layer in layers_of(int8)} == set(record.in_full)
    assert all(figure.full == 1.0 and figure.int8 >= 0.995 for figure in record.figures.values())
    assert record.int8_error < export(original, tmp_path, truth.learned).int8_error / 2


class Branching(BertModel):
    """An encoder that looks at what it reads before it decides what to do, so that no graph of it can be drawn."""

    def forward(self, input_ids: torch.Tensor, **others: Any) -> Any:
        return super().forward(input_ids, **others) if int(input_ids.sum()) else None


def test_an_encoder_that_cannot_be_exported_is_refused_before_it_is_trained(
    original: Original, starter: list[Annotation], schema: LabelSchema
) -> None:
    check_export(original, starter[:2])
    torch.manual_seed(0)
    encoder = Branching(BertConfig.from_dict(original.base.encoder.config.to_dict() | {"hidden_size": 32}))
    base = replace(original.base, encoder=encoder)
    with pytest.raises(ModelError, match=r"^[^\n]+: cannot be exported \([^\n]+\); use another base encoder$"):
        check_export(Original(Network(encoder, schema).eval(), base), starter[:2])


class WithMore(BertModel):
    """An encoder with a weight that is not in its graph as it is, for its double is."""

    def __init__(self, config: BertConfig) -> None:
        super().__init__(config, add_pooling_layer=False)
        self.more = torch.nn.Parameter(torch.randn(config.hidden_size))

    def forward(self, input_ids: torch.Tensor, **others: Any) -> Any:
        found = super().forward(input_ids, **others)
        found.last_hidden_state = found.last_hidden_state * (2 * self.more)
        return found


@pytest.mark.parametrize("kind", [BertModel, WithMore])
def test_networks_of_a_kind_are_traced_once_and_each_graph_has_its_own_weights(
    original: Original, starter: list[Annotation], kind: type[BertModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    traced, trace = [], graph._exported

    def counted(network: torch.nn.Module) -> onnx.ModelProto:
        traced.append(network)
        return trace(network)

    monkeypatch.setattr(graph, "_exported", counted)
    config = BertConfig.from_dict(original.base.encoder.config.to_dict() | {"hidden_size": 32, "num_hidden_layers": 1})
    window = original.windows([starter[0].sentence])[0]
    ids = torch.tensor([window.ids])
    for seed in range(2):
        torch.manual_seed(seed)
        encoder = kind(config) if kind is WithMore else kind(config, add_pooling_layer=False)
        network = Network(encoder, original.network.schema).eval()
        session = InferenceSession(graph.to_graph(network).SerializeToString(), providers=["CPUExecutionProvider"])
        with torch.inference_mode():
            theirs = network(ids, torch.ones_like(ids))
        for mine, their in zip(session.run(None, {"input_ids": ids.numpy()}), theirs, strict=True):
            assert mine == pytest.approx(their.numpy(), abs=1e-5)
    assert len(traced) == (1 if kind is BertModel else 3)
