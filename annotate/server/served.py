"""The model that answers: replaced as a whole while requests are answered, and never changed."""

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from annotate.annotation import Scores
from annotate.article import Sentence
from annotate.config import Workspace
from annotate.errors import AnnotError, ConfigError
from annotate.inference.engine import Model
from annotate.models.folder import in_use, in_use_file
from annotate.schema import LabelSchema
from annotate.workflow.score import load_chosen

_MOST_NAMED = 10
_CHUNK = 25  # sentences between two turns: a long text keeps nobody waiting for longer than these take


class NotReadyError(AnnotError):
    """There is no model yet, or too many requests wait for it."""


class Served:
    """The model of a workspace, or none as long as none is trained."""

    def __init__(self, workspace: Workspace, waiting: int = 64) -> None:
        """Load the model in use; ``waiting`` is how many requests may wait for it.

        Raises:
            ModelError: The model in use cannot be used.
        """
        self.workspace = workspace
        self.schema = LabelSchema.read(workspace.schema_file)
        self.model: Model | None = None
        self.n_waiting = 0
        self._most_waiting = waiting
        self._stamp = self._stamp_of_choice()
        # One thread, for the runtime itself uses every core.
        self._scorer = ThreadPoolExecutor(1, thread_name_prefix="scoring")
        if workspace.settings.model is not None or in_use(workspace.models) is not None:
            self.model = load_chosen(workspace)

    @property
    def version(self) -> str | None:
        """The name of the model."""
        return None if self.model is None else self.model.config.name

    async def scores(self, sentences: Sequence[Sentence]) -> list[Scores]:
        """Score sentences with the model that is in use when the request comes.

        Raises:
            NotReadyError: There is none, or too many requests wait for it.
            ModelError: It cannot be used.
        """
        model = self.model
        if model is None:
            raise NotReadyError("no model yet; label some sentences, and press Start training, or run `annot train`")
        if self.n_waiting >= self._most_waiting:
            raise NotReadyError("too many requests at once; try again in a moment")
        self.n_waiting += 1
        try:
            loop, found = asyncio.get_running_loop(), list[Scores]()
            for start in range(0, len(sentences), _CHUNK):
                found += await loop.run_in_executor(self._scorer, model, sentences[start : start + _CHUNK])
            return found
        finally:
            self.n_waiting -= 1

    def refresh(self) -> bool:
        """Take the model that is in use meanwhile, if that is another, and return whether it is.

        Raises:
            ModelError: It cannot be used; the one before goes on answering.
        """
        stamp = self._stamp_of_choice()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        loaded = load_chosen(self.workspace)
        self.model = loaded
        return True

    def refuse_other_questions(self, xml: str) -> None:
        """Raise ``ConfigError``, which says what differs, unless a labeling configuration asks what the model knows."""
        knows = self.schema if self.model is None else self.model.schema
        asked = LabelSchema.parse(xml)
        if not knows.asks_the_same_as(asked):
            who = "labeling_config.xml" if self.model is None else f"model '{self.version}'"
            raise ConfigError(f"the project asks other questions than {who}: {difference(knows, asked)}")

    def close(self) -> None:
        """End the thread that scores."""
        self._scorer.shutdown(wait=False, cancel_futures=True)

    def _stamp_of_choice(self) -> tuple[float, str] | None:
        """Tell by a small file whether somebody chose another model: it is written anew for each."""
        path = in_use_file(self.workspace.models)
        try:
            return path.stat().st_mtime, path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None


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
