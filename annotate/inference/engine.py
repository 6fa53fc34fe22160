"""A trained model as a plain function, on onnxruntime."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path

from tokenizers import Tokenizer

from annotate.annotation import Scores, WordScores
from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.inference.cache import Cache
from annotate.inference.graphs import Engine, OpenGraph, open_graph
from annotate.models import folder as layout
from annotate.models.folder import ModelConfig
from annotate.models.scores import Logits, Probabilities, output_widths, read_logits, to_scores, to_word_scores
from annotate.models.tokenization import Window, load_tokenizer, of_one_length, stacked, to_windows
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema

_SIZES = (32, 64, 128, 256, 512, 1024)  # sentences of the first chunks, so that results come soon
_SIZE = 2048  # the more there are, the more are of one length

Choose = Callable[[list[Sentence]], list[Sentence]]


@dataclass(frozen=True)
class Model:
    """A loaded model: calling it on sentences gives their scores, in order.

    A sentence scores the same in any company, to the last bit.
    """

    folder: Path
    config: ModelConfig
    schema: LabelSchema
    tokenizer: Tokenizer
    graph: OpenGraph
    cache: Cache
    n_threads: int = 1
    progress: Progress = silent

    def __call__(self, sentences: Sequence[Sentence]) -> list[Scores]:
        """Score sentences."""
        scores: list[Scores] = []
        for chunk in self._chunks(sentences):
            scores += chunk
            self.progress("Scoring", len(scores), len(sentences))
        return scores

    def stream(self, sentences: Iterable[Sentence]) -> Iterator[Scores]:
        """Score sentences one after the other, reading no further ahead than four thousand."""
        return chain.from_iterable(self._chunks(sentences))

    def with_words(self, sentences: Sequence[Sentence]) -> list[WordScores]:
        """Score sentences and their words."""
        scores: list[WordScores] = []
        for chunk, found in self._found(sentences, list):
            both = zip(chunk.sentences, found, strict=True)
            scores += [to_word_scores(self._scores(sentence, mine), mine, self.schema) for sentence, mine in both]
            self.progress("Scoring", len(scores), len(sentences))
        return scores

    def _chunks(self, sentences: Iterable[Sentence]) -> Iterator[list[Scores]]:
        for chunk, found in self._found(sentences, self.cache.unknown):
            self.cache.learn(map(self._scores, chunk.computed, found))
            yield self.cache.of(chunk.sentences)

    def _scores(self, sentence: Sentence, found: Probabilities) -> Scores:
        return to_scores(sentence, found, self.schema, self.config.name, self.config.thresholds)

    def _found(self, sentences: Iterable[Sentence], choose: Choose) -> Iterator[tuple["_Chunk", list[Probabilities]]]:
        """Yield chunks with what the network says of the chosen sentences; the next is computed meanwhile."""
        under_way: deque[_Chunk] = deque()
        remaining = iter(sentences)
        with ThreadPoolExecutor(self.n_threads) as threads:
            try:
                for size in chain(_SIZES, repeat(_SIZE)):
                    chunk = list(islice(remaining, size))
                    if chunk:
                        under_way.append(self._begun(chunk, choose(chunk), threads))
                    if under_way and (not chunk or len(under_way) > 1 or size == _SIZES[0]):
                        first = under_way.popleft()
                        yield first, self._finished(first)
                    if not chunk and not under_way:
                        return
            finally:
                threads.shutdown(cancel_futures=True)

    def _begun(self, sentences: list[Sentence], chosen: list[Sentence], threads: ThreadPoolExecutor) -> "_Chunk":
        windows = to_windows(self.tokenizer, chosen, context=self.config.context)
        groups = of_one_length(windows)
        logits = [threads.submit(self.graph.network, stacked([windows[row] for row in rows])) for rows in groups]
        return _Chunk(sentences, chosen, windows, list(zip(groups, logits, strict=True)))

    def _finished(self, chunk: "_Chunk") -> list[Probabilities]:
        found = ((rows, self._result(logits)) for rows, logits in chunk.logits)
        return read_logits(chunk.windows, found, self.schema)

    def _result(self, logits: "Future[Logits]") -> Logits:
        try:
            return logits.result()
        except Exception as error:  # onnxruntime's own exceptions share no public base
            raise ModelError(
                f"{self.folder}: its parts do not fit together; train another with `annot train`"
            ) from error


@dataclass(frozen=True)
class _Chunk:
    """Sentences under way: those that are computed, their windows, and the logits to come by group of windows."""

    sentences: list[Sentence]
    computed: list[Sentence]
    windows: list[Window]
    logits: "list[tuple[list[int], Future[Logits]]]"


def load_model(
    folder: Path, expected: LabelSchema | None = None, progress: Progress = silent, engine: Engine | None = None
) -> Model:
    """Load a trained model.

    Raises:
        ModelError: The folder holds no complete model, one for other questions than the expected ones, or a damaged
            export; or this machine has no such device.
    """
    engine = engine or Engine()
    config = layout.read_config(folder)
    schema = layout.read_schema(folder, expected)
    tokenizer = load_tokenizer(folder / layout.TOKENIZER, config.max_length)
    graph = open_graph(folder, engine)
    _check_parts(folder, config, schema, graph.widths)
    cache = Cache(_with_context if config.context else _alone)
    return Model(folder, config, schema, tokenizer, graph, cache, engine.n_threads, progress)


def _alone(sentence: Sentence) -> str:
    return sentence.text


def _with_context(sentence: Sentence) -> tuple[str, str]:
    return sentence.context_before, sentence.text


def _check_parts(folder: Path, config: ModelConfig, schema: LabelSchema, widths: list[int]) -> None:
    """Raise ``ModelError`` when thresholds or the graph's outputs are not those of the questions."""
    if not config.thresholds.fit(schema) or widths != output_widths(schema):
        raise ModelError(f"{folder}: its parts do not fit together; train another with `annot train`")
