"""What the folder of a trained model holds, where, and whether it fits the questions asked."""

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from annotate.errors import ModelError
from annotate.models.thresholds import Thresholds
from annotate.record import Record
from annotate.schema import LabelSchema

CONFIG = "config.json"
ENCODER = "encoder.json"
METRICS = "metrics.json"
CARD = "README.md"
RELIABILITY = "reliability.svg"
SCHEMA = "labeling_config.xml"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
GRAPH = "model.onnx"
OUT_OF_FOLD = "out_of_fold.jsonl"
EXPORT = "export.json"

_IN_USE = "in-use"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class ModelConfig(Record):
    """How a trained model reads sentences and makes up its mind.

    ``max_length`` is in tokens, the special ones included. With ``context`` it reads the sentence before, too.
    """

    format: Literal[3] = 3
    name: str
    base: str
    max_length: Annotated[int, Field(ge=8)]
    pad_id: Annotated[int, Field(ge=0)]
    context: bool = False
    thresholds: Thresholds


def read_config(folder: Path) -> ModelConfig:
    """Read a model's configuration; raises ``ModelError`` when the folder holds no complete model.

    A model is called what its folder is called, whatever it was called when it was trained.
    """
    if not is_folder(folder):
        raise ModelError(f"{folder}: no such model; `annot models` lists them, `annot train` makes one")
    lacking = [name for name in (CONFIG, SCHEMA, TOKENIZER) if not (folder / name).is_file()]
    if lacking:
        raise ModelError(f"{folder}: not a trained model: {lacking[0]} is missing; train another with `annot train`")
    try:
        config = ModelConfig.model_validate_json((folder / CONFIG).read_bytes())
    except (OSError, ValidationError) as error:
        wrong = {each["loc"]: each["type"] for each in error.errors()} if isinstance(error, ValidationError) else {}
        how = "made by another version of annot" if wrong.get(("format",)) == "literal_error" else "broken"
        raise ModelError(f"{folder / CONFIG}: {how}; train another model with `annot train`") from error
    return config.model_copy(update={"name": folder.resolve().name})


def read_schema(folder: Path, expected: LabelSchema | None = None) -> LabelSchema:
    """Read the labeling configuration that a model was trained for.

    Raises:
        ModelError: The model answers other questions than the expected ones.
    """
    schema = LabelSchema.read(folder / SCHEMA)
    if expected is not None and not schema.asks_the_same_as(expected):
        raise ModelError(
            f"{folder}: trained for another labeling configuration: {_difference(schema, expected)}; run `annot train`"
        )
    return schema


def is_folder(path: Path) -> bool:
    """Tell whether there is such a folder; what cannot be the path of any is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_model_name(name: str) -> bool:
    """Tell whether a model can be called that."""
    return _NAME.fullmatch(name) is not None and name != _IN_USE


def model_names(models: Path) -> list[str]:
    """Name the folders of trained models, alphabetically; some may be broken (see ``read_config``)."""
    return sorted(path.name for path in models.glob("*/") if is_model_name(path.name))


def in_use_file(models: Path) -> Path:
    """Return the file that names the model in use."""
    return models / _IN_USE


def in_use(models: Path) -> str | None:
    """Name the model that is used when none is asked for, or ``None``; raises ``ModelError`` on a broken file."""
    path = in_use_file(models)
    try:
        name = path.read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read; choose a model with `annot models use NAME`") from error
    if not is_model_name(name):
        raise ModelError(f"{path}: names no model; choose one with `annot models use NAME`")
    return name


def _difference(model: LabelSchema, expected: LabelSchema) -> str:
    knows = {label.name for label in model.labels}
    asked = {label.name for label in expected.labels}
    if asked - knows:
        return f"it does not know '{min(asked - knows)}'"
    if knows - asked:
        return f"it knows '{min(knows - asked)}', which is not asked for"
    return "its questions have other names or kinds"
