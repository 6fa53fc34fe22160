"""The model that answers: replaced as a whole while requests are answered, and never changed."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from annotate.annotation import Scores
from annotate.article import Sentence
from annotate.config import Workspace
from annotate.errors import AnnotError, ConfigError
from annotate.inference.engine import Model
from annotate.models.folder import in_use, in_use_file
from annotate.schema import LabelSchema
from annotate.workflow.score import load_chosen

_MOST_NAMED = 10
# What is scored between two turns, in sentences and characters: a long text keeps nobody waiting for longer than that.
_CHUNK = 25
_CHUNK_LENGTH = 10_000


class NotReadyError(AnnotError):
    """There is no model yet, or too many requests wait for it."""


@dataclass(frozen=True)
class Answering:
    """A model, and its questions as the workspace asks them: what one request is answered with from end to end."""

    model: Model
    schema: LabelSchema

    @property
    def version(self) -> str:
        """The name of the model."""
        return self.model.config.name


class Served:
    """The model of a workspace, or none as long as none is trained."""

    def __init__(self, workspace: Workspace, waiting: int = 64) -> None:
        """Load the model in use; ``waiting`` is how many requests may wait for it.

        Raises:
            ModelError: The model in use cannot be used.
        """
        self.workspace = workspace
        self.schema = LabelSchema.read(workspace.schema_file)
        self.answering: Answering | None = None
        self.n_waiting = 0
        self._most_waiting = waiting
        self._stamp = self._stamp_of_choice()
        # One thread, for the runtime itself uses every core.
        self._scorer = ThreadPoolExecutor(1, thread_name_prefix="scoring")
        if self._is_chosen:
            self.answering = self._loaded()

    @property
    def version(self) -> str | None:
        """The name of the model."""
        return None if self.answering is None else self.answering.version

    def ready(self) -> Answering:
        """Return what a request that comes now is answered with; raises ``NotReadyError`` where there is no model."""
        if self.answering is None:
            raise NotReadyError("no model yet; label some sentences, and press Start training, or run `annot train`")
        return self.answering

    async def scores(self, sentences: Sequence[Sentence], model: Model) -> list[Scores]:
        """Score sentences in their turn.

        Raises:
            NotReadyError: Too many requests wait for it.
            ModelError: The model cannot be used.
        """
        if self.n_waiting >= self._most_waiting:
            raise NotReadyError("too many requests at once; try again in a moment")
        self.n_waiting += 1
        try:
            loop, found = asyncio.get_running_loop(), list[Scores]()
            for chunk in chunks(sentences):
                found += await loop.run_in_executor(self._scorer, model, chunk)
            return found
        finally:
            self.n_waiting -= 1

    def refresh(self) -> bool:
        """Take the model and the questions that are in use meanwhile, if those are others, and return whether they are.

        Raises:
            ModelError: The model cannot be used; the one before goes on answering.
            ConfigError: The questions cannot; those before stay.
        """
        stamp = self._stamp_of_choice()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        if self.answering is None and not self._is_chosen:
            self.schema = LabelSchema.read(self.workspace.schema_file)
            return False
        self.answering = self._loaded()
        return True

    def refuse_other_questions(self, xml: str) -> None:
        """Raise ``ConfigError``, which says what differs, unless a labeling configuration asks what the model knows."""
        answering = self.answering
        knows = self.schema if answering is None else answering.schema
        who = "labeling_config.xml" if answering is None else f"model '{answering.version}'"
        asked = LabelSchema.parse(xml)
        if not knows.asks_the_same_as(asked):
            raise ConfigError(f"the project asks other questions than {who}: {difference(knows, asked)}")
        if asked.text_name != knows.text_name:
            raise ConfigError(
                f"the project calls its text '{asked.text_name}', and labeling_config.xml '{knows.text_name}';"
                " `annot push` brings it there"
            )

    @property
    def _is_chosen(self) -> bool:
        return self.workspace.settings.model is not None or in_use(self.workspace.models) is not None

    def _loaded(self) -> Answering:
        model, self.schema = load_chosen(self.workspace), LabelSchema.read(self.workspace.schema_file)
        # The file may have changed since the model was compared with it.
        return Answering(model, self.schema if model.schema.asks_the_same_as(self.schema) else model.schema)

    def close(self) -> None:
        """End the thread that scores."""
        self._scorer.shutdown(wait=False, cancel_futures=True)

    def _stamp_of_choice(self) -> tuple[object, ...]:
        """Tell by small files, written anew each time, whether somebody chose another model or other questions."""
        return tuple(map(_stamp, (in_use_file(self.workspace.models), self.workspace.schema_file)))


def _stamp(path: Path) -> tuple[float, bytes] | None:
    try:
        return path.stat().st_mtime, path.read_bytes()
    except OSError:
        return None


def chunks(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """Yield sentences in parts that take about as long as each other at most; one that is longer is one of its own."""
    chunk, length = list[Sentence](), 0
    for sentence in sentences:
        length += len(sentence.text)
        if chunk and (len(chunk) == _CHUNK or length > _CHUNK_LENGTH):
            yield chunk
            chunk, length = [], len(sentence.text)
        chunk.append(sentence)
    if chunk:
        yield chunk


def difference(knows: LabelSchema, asked: LabelSchema) -> str:
    """Say in what two labeling configurations differ, which they do: the first thing that comes in their order."""
    mine, others = knows.outline(), asked.outline()
    for name, (kind, labels, none) in others.items():
        if name not in mine:
            return f"question '{name}' is unknown; known are {_named(mine)}"
        if kind != mine[name][0]:
            return f"question '{name}' asks for {kind}, and is known as {mine[name][0]}"
        new, gone = _without(labels, mine[name][1]), _without(mine[name][1], labels)
        if new or gone:
            return f"question '{name}': " + "; ".join(
                [*([f"{_named(new)} unknown"] if new else []), *([f"{_named(gone)} not asked for"] if gone else [])]
            )
        if none != mine[name][2]:
            return f"question '{name}' calls none of its labels '{none}', and is known with '{mine[name][2]}'"
    left = [name for name in mine if name not in others]
    return f"question {_named(left)} is not asked" if left else "its labels or questions stand in another order"


def _without(names: Iterable[str], others: Iterable[str]) -> list[str]:
    left_out = set(others)
    return [name for name in names if name not in left_out]


def _named(names: Iterable[str]) -> str:
    named = [f"'{name}'" for name in names]
    return ", ".join(named[:_MOST_NAMED]) + (f" and {len(named) - _MOST_NAMED} more" if named[_MOST_NAMED:] else "")
