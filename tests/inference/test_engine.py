"""A trained model scores sentences in order, whole, and each as if it were alone."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.inference.cache import Cache
from annotate.inference.engine import Model, load_model
from annotate.inference.graphs import Engine
from annotate.models import folder as layout
from annotate.models import sessions
from annotate.models.exports import GRAPHS, Precision
from annotate.models.scores import Logits
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import Ids, to_windows
from annotate.schema import LabelSchema
from annotate.words import words_of


@pytest.fixture(scope="module")
def model(trained: Path, schema: LabelSchema) -> Model:
    return load_model(trained / "models" / "tiny", schema)


def test_scores_come_in_order_and_carry_their_sentences(model: Model, starter: list[Annotation]) -> None:
    sentences = [annotation.sentence for annotation in starter] * 10
    scores = model(sentences)
    assert [score.text for score in scores] == [sentence.text for sentence in sentences]
    assert {score.model for score in scores} == {"tiny"}
    assert len({score.labels["Prediction"] for score in scores}) == len({sentence.text for sentence in sentences})


def test_no_sentence_is_no_score(model: Model) -> None:
    assert model([]) == []


@pytest.mark.parametrize("precision", ["int8", "full"])
def test_a_sentence_scores_the_same_to_the_last_bit_alone_and_among_others(
    trained: Path, starter: list[Annotation], precision: Precision
) -> None:
    folder = trained / "models" / "tiny"
    sentences = [annotation.sentence for annotation in starter]
    together = load_model(folder, engine=Engine(precision=precision)).with_words(sentences)
    alone = load_model(folder, engine=Engine(precision=precision, threads=1))
    assert [alone.with_words([sentence])[0] for sentence in sentences] == together


def test_a_stream_gives_what_a_list_gives_and_reads_little_ahead(model: Model, starter: list[Annotation]) -> None:
    sentences = [annotation.sentence for annotation in starter] * 40
    n_read = 0

    def source() -> Iterator[Sentence]:
        nonlocal n_read
        for sentence in sentences:
            n_read += 1
            yield sentence

    stream = model.stream(source())
    first = next(stream)
    assert n_read <= 32
    assert [first, *stream] == model(sentences)


def test_sentences_with_the_same_words_are_computed_once_and_keep_their_places(
    model: Model, sentence: Callable[..., Sentence]
) -> None:
    n_computed = 0

    def network(ids: Ids) -> Logits:
        nonlocal n_computed
        n_computed += len(ids)
        return model.graph.network(ids)

    counting = replace(model, graph=replace(model.graph, network=network), cache=Cache(lambda each: each.text))
    repeated = [sentence("Rats won."), sentence("They lost."), sentence("Rats won.", start=40, article="b")]
    scores = counting(repeated)
    assert counting([sentence("They lost.", article="c")])[0].article_id == "c"
    assert n_computed == 2
    assert [score.sentence for score in scores] == repeated
    assert scores[0].labels == scores[2].labels


def test_full_precision_and_bytes_differ_little(trained: Path, starter: list[Annotation]) -> None:
    sentences = [annotation.sentence for annotation in starter]
    full, int8 = (load_model(trained / "models" / "tiny", engine=Engine(precision=p))(sentences) for p in GRAPHS)
    pairs = [(a.labels[name], b.labels[name]) for a, b in zip(full, int8, strict=True) for name in a.labels]
    assert 0 < fmean(abs(a - b) for a, b in pairs) < 0.02


def test_a_device_that_is_not_there_is_named_with_those_that_are(trained: Path) -> None:
    with pytest.raises(ModelError, match=r"^device 'quantum': the onnxruntime here has .*cpu.*; for cuda install"):
        load_model(trained / "models" / "tiny", engine=Engine(device="quantum"))


@pytest.mark.parametrize("flags", [None, "fpu sse4_2 avx2"])
def test_products_of_bytes_are_exact_on_every_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str | None
) -> None:
    if flags:
        (tmp_path / "cpuinfo").write_text(f"flags\t: {flags}\n", "utf-8")
        monkeypatch.setattr(sessions, "_CPU", tmp_path / "cpuinfo")
    chance = np.random.default_rng(0)
    weights = chance.choice([-127, 127, 100], (384, 64)).astype(np.int8)  # pairs of products run over 16 bits
    values = chance.integers(200, 256, (16, 384)).astype(np.float32)
    one = np.float32(1)
    constants = {"w": weights, "scale": one, "scales": np.ones(64, np.float32), "zero": np.uint8(0)}
    graph = helper.make_graph(
        [
            helper.make_node("QuantizeLinear", ["x", "scale", "zero"], ["q"]),
            helper.make_node(
                "MatMulIntegerToFloat", ["q", "w", "scale", "scales", "zero", ""], ["y"], domain="com.microsoft"
            ),
        ],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 384])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 64])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    session = InferenceSession(model, sessions.exact_options(), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"x": values})
    assert np.array_equal(found, values.astype(np.int64) @ weights.astype(np.int64))


def test_a_long_sentence_is_scored_to_its_last_word(model: Model, sentence: Callable[..., Sentence]) -> None:
    long = sentence("The army of Syria will win the war. " * 40 + "Regime")
    windows = to_windows(model.tokenizer, [long])
    assert len(windows) > 3
    assert {word for window in windows for word in window.words if word} == set(words_of(long.text))
    thresholds = Thresholds(
        sentences=dict.fromkeys(model.config.thresholds.sentences, 1e-6), words={"Loaded term": 1e-6}
    )
    config = model.config.model_copy(update={"thresholds": thresholds})
    (score,) = replace(model, config=config, cache=Cache(lambda each: each.text))([long])
    assert score.spans[-1].end == len(long.text)


@pytest.mark.parametrize(
    "text",
    ["?!", "🐀", "\u200b", "a" * 1_000_000, "\x00", "[SEP] [PAD] </s>", "ﷺ" * 100],
    ids=lambda text: ascii(text[:9]),
)
def test_any_text_is_scored(model: Model, sentence: Callable[..., Sentence], text: str) -> None:
    (score,) = model([sentence(text)])
    assert list(score.labels) == ["Loaded term", "Unsourced claim", "Prediction"]


def test_progress_is_reported_by_sentence(
    trained: Path, sentence: Callable[..., Sentence], schema: LabelSchema
) -> None:
    heard: list[tuple[str, int, int | None]] = []

    def listen(activity: str, /, done: int = 0, total: int | None = None) -> None:
        heard.append((activity, done, total))

    load_model(trained / "models" / "tiny", schema, listen)([sentence("Rats.")] * 600)
    assert [done for _, done, _ in heard] == [32, 96, 224, 480, 600]
    assert {(activity, total) for activity, _, total in heard} == {("Scoring", 600)}


@pytest.mark.parametrize("name", [*GRAPHS.values(), layout.EXPORT, layout.TOKENIZER, layout.CONFIG])
@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_a_broken_model_is_refused_in_one_line(trained: Path, tmp_path: Path, name: str, content: bytes) -> None:
    folder = Path(shutil.copytree(trained / "models" / "tiny", tmp_path / "tiny"))
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"^{folder / name}: [^\n]+$"):
        load_model(folder, engine=Engine(precision="full" if name == layout.GRAPH else "int8"))
