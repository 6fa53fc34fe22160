"""The graphs that a trained model was exported to, and how far they are from the network."""

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from annotate.errors import ModelError
from annotate.models import folder as layout
from annotate.record import Record

Precision = Literal["int8", "full"]

GRAPHS: Mapping[Precision, str] = {"int8": "model.int8.onnx", "full": layout.GRAPH}


class Figure(Record):
    """A decision metric on held-out sentences, by the network in full precision and with 8-bit products."""

    full: float
    int8: float


class ExportRecord(Record):
    """What was exported and checked.

    ``digests`` are SHA-256, by file. ``full_error`` is the largest difference of a probability between the graph in
    full precision and the network, over ``n_checked`` windows; ``int8_error`` is the mean difference of the two graphs.
    ``figures`` are of a network of the cross-validation on the articles held out from it, by metric; empty where labels
    are of a single article, and where a model was exported again. ``in_full`` names the activations whose products are
    in full precision in the 8-bit graph.
    """

    format: Literal[1] = 1
    digests: Mapping[str, str]
    n_checked: Annotated[int, Field(ge=0)]
    full_error: Annotated[float, Field(ge=0)]
    int8_error: Annotated[float, Field(ge=0)]
    figures: Mapping[str, Figure] = {}
    in_full: tuple[str, ...] = ()
    n_layers: Annotated[int, Field(ge=0)] = 0


def is_exported(folder: Path) -> bool:
    """Tell whether a model's folder says what was exported."""
    return (folder / layout.EXPORT).is_file()


def read_export(folder: Path) -> ExportRecord:
    """Read what was exported; raises ``ModelError`` where that is missing or broken."""
    try:
        return ExportRecord.model_validate_json((folder / layout.EXPORT).read_bytes())
    except FileNotFoundError as error:
        raise ModelError(f"{folder}: no export, nor weights for one; train another with `annot train`") from error
    except (OSError, ValidationError) as error:
        raise ModelError(f"{folder / layout.EXPORT}: {damaged()}") from error


def checked_graph(folder: Path, record: ExportRecord, precision: Precision) -> Path:
    """Return the file of a graph that is as it was exported; raises ``ModelError`` where it is not."""
    path = folder / GRAPHS[precision]
    try:
        is_right = digest_of(path) == record.digests.get(path.name)
    except OSError:
        is_right = False
    if not is_right:
        raise ModelError(f"{path}: {damaged()}")
    return path


def damaged() -> str:
    """Say what to do about an export that cannot be used."""
    return f"a damaged export; delete {layout.EXPORT} beside it, and the model is exported again"


def digest_of(path: Path) -> str:
    """Return the SHA-256 digest of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
