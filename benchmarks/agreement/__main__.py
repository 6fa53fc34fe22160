"""Measure `annot agreement` on 20,000 sentences by five annotators: `python -m benchmarks.agreement`."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from nltk.metrics.agreement import AnnotationTask

from annotate.annotation import Annotation
from annotate.corpus.store import read_records, write_records
from annotate.quality.agreement.coefficients import alpha, coincidences
from annotate.quality.agreement.panel import Panel, Units
from annotate.schema import LabelSchema
from benchmarks.agreement.made_up import annotations
from benchmarks.machine import cost_of, describe

_HERE = Path(__file__).parent
_N_SENTENCES = 20_000
_N_ANNOTATORS = 5
_N_RUNS = 5
_N_NLTK = 1_000  # sentences for nltk, of which every pair of answers is compared in Python


def main() -> None:
    """Run everything, and write the results beside this file."""
    schema = LabelSchema.read(_HERE.parents[1] / "labeling_config.xml")
    with tempfile.TemporaryDirectory() as folder:
        labels = Path(folder) / "labels.jsonl"
        write_records(labels, annotations(_N_SENTENCES, _N_ANNOTATORS, schema))
        rows = [_row("`annot agreement`", labels), _row("`annot agreement --competence`", labels, "--competence")]
        beside = list(_beside_nltk(labels, schema))
    (_HERE / "RESULTS.md").write_text("\n".join([*_heading(), *rows, "", *beside, ""]), "utf-8")


def _heading() -> Iterator[str]:
    yield "# Agreement"
    yield ""
    yield (
        f"{_N_SENTENCES:,} made-up sentences by {_N_ANNOTATORS} annotators, 25 sentences an article, from the file of"
        " labels to the JSON report, with intervals of 1,000 resamples (competence: 200)."
        f" Median of {_N_RUNS} runs, and in brackets the lowest and the highest. The target is 60 s and 1 GB."
    )
    yield ""
    yield f"Made by `python -m benchmarks.agreement`: {describe(['annotate', 'numpy', 'nltk'])}."
    yield ""
    yield "| command | seconds | peak memory, MB |"
    yield "|---|--:|--:|"


def _row(name: str, labels: Path, *options: str) -> str:
    runs = [_run(labels, *options) for _ in range(_N_RUNS)]
    return f"| {name} | {_spread([run[0] for run in runs])} | {_spread([run[1] for run in runs], digits=0)} |"


def _run(labels: Path, *options: str) -> tuple[float, float]:
    """Return the seconds and the megabytes that one run took."""
    command = [sys.executable, "-m", "annotate", "agreement", str(labels), "-o", str(labels.with_suffix(".json"))]
    cost = cost_of([*command, *options], labels.with_suffix(".log"))
    return cost.seconds, cost.memory / 1e6


def _beside_nltk(labels: Path, schema: LabelSchema) -> Iterator[str]:
    first = [
        record for _, record in zip(range(_N_NLTK * _N_ANNOTATORS), read_records(labels, Annotation), strict=False)
    ]
    question = schema.choice_questions[0]
    units = Panel(first).carries(question, question.names[0])
    ours, mine = _timed(lambda: _alpha(units))
    theirs, other = _timed(lambda: _nltk_alpha(units))
    if abs(mine - other) > 1e-9:  # noqa: PLR2004
        raise SystemExit(f"alpha is {mine}, and nltk's is {other}")
    yield (
        f"Alpha of one label over {_N_NLTK:,} of these sentences, no interval: ours {_spread(ours, digits=4)} s,"
        f" nltk's `AnnotationTask` {_spread(theirs, digits=3)} s, that is"
        f" {statistics.median(theirs) / statistics.median(ours):,.0f} times as long; both are {mine:.6f}."
    )


def _alpha(units: Units) -> float:
    one_group = np.zeros(len(units.codes), dtype=np.int64)
    return float(alpha(coincidences(units.codes, units.n_codes, one_group, 1))[0])


def _nltk_alpha(units: Units) -> float:
    rows = [(str(a), str(u), int(units.codes[u, a])) for u, a in np.argwhere(units.codes >= 0)]
    return float(AnnotationTask(rows).alpha())


def _timed(measure: Callable[[], float]) -> tuple[list[float], float]:
    seconds, value = [], 0.0
    for _ in range(_N_RUNS):
        begun = time.perf_counter()
        value = measure()
        seconds.append(time.perf_counter() - begun)
    return seconds, value


def _spread(values: list[float], digits: int = 1) -> str:
    return f"{statistics.median(values):.{digits}f} [{min(values):.{digits}f}, {max(values):.{digits}f}]"


if __name__ == "__main__":
    main()
