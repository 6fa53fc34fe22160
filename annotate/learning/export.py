"""A trained network as graphs that run without torch: in full precision, and with 8-bit products."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from annotate.annotation import Annotation
from annotate.article import Sentence
from annotate.errors import ModelError
from annotate.learning.base import Base
from annotate.learning.graph import to_graph
from annotate.learning.network import Network
from annotate.learning.quantization import MOVED, Layer, Rounding, layers_of, observed_ranges, quantised
from annotate.learning.training import logits_of
from annotate.models.exports import GRAPHS, ExportRecord, Figure, digest_of
from annotate.models.scores import Floats, Probabilities, run_network, to_annotation, to_scores
from annotate.models.sessions import exact_options, network_of
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import Ids, Window, of_one_length, stacked, to_windows
from annotate.quality.evaluation import evaluate
from annotate.schema import LabelSchema

_TOLERANCE = 1e-4  # of probabilities
_CHECKED = 48  # windows, of the sentences evenly
_TRIED = 4  # sentences, before a training
_OBSERVED = 256  # windows
_LOSS = 0.005  # of a decision metric
_ATTENTION = (True, False)  # without a mask, else as the encoder has it
_EXPORTED: set[str] = set()  # kinds of encoders that were checked before a training


@dataclass(frozen=True)
class Original:
    """A trained network, its base, and whether it reads the sentence before, too."""

    network: Network
    base: Base
    context: bool = False

    def windows(self, sentences: Sequence[Sentence]) -> list[Window]:
        """Tokenize sentences as the network reads them."""
        return to_windows(self.base.tokenizer, sentences, context=self.context)


@dataclass(frozen=True)
class HeldOut:
    """A network of the cross-validation, what it learned from, and the labels that were held out from it."""

    network: Network
    learned: Sequence[Sentence]
    labels: Sequence[Annotation]
    thresholds: Thresholds


def export(
    original: Original, folder: Path, sentences: Sequence[Sentence], held_out: HeldOut | None = None
) -> ExportRecord:
    """Write a network's graphs to a folder, checked on sentences; what is held out chooses what may be quantised.

    Raises:
        ModelError: There is no graph of it, or its probabilities differ from the network's.
    """
    windows, schema = original.windows(sentences), original.network.schema
    checked = [*_spread(windows, _CHECKED), *_longest(original.base, sentences)]
    full, full_error, plain = _full_graph(original, checked)
    rounding, figures = _judged(held_out, original, plain=plain) if held_out else (Rounding(), {})
    int8 = quantised(full, observed_ranges(full, _batches(windows)), rounding)
    onnx.save(full, folder / GRAPHS["full"])
    onnx.save(int8, folder / GRAPHS["int8"])
    return ExportRecord(
        digests={name: digest_of(folder / name) for name in GRAPHS.values()},
        n_checked=len(checked),
        full_error=full_error,
        int8_error=_difference(_run(full, checked, schema), _run(int8, checked, schema), np.mean),
        figures=figures,
        in_full=rounding.in_full,
        n_layers=len(layers_of(full)),
    )


def check_export(original: Original, sentences: Sequence[Sentence]) -> None:
    """Raise ``ModelError`` where a network cannot be exported, which depends on its encoder's kind, not its weights."""
    kind = original.base.encoder.config.to_json_string()
    if kind not in _EXPORTED:
        few = sentences[:_TRIED]
        _full_graph(original, [*original.windows(few), *_longest(original.base, few)])
        _EXPORTED.add(kind)


def _full_graph(original: Original, windows: Sequence[Window]) -> tuple[onnx.ModelProto, float, bool]:
    """Return the graph in full precision, its largest error, and whether its attention is without a mask."""
    network, base = original.network, original.base
    reason, cause = "", None
    for plain in _ATTENTION:
        try:
            theirs = run_network(logits_of(network), windows, network.schema)
            graph = to_graph(network, plain=plain)
            error = _difference(_run(graph, windows, network.schema), theirs, np.max)
        except (OSError, MemoryError):
            raise
        except Exception as failure:  # noqa: BLE001 - whatever happens in an encoder that cannot be traced
            reason, cause = f"cannot be exported ({type(failure).__name__})", failure
            continue
        if error <= _TOLERANCE:  # False for NaN too
            return graph, error, plain
        reason = f"its export is off by {error:.1e}"
    raise ModelError(f"{base.name}: {reason}; use another base encoder") from cause


def _judged(held_out: HeldOut, original: Original, *, plain: bool) -> tuple[Rounding, dict[str, Figure]]:
    """Return the first rounding with which no figure falls, and the figures; the quickest are tried first."""
    full = to_graph(held_out.network, plain=plain)
    ranges = observed_ranges(full, _batches(original.windows(held_out.learned)))
    windows, schema = original.windows(held_out.labels), held_out.network.schema
    found = _run(full, windows, schema)
    before = _figures(held_out, found)
    figures: dict[str, Figure] = {}

    def run(rounding: Rounding) -> list[Probabilities]:
        return _run(quantised(full, ranges, rounding), windows, schema)

    rounding = Rounding()
    for rounding in _roundings(lambda tried: _difference(run(tried), found, np.mean), layers_of(full)):
        after = _figures(held_out, run(rounding))
        figures = {name: Figure(full=before[name], int8=after.get(name, 0.0)) for name in before}
        if _holds(figures):
            break
    return rounding, figures


def _roundings(error: Callable[[Rounding], float], layers: Sequence[Layer]) -> Iterator[Rounding]:
    """Yield roundings with ever more layers in full precision: those whose integers alone make the largest error.

    Of few sentences one decision that falls is too much. It may stand on an edge, so other roundings without any layer
    in full precision are tried first, and then each layer alone.
    """
    yield from (Rounding(moved=moved) for moved in MOVED)
    names = [layer.activation for layer in layers]
    alone = {name: error(Rounding(tuple(other for other in names if other != name))) for name in names}
    worst_first = sorted(names, key=lambda name: -alone[name])
    yield from (Rounding((name,)) for name in worst_first)
    yield from (Rounding(tuple(worst_first[:n])) for n in range(2, len(names) + 1))


def _holds(figures: Mapping[str, Figure]) -> bool:
    return all(figure.full - figure.int8 <= _LOSS for figure in figures.values())


def _figures(held_out: HeldOut, found: Sequence[Probabilities]) -> dict[str, float]:
    """Return the F1 of every label over sentences, and over words for spans, where they are defined."""
    schema, labels = held_out.network.schema, held_out.labels
    scores = [
        to_scores(truth.sentence, mine, schema, "held-out", held_out.thresholds)
        for truth, mine in zip(labels, found, strict=True)
    ]
    evaluation = evaluate(labels, [to_annotation(score, schema) for score in scores], schema)
    found_f1 = {label: each.sentences.f1 for label, each in evaluation.items()}
    found_f1 |= {f"{label}, words": each.words.f1 for label, each in evaluation.items() if each.words}
    return {name: f1 for name, f1 in found_f1.items() if f1 is not None}


def _run(graph: onnx.ModelProto, windows: Sequence[Window], schema: LabelSchema) -> list[Probabilities]:
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), exact_options(), providers=["CPUExecutionProvider"]
    )
    return run_network(network_of(session), windows, schema)


def _difference(
    ours: Sequence[Probabilities], theirs: Sequence[Probabilities], over: Callable[[Floats], np.floating]
) -> float:
    pairs = zip(_flat(ours), _flat(theirs), strict=True)
    return float(over(np.abs(np.concatenate([a - b for a, b in pairs]))))


def _flat(found: Sequence[Probabilities]) -> list[Floats]:
    return [np.concatenate([each.choices, each.carried, *each.words.values()]) for each in found]


def _spread(windows: Sequence[Window], n: int) -> list[Window]:
    return list(windows[:: max(1, len(windows) // n)][:n])


def _batches(windows: Sequence[Window]) -> list[Ids]:
    chosen = _spread(windows, _OBSERVED)
    return [stacked([chosen[row] for row in rows]) for rows in of_one_length(chosen)]


def _longest(base: Base, sentences: Sequence[Sentence]) -> list[Window]:
    """Return a window of the greatest length, which encoders that look at what is near alone read otherwise."""
    texts: list[str] = []
    for sentence in sentences:
        texts.append(sentence.text)
        if sum(map(len, texts)) > 8 * base.max_length:
            break
    encoding = base.tokenizer.encode(" ".join(texts))
    return [Window(len(sentences), tuple(encoding.ids), (None,) * len(encoding.ids))]
