"""A trained model scores sentences in order, whole, and each as if it were alone."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.inference.engine import Model, load_model
from annotate.models import folder as layout
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import to_windows
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


def test_a_sentence_scores_the_same_alone_and_among_others(model: Model, starter: list[Annotation]) -> None:
    together = model([annotation.sentence for annotation in starter])
    for annotation, among in zip(starter, together, strict=True):
        (alone,) = model([annotation.sentence])
        assert alone.labels == pytest.approx(among.labels, abs=1e-5)
        assert [(s.start, s.end) for s in alone.spans] == [(s.start, s.end) for s in among.spans]


def test_a_long_sentence_is_scored_to_its_last_word(model: Model, sentence: Callable[..., Sentence]) -> None:
    long = sentence("The army of Syria will win the war. " * 40 + "Regime")
    windows = to_windows(model.tokenizer, [long])
    assert len(windows) > 3
    assert {word for window in windows for word in window.words if word} == set(words_of(long.text))
    thresholds = Thresholds(
        sentences=dict.fromkeys(model.config.thresholds.sentences, 1e-6), words={"Loaded term": 1e-6}
    )
    config = model.config.model_copy(update={"thresholds": thresholds})
    (score,) = replace(model, config=config)([long])
    assert score.spans[-1].end == len(long.text)


@pytest.mark.parametrize("text", ["?!", "🐀", "\u200b", "a" * 5000, "\x00", "[SEP] [PAD] </s>", "ﷺ" * 100])
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
    assert heard == [("Scoring", 512, 600), ("Scoring", 600, 600)]


@pytest.mark.parametrize("name", [layout.GRAPH, layout.TOKENIZER, layout.CONFIG])
@pytest.mark.parametrize("content", [b"", b"not a model"])
def test_a_broken_model_is_refused_in_one_line(trained: Path, tmp_path: Path, name: str, content: bytes) -> None:
    folder = Path(shutil.copytree(trained / "models" / "tiny", tmp_path / "tiny"))
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"^{folder / name}: [^\n]+$"):
        load_model(folder)
