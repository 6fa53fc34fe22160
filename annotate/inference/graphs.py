"""Which of a model's graphs is run, on what, and whether it is as it was exported."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import Field

from annotate.models import folder as layout
from annotate.models.exports import ExportRecord, Precision, checked_graph, read_export
from annotate.models.scores import Network
from annotate.models.sessions import CPU, network_of, open_session
from annotate.record import Record

_ON_WHICH_ALL_DEPENDS = (layout.CONFIG, layout.SCHEMA, layout.TOKENIZER)


class Engine(Record):
    """How a model is run.

    ``device`` is ``cpu``, ``cuda`` or another provider of the installed onnxruntime. ``precision`` is that of the
    matrix products; without one it is 8 bits on a processor where held-out articles told what they cost. ``threads``
    are as many as there are processor cores unless said otherwise.
    """

    device: str = CPU
    precision: Precision | None = None
    threads: Annotated[int, Field(ge=1)] | None = None

    @property
    def n_threads(self) -> int:
        """How many batches are computed at once."""
        return self.threads or n_cores()


@dataclass(frozen=True)
class OpenGraph:
    """A graph that is ready to run; ``digest`` names all that scores depend on, ``note`` is for a person to read."""

    network: Network
    widths: list[int]
    digest: str
    note: str | None


def open_graph(folder: Path, engine: Engine) -> OpenGraph:
    """Open the graph of a model that suits the engine; raises ``ModelError`` where it is damaged or cannot be run."""
    record = read_export(folder)
    precision, note = _precision(engine, record)
    graph = checked_graph(folder, record, precision)
    session = open_session(graph, engine.device)
    widths = [output.shape[-1] for output in session.get_outputs()]
    digest = sha256(b"\0".join(_what_matters(folder, record, engine, precision))).hexdigest()[:16]
    return OpenGraph(network_of(session), widths, digest, note)


def n_cores() -> int:
    """Return how many processor cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux alone has it
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _precision(engine: Engine, record: ExportRecord) -> tuple[Precision, str | None]:
    if engine.precision is not None:
        return engine.precision, None
    if engine.device.lower() != CPU:
        return "full", None
    if not record.figures:
        return "full", "8-bit products of this model were not checked on held-out articles: it is run in full precision"
    return "int8", None


def _what_matters(folder: Path, record: ExportRecord, engine: Engine, precision: Precision) -> Iterator[bytes]:
    yield record.model_dump_json().encode()
    yield from ((folder / name).read_bytes() for name in _ON_WHICH_ALL_DEPENDS)
    yield f"{folder.resolve().name} {engine.device.lower()} {precision}".encode()
