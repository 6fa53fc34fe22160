"""A corpus scored on many machines, by Ray Data.

Files are cut where that can be done, and each piece becomes the sentences that the local engine makes of it. A first
pass finds what is broken and what stands twice, so that the second leaves out what the local engine leaves out,
whichever machine reads it. Neither pass keeps anything that a lost machine could take along.
"""

import logging
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from annotate.article import Citation, Sentence
from annotate.corpus.ingest import Reading
from annotate.corpus.readers.item import Note
from annotate.corpus.store import to_lines
from annotate.errors import SourceError
from annotate.inference.cluster import Cluster, failures_told
from annotate.inference.engine import Model, load_model
from annotate.inference.found import Found, found_in
from annotate.inference.graphs import Engine
from annotate.inference.pieces import Piece, Table, is_table, pieces_of, sentences_of, units_of
from annotate.inference.places import Place, places_of
from annotate.models import folder as layout
from annotate.models.exports import GRAPHS

if TYPE_CHECKING:
    from ray import ObjectRef
    from ray.data import Dataset

_BATCH = 1024  # sentences handed to a model at once, which groups them by their tokens
_BLOCK = 1 << 20  # bytes that are handed on at once: some thousand sentences
_TASKS = 256  # into which the pieces are divided at least, as far as there are so many
_PIECES = 32  # of a task, where there are many


@dataclass(frozen=True)
class Corpus:
    """What is to be scored, how it is read, and what articles were called before (see ``Catalogue.packed``)."""

    sources: Sequence[str]
    reading: Reading
    catalogue: bytes | None = None


class Job:
    """A corpus on a cluster; see ``Cluster.connect``."""

    def __init__(self, corpus: Corpus, model: Model, cluster: Cluster) -> None:
        import ray
        from ray.data import DataContext

        self.corpus, self.model, self.cluster = corpus, model, cluster
        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = _BLOCK
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        logging.getLogger("ray.data").setLevel(logging.CRITICAL)
        # In lists, or Ray would hand over what they refer to at the start alone, and not to a worker that is replaced.
        self._packed = [ray.put(_packed(model.folder, cluster.engine))]
        self._catalogue = [ray.put(corpus.catalogue)]
        self._n_models, self._cores = cluster.n_models(), cluster.n_cores_each()

    def look(self, note: Note) -> Found:
        """Read everything once, and return what there is; ``note`` hears what a person may want to know."""
        listed = [each for source in self.corpus.sources for each in places_of(source, note)]
        problems = [each for each in listed if isinstance(each, SourceError)]
        pieces = self._pieces([each for each in listed if isinstance(each, Place)])
        found = found_in(pieces, _rows(self._read(units_of, pieces)), note) if pieces else Found()
        found.problems = problems + found.problems
        return found

    def lines(self, found: Found) -> Iterator[str]:
        """Yield the scores of the sentences as lines of JSON, in the order of the sources."""
        return (row["line"] for row in _rows(self._scored(found)))

    def write_parquet(self, found: Found, output: str, to_table: Callable[[Sequence[str]], Table]) -> None:
        """Let the workers write what ``to_table`` makes of lines to a folder, or where Ray's file systems know."""
        columns = self._scored(found).map_batches(
            _Columns(to_table), batch_size=_BATCH, batch_format="pyarrow", num_cpus=self._cores
        )
        with failures_told():
            columns.write_parquet(output, ray_remote_args={"num_cpus": self._cores}, compression="zstd")

    def _pieces(self, places: Sequence[Place]) -> list[Piece]:
        """Return the pieces of files, in order; tables are cut by the workers, who count their rows."""
        pieces: Iterable[Piece] = (Piece(*place) for place in places)
        if any(map(is_table, places)):
            pieces = map(Piece.of_row, _rows(self._apply(pieces_of, [place._asdict() for place in places])))
        return [piece._replace(number=number) for number, piece in enumerate(pieces)]

    def _scored(self, found: Found) -> "Dataset":
        from ray.data import ActorPoolStrategy

        return self._read(sentences_of, found.pieces).map_batches(
            _Scorer,
            fn_constructor_args=(self._packed, self.model.config.name, self.cluster.engine),
            batch_size=_BATCH,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(min_size=1, max_size=self._n_models),
            num_cpus=self._cores,
            num_gpus=1 if self.cluster.on_gpus else None,
        )

    def _read(self, function: Callable[..., Iterator[Table]], pieces: Sequence[Piece]) -> "Dataset":
        reader = _Reader(function, self.corpus.reading, self._catalogue)
        return self._apply(reader, [piece.row() for piece in pieces])

    def _apply(self, function: Callable[[Table], Any], rows: list[dict[str, Any]]) -> "Dataset":
        """Apply a function to rows, in order."""
        import ray

        n_tasks = min(len(rows), max(_TASKS, len(rows) // _PIECES))
        data = ray.data.from_items(rows, override_num_blocks=n_tasks)
        return data.map_batches(function, batch_size=None, batch_format="pyarrow", num_cpus=self._cores)


@dataclass(frozen=True)
class _Reader:
    """Reads pieces in a process of a cluster."""

    function: Callable[..., Iterator[Table]]
    reading: Reading
    catalogue: "list[ObjectRef[bytes | None]]"

    def __call__(self, batch: Table) -> Iterator[Table]:
        import ray

        return self.function(batch, self.reading, ray.get(self.catalogue[0]))


@dataclass(frozen=True)
class _Columns:
    """Makes columns of lines in a process of a cluster."""

    to_table: Callable[[Sequence[str]], Table]

    def __call__(self, batch: Table) -> Table:
        return self.to_table(batch["line"].to_pylist())


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


def _rows(data: "Dataset") -> Iterator[dict[str, Any]]:
    with failures_told():
        for batch in data.iter_batches(batch_size=None, batch_format="pyarrow"):
            yield from batch.to_pylist()


def _packed(folder: Path, engine: Engine) -> dict[str, bytes]:
    """Return the files of a model that scoring reads."""
    graphs = [GRAPHS["full"]] if engine.precision == "full" else list(GRAPHS.values())
    names = [layout.CONFIG, layout.SCHEMA, layout.TOKENIZER, layout.EXPORT, *graphs]
    return {name: (folder / name).read_bytes() for name in names}
