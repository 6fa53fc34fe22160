"""A corpus scored on many machines, by Ray Data.

Files are read and cut where there is room, tables piece by piece; each piece becomes the sentences that the local
engine makes of it. A first pass finds what stands twice, so that the second leaves out what the local engine leaves
out, whichever machine reads it. Neither pass keeps anything that a lost machine could take along.
"""

import json
import logging
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from annotate.annotation import Scores
from annotate.article import Citation, Sentence
from annotate.corpus.ingest import Reading
from annotate.corpus.store import to_lines
from annotate.errors import AnnotError, SourceError
from annotate.inference.engine import Model, load_model
from annotate.inference.graphs import Engine
from annotate.inference.pieces import UNITS, Table, Unit, runs_of, sentences_of, units_of
from annotate.models import folder as layout
from annotate.models.exports import GRAPHS

if TYPE_CHECKING:
    from ray import ObjectRef
    from ray.data import Dataset

_BATCH = 1024  # sentences handed to a model at once, which groups them by their tokens
_ARTICLES = 64  # files or rows that are cut at once
_ANSWERS_WITHIN = 10  # seconds


@dataclass(frozen=True)
class Cluster:
    """Where a corpus is scored: at an address of Ray, else on this machine alone; ``engine`` is that of each worker."""

    address: str | None = None
    engine: Engine = field(default_factory=Engine)

    def connect(self) -> None:
        """Join the cluster; raises ``AnnotError`` when Ray is not installed, or does not answer."""
        try:
            import ray
        except ImportError as error:
            raise AnnotError("Ray is not installed: pip install 'annotate[ray]'") from error
        if ray.is_initialized():
            return
        try:
            if self.address is not None:
                _knock(self.address)
            ray.init(self.address, log_to_driver=False, logging_level=logging.ERROR)
        except (RuntimeError, ValueError, OverflowError, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            raise AnnotError(f"{self.address}: no Ray answers there ({reason}); start it with `ray start`") from error


def _knock(address: str) -> None:
    """Raise ``OSError`` where nobody listens at an address, which Ray would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdigit():  # and not a word, such as "auto"
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWERS_WITHIN).close()


@dataclass(frozen=True)
class Found:
    """What the first pass found: what cannot be read, how many sentences there are, and what to leave out."""

    problems: list[SourceError]
    n_sentences: int
    repeated: frozenset[Unit]


class Job:
    """A corpus on a cluster; see ``Cluster.connect``."""

    def __init__(self, sources: Sequence[str], reading: Reading, model: Model, cluster: Cluster) -> None:
        import ray
        from ray.data import DataContext

        self.sources, self.reading, self.model, self.cluster = sources, reading, model, cluster
        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        # In a list, or Ray would hand over what it refers to at the start alone, and not to a worker that is replaced.
        self._packed = [ray.put(_packed(model.folder, cluster.engine))]
        self._n_models = max(1, int(ray.cluster_resources().get("CPU", 1)) - 1)  # reading needs a core as well

    def look(self) -> Found:
        """Read everything once, and return what there is."""
        problems: list[SourceError] = []
        n_sentences = 0
        seen: dict[str, str] = {}
        repeated: set[Unit] = set()
        for batch in self._pieces(units_of).iter_batches(batch_size=None, batch_format="pyarrow"):
            for piece, unit, n, problem in zip(*(batch[name].to_pylist() for name in UNITS.names), strict=True):
                if problem:
                    problems.append(SourceError(problem))
                elif seen.setdefault(unit, piece) != piece:
                    repeated.add((piece, unit))
                else:
                    n_sentences += n
        return Found(problems, n_sentences, frozenset(repeated))

    def lines(self, found: Found) -> Iterator[str]:
        """Yield the scores of the sentences as lines of JSON, in the order of the sources."""
        for batch in self._scored(found).iter_batches(batch_size=None, batch_format="pyarrow"):
            yield from batch["line"].to_pylist()

    def write_parquet(self, found: Found, output: str) -> None:
        """Let the workers write the scores to a folder, or to a place that Ray's file systems know."""
        schema = self.model.schema
        columns = self._scored(found).map_batches(
            _to_columns, batch_format="pyarrow", fn_kwargs={"names": [label.name for label in schema.labels]}
        )
        columns.write_parquet(output)

    def _scored(self, found: Found) -> "Dataset":
        from ray.data import ActorPoolStrategy

        sentences = self._pieces(sentences_of, repeated=found.repeated)
        n_gpus = 1 if self.cluster.engine.device != "cpu" else None
        return sentences.map_batches(
            _Scorer,
            fn_constructor_args=(self._packed, self.model.config.name, self.cluster.engine),
            batch_size=_BATCH,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(min_size=1, max_size=self._n_models),
            num_cpus=1,
            num_gpus=n_gpus,
        )

    def _pieces(self, function: Callable[..., Table], **options: object) -> "Dataset":
        """Apply a function to every piece of the sources, in order."""
        import ray

        parts: list[Dataset] = []
        for paths, kind in runs_of(self.sources):
            if kind == "lines":
                data = ray.data.read_text(paths, include_paths=True, drop_empty_lines=True)
            elif kind == "table":
                data = ray.data.read_parquet(paths, include_paths=True)
            else:
                data = ray.data.read_binary_files(paths, include_paths=True)
            given = {"kind": kind, "reading": self.reading, **options}
            parts.append(data.map_batches(function, batch_size=_ARTICLES, batch_format="pyarrow", fn_kwargs=given))
        return parts[0].union(*parts[1:]) if len(parts) > 1 else parts[0]


class _Scorer:
    """A model in a process of a cluster; it brings the model's files along."""

    def __init__(self, packed: "list[ObjectRef[Mapping[str, bytes]]]", name: str, engine: Engine) -> None:
        import ray

        files: Mapping[str, bytes] = ray.get(packed[0])
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / name
            folder.mkdir()
            for file, content in files.items():
                (folder / file).write_bytes(content)
            self.model = load_model(folder, engine=engine.model_copy(update={"threads": engine.threads or 1}))

    def __call__(self, batch: Table) -> Table:
        sentences = [Sentence.model_validate_json(line) for line in batch["line"].to_pylist()]
        known = [text and Citation.model_validate_json(text) for text in batch["article"].to_pylist()]
        both = zip(self.model(sentences), known, strict=True)
        scores = (score.model_copy(update={"article": article}) if article else score for score, article in both)
        return pa.table({"line": pa.array(to_lines(scores), pa.string())})


def _to_columns(batch: Table, names: Sequence[str]) -> Table:
    """Return scores as a table with a column a field."""
    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string()), ("score", pa.float64())])
    citation = pa.struct([(name, pa.string()) for name in Citation.model_fields])
    kinds: dict[str, Any] = {
        "article": citation,
        **dict.fromkeys(("start", "end", "paragraph"), pa.int64()),
        "labels": pa.struct([(name, pa.float64()) for name in names]),
        "spans": pa.list_(span),
        **dict.fromkeys(("decided", "unsure"), pa.list_(pa.string())),
    }
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in Scores.model_fields])
    return pa.Table.from_pylist([json.loads(line) for line in batch["line"].to_pylist()], schema=schema)


def _packed(folder: Path, engine: Engine) -> dict[str, bytes]:
    """Return the files of a model that scoring reads."""
    graphs = [GRAPHS["full"]] if engine.precision == "full" else list(GRAPHS.values())
    names = [layout.CONFIG, layout.SCHEMA, layout.TOKENIZER, layout.EXPORT, *graphs]
    return {name: (folder / name).read_bytes() for name in names}
