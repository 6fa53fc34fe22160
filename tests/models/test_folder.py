"""A folder that holds no model for the questions asked is refused in one line that says why."""

from pathlib import Path

import pytest

from annotate.errors import ModelError
from annotate.models import folder as layout
from annotate.models.folder import ModelConfig, in_use, in_use_file, model_names, read_config, read_schema
from annotate.models.thresholds import Thresholds
from annotate.schema import LabelSchema

CONFIG = ModelConfig(
    name="v1", base="b", max_length=64, pad_id=0, thresholds=Thresholds(sentences={"Loaded term": 0.5})
)
FILES = (layout.SCHEMA, layout.TOKENIZER)


@pytest.fixture
def model(tmp_path: Path, schema: LabelSchema) -> Path:
    folder = tmp_path / "models" / "v1"
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(schema.xml, "utf-8")
    (folder / layout.CONFIG).write_text(CONFIG.model_dump_json(), "utf-8")
    return folder


def test_a_complete_folder_is_read(model: Path, schema: LabelSchema) -> None:
    assert read_config(model) == CONFIG
    assert read_schema(model, schema) == schema


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="v9: no such model; `annot models` lists them"):
        read_config(tmp_path / "v9")


@pytest.mark.parametrize("name", [layout.CONFIG, *FILES])
def test_a_missing_file_is_named(model: Path, name: str) -> None:
    (model / name).unlink()
    with pytest.raises(ModelError, match=f"v1: not a trained model: {name} is missing"):
        read_config(model)


def test_a_model_of_another_version_is_told_from_a_broken_one(model: Path) -> None:
    (model / layout.CONFIG).write_text(CONFIG.model_dump_json().replace('"format":3', '"format":2'), "utf-8")
    with pytest.raises(ModelError, match=r"config\.json: made by another version of annot; train another model"):
        read_config(model)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"{}"])
def test_a_broken_configuration_is_refused_in_one_line(model: Path, content: bytes) -> None:
    (model / layout.CONFIG).write_bytes(content)
    with pytest.raises(ModelError, match=r"config\.json: broken; [^\n]*$"):
        read_config(model)


@pytest.mark.parametrize("threshold", [0.0, 1.0, 2.0])
def test_a_threshold_that_decides_always_or_never_is_refused(model: Path, threshold: float) -> None:
    thresholds = Thresholds.model_construct(sentences={"Loaded term": threshold})
    changed = CONFIG.model_copy(update={"thresholds": thresholds})
    (model / layout.CONFIG).write_text(changed.model_dump_json(), "utf-8")
    with pytest.raises(ModelError, match="broken"):
        read_config(model)


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ('value="Prediction"', 'value="Forecast"', "it does not know 'Forecast'"),
        (
            '<Choice value="Prediction" ledger="true" hotkey="2" hint="Says what will or may happen"/>',
            "",
            "it knows 'Prediction'",
        ),
        ('name="claims"', 'name="questions"', "its questions have other names or kinds"),
        ('choice="multiple"', "", "its questions have other names or kinds"),
    ],
)
def test_a_model_for_other_questions_is_refused_and_the_difference_named(
    model: Path, schema: LabelSchema, old: str, new: str, difference: str
) -> None:
    assert old in schema.xml
    expected = LabelSchema.parse(schema.xml.replace(old, new))
    with pytest.raises(ModelError, match=f"v1: trained for another labeling configuration: {difference}"):
        read_schema(model, expected)


def test_models_are_listed_by_name_and_unfinished_ones_are_not(model: Path) -> None:
    for name in ("v0", ".v2.unfinished"):
        (model.parent / name).mkdir()
    assert model_names(model.parent) == ["v0", "v1"]
    assert model_names(model.parent / "missing") == []


def test_the_model_in_use_is_the_one_that_the_file_names(model: Path) -> None:
    assert in_use(model.parent) is None
    in_use_file(model.parent).write_text("v1\n", "utf-8")
    assert in_use(model.parent) == "v1"
