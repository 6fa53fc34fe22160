"""A corpus scored on many machines, by Ray Data.

Files are cut where that can be done, and each piece becomes the sentences that the local engine makes of it. A first
pass finds what is broken and what stands twice, so that the second leaves out what the local engine leaves out,
whichever machine reads it. Neither pass keeps anything that a lost machine could take along.
"""

import logging
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from annotate.annotation import Scores
from annotate.article import Citation, Sentence
from annotate.corpus.ingest import Reading
from annotate.corpus.readers.item import Note
from annotate.corpus.store import to_lines
from annotate.errors import SourceError, StoreError
from annotate.inference.cluster import Cluster, failures_told, reason_of
from annotate.inference.engine import Model, load_model
from annotate.inference.found import Found, found_in
from annotate.inference.graphs import Engine
from annotate.inference.pieces import Piece, Table, is_table, pieces_of, sentences_of, tables, units_of
from annotate.inference.places import Place, places_of
from annotate.models import folder as layout
from annotate.models.exports import GRAPHS

if TYPE_CHECKING:
    from ray import ObjectRef
    from ray.data import Dataset

_BLOCK = 1 << 20  # bytes that are handed on at once: some thousand sentences
_TASKS = 8  # a model at least, as far as there are so many pieces
_PIECES = 32  # a task at most

Render = Callable[[Sequence[Scores]], Table]


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
        self._n_models = cluster.n_models()

    def look(self, note: Note) -> Found:
        """Read everything once, and return what there is; ``note`` hears what a person may want to know."""
        listed = [each for source in self.corpus.sources for each in places_of(source, note)]
        problems = [each for each in listed if isinstance(each, SourceError)]
        pieces = self._pieces([each for each in listed if isinstance(each, Place)])
        found = found_in(pieces, _rows(self._units(pieces)), note) if pieces else Found()
        found.problems = problems + found.problems
        return found

    def lines(self, found: Found) -> Iterator[str]:
        """Yield the scores of the sentences as lines of JSON, in the order of the sources."""
        return (row["line"] for row in _rows(self._scored(found, _lines)))

    def write_parquet(self, found: Found, output: str, render: Render) -> None:
        """Let the workers write what ``render`` makes of scores to a folder, or where Ray's file systems know.

        Raises:
            StoreError: They cannot.
        """
        with failures_told():
            try:
                # Without a core of its own, for the models have them all.
                self._scored(found, render).write_parquet(output, ray_remote_args={"num_cpus": 0}, compression="zstd")
            except OSError as error:
                raise StoreError(f"{output}: cannot be written: {reason_of(error)}") from error

    def _pieces(self, places: Sequence[Place]) -> list[Piece]:
        """Return the pieces of files, in order; tables are cut by the workers, who count their rows."""
        pieces: Iterable[Piece] = (Piece(*place) for place in places)
        if any(map(is_table, places)):
            cut = self._given(places).map_batches(pieces_of, batch_size=None, batch_format="pyarrow")
            pieces = map(Piece.of_row, _rows(cut))
        return [piece._replace(number=number) for number, piece in enumerate(pieces)]

    def _scored(self, found: Found, render: Render) -> "Dataset":
        from ray.data import ActorPoolStrategy

        setup = _Setup(self._packed, self.model.config.name, self.cluster.engine, self._reader(sentences_of), render)
        return self._given(found.pieces).map_batches(
            _Scorer,
            fn_constructor_args=(setup,),
            batch_size=None,
            batch_format="pyarrow",
            compute=ActorPoolStrategy(size=min(self._n_models, len(found.pieces))),
            num_cpus=1,
            num_gpus=1 if self.cluster.on_gpus else None,
        )

    def _units(self, pieces: Sequence[Piece]) -> "Dataset":
        return self._given(pieces).map_batches(self._reader(units_of), batch_size=None, batch_format="pyarrow")

    def _reader(self, function: Callable[..., Iterator[Any]]) -> "_Reader":
        return _Reader(function, self.corpus.reading, self._catalogue)

    def _given(self, rows: Sequence[Piece | Place]) -> "Dataset":
        """Hand out rows, in order, in as many tasks as keep all machines at work to the end."""
        import ray

        n_tasks = min(len(rows), max(_TASKS * self._n_models, len(rows) // _PIECES))
        return ray.data.from_items([row.row() for row in rows], override_num_blocks=n_tasks)


@dataclass(frozen=True)
class _Reader:
    """Reads pieces in a process of a cluster."""

    function: Callable[..., Iterator[Any]]
    reading: Reading
    catalogue: "list[ObjectRef[bytes | None]]"

    def __call__(self, batch: Table) -> Iterator[Any]:
        import ray

        return self.function(batch, self.reading, ray.get(self.catalogue[0]))


@dataclass(frozen=True)
class _Setup:
    """What a process that scores needs: the model's files and name, how it is run, and what is read and given."""

    packed: "list[ObjectRef[Mapping[str, bytes]]]"
    name: str
    engine: Engine
    read: _Reader
    render: Render


class _Scorer:
    """A model in a process of a cluster, which reads what it scores; it brings the model's files along."""

    def __init__(self, setup: _Setup) -> None:
        self.setup = setup

    @cached_property
    def model(self) -> Model:
        """The model, loaded with the first pieces: what fails before them is tried again and again by Ray."""
        import ray

        files: Mapping[str, bytes] = ray.get(self.setup.packed[0])
        engine = self.setup.engine.model_copy(update={"threads": self.setup.engine.threads or 1})
        with tempfile.TemporaryDirectory() as root:
            folder = Path(root) / self.setup.name
            folder.mkdir()
            for file, content in files.items():
                (folder / file).write_bytes(content)
            return load_model(folder, engine=engine)

    def __call__(self, batch: Table) -> Iterator[Table]:
        return tables(self._scores(batch), self.setup.render)

    def _scores(self, batch: Table) -> Iterator[Scores]:
        under_way: deque[Citation | None] = deque()

        def sentences() -> Iterator[Sentence]:
            for sentence, citation in self.setup.read(batch):
                under_way.append(citation)
                yield sentence

        for score in self.model.stream(sentences()):
            citation = under_way.popleft()
            yield score.model_copy(update={"article": citation}) if citation else score


def _lines(scores: Sequence[Scores]) -> Table:
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
