"""A trained model as a plain function, on onnxruntime."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnxruntime
from tokenizers import Tokenizer

from annotate.annotation import Scores, WordScores
from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.models import folder as layout
from annotate.models.folder import ModelConfig
from annotate.models.scores import Floats, Probabilities, output_widths, run_network, to_scores, to_word_scores
from annotate.models.tokenization import Ids, load_tokenizer, to_windows
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema

_CHUNK = 512  # sentences between two reports of progress


@dataclass(frozen=True)
class Model:
    """A loaded model: calling it on sentences gives their scores, in order."""

    folder: Path
    config: ModelConfig
    schema: LabelSchema
    tokenizer: Tokenizer
    session: onnxruntime.InferenceSession
    progress: Progress = silent

    def __call__(self, sentences: Sequence[Sentence]) -> list[Scores]:
        """Score sentences."""
        return [scores for scores, _ in self._scored(sentences)]

    def with_words(self, sentences: Sequence[Sentence]) -> list[WordScores]:
        """Score sentences and their words."""
        return [to_word_scores(scores, found, self.schema) for scores, found in self._scored(sentences)]

    def _scored(self, sentences: Sequence[Sentence]) -> Iterator[tuple[Scores, Probabilities]]:
        for start in range(0, len(sentences), _CHUNK):
            chunk = sentences[start : start + _CHUNK]
            windows = to_windows(self.tokenizer, chunk, context=self.config.context)
            found = run_network(self._logits, windows, self.schema, self.config.pad_id)
            self.progress("Scoring", start + len(chunk), len(sentences))
            for sentence, mine in zip(chunk, found, strict=True):
                yield to_scores(sentence, mine, self.schema, self.config.name, self.config.thresholds), mine

    def _logits(self, ids: Ids, mask: Ids) -> tuple[Floats, Floats]:
        try:
            sentences, tokens = self.session.run(None, {"input_ids": ids, "attention_mask": mask})
        except Exception as error:  # onnxruntime's own exceptions share no public base
            raise ModelError(
                f"{self.folder}: its parts do not fit together; train another with `annot train`"
            ) from error
        return sentences, tokens


def load_model(folder: Path, expected: LabelSchema | None = None, progress: Progress = silent) -> Model:
    """Load a trained model.

    Raises:
        ModelError: The folder holds no complete model, or one for other questions than the expected ones.
    """
    config = layout.read_config(folder)
    schema = layout.read_schema(folder, expected)
    tokenizer = load_tokenizer(folder / layout.TOKENIZER, config.max_length)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(str(folder / layout.GRAPH), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no public base
        raise ModelError(f"{folder / layout.GRAPH}: cannot be loaded; train another with `annot train`") from error
    _check_parts(folder, config, schema, [output.shape[-1] for output in session.get_outputs()])
    return Model(folder, config, schema, tokenizer, session, progress)


def _check_parts(folder: Path, config: ModelConfig, schema: LabelSchema, widths: list[int]) -> None:
    """Raise ``ModelError`` when thresholds or the graph's outputs are not those of the questions."""
    if not config.thresholds.fit(schema) or widths != output_widths(schema):
        raise ModelError(f"{folder}: its parts do not fit together; train another with `annot train`")
