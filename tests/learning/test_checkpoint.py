"""A trained network is written whole or not at all, and read back to the same figures, with torch and without."""

import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from lessons import learned

from annotate.annotation import Annotation
from annotate.errors import ModelError, StoreError
from annotate.inference.engine import load_model
from annotate.learning.base import load_base
from annotate.learning.card import model_card
from annotate.learning.checkpoint import Trained, load_network, save
from annotate.learning.network import Network
from annotate.learning.training import predict
from annotate.models import folder as layout
from annotate.models.exports import GRAPHS
from annotate.models.scores import to_scores
from annotate.models.thresholds import Thresholds
from annotate.models.training_record import DEFAULT_BASE, Recipe, TrainingRecord, read_training_record
from annotate.schema import LabelSchema

ADDED = {
    "Irony": ('<Choice value="Prediction"', '<Choice value="Irony"/><Choice value="Prediction"'),
    "Metaphor": ('<Label value="Loaded term"', '<Label value="Metaphor"/><Label value="Loaded term"'),
}
RECIPE = Recipe(epochs=100, learning_rate=3e-3, head_learning_rate=3e-2)


@pytest.fixture(scope="module")
def untrained(tiny_base: Path, trained: Path, schema: LabelSchema) -> Trained:
    """Give a network that has learned nothing, to be saved."""
    base = load_base(str(tiny_base))
    record = read_training_record(trained / "models" / "tiny")
    return Trained(base, Network(base.encoder, schema).eval(), Thresholds(sentences={}), record)


@pytest.fixture
def model(trained: Path, tmp_path: Path) -> Path:
    """Give a copy of the tiny model, to be broken."""
    return Path(shutil.copytree(trained / "models" / "tiny", tmp_path / "tiny"))


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """Let the disk seem full for files of more than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def weigh(annotations: list[Annotation], label: str, schema: LabelSchema) -> list[Annotation]:
    """Let every third sentence carry the added label, and the others not."""
    (question,) = (q for q in schema.questions if label in q.names)

    def answer(annotation: Annotation) -> tuple[object, ...]:
        return ({"start": 0, "end": len(annotation.text), "label": label},) if question.kind == "spans" else (label,)

    return [
        Annotation.model_validate(a.model_dump() | {"answers": {question.name: answer(a) if i % 3 == 0 else ()}})
        for i, a in enumerate(annotations)
    ]


@pytest.mark.parametrize("label", ADDED)
def test_a_label_added_to_the_configuration_is_learned_saved_and_scored(
    untrained: Trained, starter: list[Annotation], schema: LabelSchema, tmp_path: Path, label: str
) -> None:
    wider = LabelSchema.parse(schema.xml.replace(*ADDED[label]))
    labelled = weigh(starter[:9], label, wider)
    network = learned(untrained.base, labelled, wider, RECIPE)
    marked = {name: 0.5 for q in wider.span_questions for name in q.names}
    thresholds = Thresholds(sentences={each.name: 0.5 for each in wider.labels}, words=marked)
    save(replace(untrained, network=network, thresholds=thresholds), tmp_path / "wider", labelled)
    scores = load_model(tmp_path / "wider", wider)([annotation.sentence for annotation in labelled])
    assert [label in score.decided for score in scores] == [i % 3 == 0 for i in range(9)]
    assert all(list(score.labels) == [each.name for each in wider.labels] for score in scores)
    with pytest.raises(ModelError, match=f"it knows '{label}', which is not asked for"):
        load_model(tmp_path / "wider", schema)


def test_torch_and_onnxruntime_give_the_same_probabilities(
    trained: Path, starter: list[Annotation], schema: LabelSchema
) -> None:
    model = load_model(trained / "models" / "tiny", schema)
    base, network = load_network(trained / "models" / "tiny", schema)
    found = predict(network, base, starter, Recipe())
    for annotation, mine, ours in zip(starter, found, model([a.sentence for a in starter]), strict=True):
        theirs = to_scores(annotation.sentence, mine, schema, "tiny", model.config.thresholds)
        assert ours.labels == pytest.approx(theirs.labels, abs=1e-4)


def test_a_network_comes_back_with_the_same_weights(
    untrained: Trained, trained: Path, starter: list[Annotation], schema: LabelSchema
) -> None:
    base = untrained.base
    recipe = read_training_record(trained / "models" / "tiny").recipe
    read, network = load_network(trained / "models" / "tiny", schema)
    before = learned(base, starter, schema, recipe).state_dict()
    assert before.keys() == network.state_dict().keys()
    # The heads hold the calibration besides.
    encoder = {name: value for name, value in network.state_dict().items() if name.startswith("encoder.")}
    assert all(torch.equal(before[name], value) for name, value in encoder.items())
    assert (read.name, read.max_length, read.pad_id) == (base.title, base.max_length, base.pad_id)


def test_a_models_folder_says_what_it_is(trained: Path, schema: LabelSchema) -> None:
    folder = trained / "models" / "tiny"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        (layout.CARD, layout.CONFIG, layout.ENCODER, layout.GRAPH, layout.METRICS, layout.SCHEMA)
        + (layout.TOKENIZER, layout.WEIGHTS, layout.OUT_OF_FOLD, layout.EXPORT, GRAPHS["int8"])
        + (layout.RELIABILITY,)
    )
    assert (folder / layout.SCHEMA).read_text("utf-8") == schema.xml
    card = (folder / layout.CARD).read_text("utf-8")
    assert "drafts of a language model that no person has checked" in card


def test_a_card_shows_names_as_they_are(trained: Path, schema: LabelSchema) -> None:
    folder = trained / "models" / "tiny"
    renamed = LabelSchema.parse(schema.xml.replace('value="Prediction"', 'value="A|B *x* &lt;b>"'))
    text = (folder / layout.METRICS).read_text("utf-8").replace('"Prediction"', '"A|B *x* <b>"')
    config = layout.read_config(folder)
    card = model_card(config, TrainingRecord.model_validate_json(text), renamed, None)
    assert "| A\\|B \\*x\\* \\<b\\> |" in card
    assert "A|B" not in card.partition("recipe:")[0]


def test_a_card_names_the_encoder_by_its_id_and_a_folder_by_its_name_alone(
    trained: Path, tiny_base: Path, schema: LabelSchema
) -> None:
    folder = trained / "models" / "tiny"
    card = (folder / layout.CARD).read_text("utf-8")
    config, record = layout.read_config(folder), read_training_record(folder)
    assert config.base == record.recipe.base == tiny_base.name
    assert str(tiny_base) not in "".join((folder / name).read_text("utf-8") for name in (layout.CONFIG, layout.METRICS))
    assert card.startswith("---\nlibrary_name: annotate\npipeline_tag: text-classification\n---\n")
    assert f"The base encoder, `{config.base}`, is under a licence of its own." in card
    for base, hub_id, licence in (
        (DEFAULT_BASE, f"sentence-transformers/{DEFAULT_BASE}", "Apache-2.0"),
        ("some/encoder", "some/encoder", "a licence of its own"),
    ):
        card = model_card(config.model_copy(update={"base": base}), record, schema, hub_id)
        assert f'\nbase_model: "{hub_id}"\n' in card
        assert f"The base encoder, `{base}`, is under {licence}." in card


@pytest.mark.parametrize("largest", [0, 340_000])
def test_a_full_disk_is_told_and_nothing_is_left_behind(
    untrained: Trained, starter: list[Annotation], tmp_path: Path, largest: int
) -> None:
    refusal = r"/new: cannot be written: [^\n]+; nothing was changed$"
    with pytest.raises(StoreError, match=refusal), no_file_over(largest):
        save(untrained, tmp_path / "new", starter[:2])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(untrained: Trained, starter: list[Annotation], tmp_path: Path) -> None:
    (tmp_path / "models").touch()
    with pytest.raises(StoreError, match="/models/new: cannot be written: "):
        save(untrained, tmp_path / "models" / "new", starter[:2])
    assert list(tmp_path.iterdir()) == [tmp_path / "models"]


def test_a_network_for_other_questions_is_refused(trained: Path, schema: LabelSchema) -> None:
    expected = LabelSchema.parse(schema.xml.replace("Prediction", "Forecast"))
    with pytest.raises(ModelError, match="it does not know 'Forecast'"):
        load_network(trained / "models" / "tiny", expected)


@pytest.mark.parametrize("name", [layout.WEIGHTS, layout.ENCODER, layout.TOKENIZER])
@pytest.mark.parametrize(
    "damage",
    [Path.unlink, lambda path: path.write_bytes(b"{"), lambda path: path.write_bytes(b"")],
    ids=["missing", "broken", "empty"],
)
def test_a_broken_model_is_refused(model: Path, name: str, damage: Callable[[Path], object]) -> None:
    damage(model / name)
    with pytest.raises(ModelError, match=r"^[^\n]+$"):
        load_network(model)


def test_weights_of_another_network_are_refused(model: Path) -> None:
    encoder = json.loads((model / layout.ENCODER).read_text("utf-8"))
    (model / layout.ENCODER).write_text(json.dumps(encoder | {"hidden_size": 16}), "utf-8")
    with pytest.raises(ModelError, match="tiny: broken"):
        load_network(model)


def test_a_model_is_kept_from_whom_the_users_mask_keeps_files(
    untrained: Trained, starter: list[Annotation], tmp_path: Path
) -> None:
    before = os.umask(0o077)
    try:
        save(untrained, tmp_path / "m", starter[:2])
    finally:
        os.umask(before)
    paths = [tmp_path / "m", *(tmp_path / "m").iterdir()]
    assert {path.name: path.stat().st_mode & 0o777 for path in paths} == {
        path.name: 0o700 if path.is_dir() else 0o600 for path in paths
    }
