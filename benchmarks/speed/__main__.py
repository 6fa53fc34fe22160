"""Measure how fast articles are scored, beside other ways: `python -m benchmarks.speed`.

It takes about fifteen minutes on two quiet cores; `--quick` leaves out the corpora of 100,000 sentences and more.
"""

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from annotate.annotation import Annotation
from annotate.corpus.ingest import documents_of
from annotate.corpus.store import read_records
from annotate.errors import SourceError
from annotate.inference.graphs import n_cores
from annotate.models import folder as layout
from annotate.models.exports import read_export
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import load_tokenizer
from annotate.models.training_record import Recipe, TrainingData, TrainingRecord
from annotate.schema import LabelSchema
from benchmarks.ingest.corpus import SEEDS
from benchmarks.machine import describe
from benchmarks.speed import programs

HERE = Path(__file__).parent
PTC = HERE.parents[2] / "shared" / "data" / "ptc"
_ARTICLES = 200  # of PTC, beside the seeds
_PEERS_READ = 600  # sentences, for some of them are slow
_TURNS = 3
_FASTER, _OF_ROOFLINE = 9, 0.70


def main() -> None:
    """Measure, and write the table and the plot."""
    quick = "--quick" in sys.argv
    with TemporaryDirectory() as folder:
        root = Path(folder)
        model = _model(root / "workspace")
        corpus = _corpus(root / "corpus")
        texts = _texts(corpus)
        results = _beside_peers(model, corpus, texts)
        # In a process of its own, for a program's peak of memory is at least that of the process that starts it.
        with ProcessPoolExecutor(1, get_context("spawn")) as light:
            results["start"] = light.submit(programs.start, model, root).result()
            results["sizes"] = light.submit(programs.sizes, model, root, quick=quick).result()
            if not quick:
                results["million"] = light.submit(programs.million, model, root).result()
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    _plot(results)
    (HERE / "RESULTS.md").write_text(_report(results))


def _model(root: Path) -> Path:
    """Give a workspace a model: the one that was named, else one that has learned nothing, which is about as fast."""
    from annotate.learning.base import load_base
    from annotate.learning.checkpoint import Trained, save
    from annotate.learning.training import new_network

    folder = root / "models" / "measured"
    given = [Path(word) for word in sys.argv[1:] if (Path(word) / layout.CONFIG).is_file()]
    if given:
        shutil.copytree(given[0], folder)
        return folder
    schema = LabelSchema.read(SEEDS.parent / "labeling_config.xml")
    recipe = Recipe()
    base = load_base(recipe.base)
    labelled = list(read_records(SEEDS / "labels.jsonl", Annotation))
    names = [name for question in schema.questions for name in question.names]
    spans = [name for question in schema.span_questions for name in question.names]
    thresholds = Thresholds(sentences=dict.fromkeys(names, 0.5), words=dict.fromkeys(spans, 0.5))
    data = TrainingData(digest="", n_sentences=0, labels=(), articles=(), annotators=(), origins={})
    record = TrainingRecord(data=data, recipe=recipe, evaluation=None, versions={})
    save(Trained(base, new_network(base, schema, recipe).eval(), thresholds, record), folder, labelled)
    return folder


def _corpus(folder: Path) -> Path:
    folder.mkdir()
    for path in [*sorted(SEEDS.glob("*.txt")), *sorted(PTC.rglob("*.txt"))[:_ARTICLES]]:
        shutil.copy(path, folder)
    return folder


def _texts(corpus: Path) -> list[str]:
    documents = (each for each in documents_of([str(corpus)]) if not isinstance(each, SourceError))
    return [sentence.text for document in documents for sentence in document.sentences]


def _beside_peers(model: Path, corpus: Path, texts: list[str]) -> dict[str, object]:
    from benchmarks.speed.peers import loop_rate, pipeline_rate, roofline
    from benchmarks.speed.shares import shares

    some = texts[:: max(1, len(texts) // _PEERS_READ)][:_PEERS_READ]
    tokenizer = load_tokenizer(model / layout.TOKENIZER, 512)
    n_tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(texts)) / len(texts)
    ways: dict[str, Callable[[], float]] = {
        "transformers pipeline, batch 1": lambda: pipeline_rate(model, some, 1),
        "transformers pipeline, batch 32": lambda: pipeline_rate(model, some, 32),
        "torch loop over buckets, fp32": lambda: loop_rate(model, some, bfloat16=False),
        "torch loop over buckets, bf16": lambda: loop_rate(model, some, bfloat16=True),
        "annot score, full precision": lambda: programs.whole_program(model, corpus, len(texts), "full"),
        "annot score": lambda: programs.whole_program(model, corpus, len(texts), "int8"),
        "8-bit products alone": lambda: roofline(model, n_cores()) / n_tokens,
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_TURNS):  # in turns, so that what else the machine does meets all of them
        for name, measure in ways.items():
            rates[name].append(measure())
            print(f"{name}: {rates[name][-1]:.1f} sentences a second", file=sys.stderr)
    record = read_export(model)
    kept = {"in_full": len(record.in_full), "n_layers": record.n_layers}
    found = {"sentences": len(texts), "tokens": n_tokens, "layers": kept, "rates": rates}
    return {**found, "shares": shares(model, corpus)}


def _report(results: Mapping[str, object]) -> str:
    rates: Mapping[str, list[float]] = results["rates"]  # type: ignore[assignment]
    best = [max(pair) for pair in zip(*(v for name, v in rates.items() if "pipeline" in name), strict=True)]
    rows = "\n".join(
        f"| {name} | {median(mine):.0f} | {min(mine):.0f} to {max(mine):.0f} |"
        f" {median(a / b for a, b in zip(mine, best, strict=True)):.1f} |"
        for name, mine in rates.items()
    )
    share = median(a / b for a, b in zip(rates["annot score"], rates["8-bit products alone"], strict=True))
    parts: Mapping[str, float] = results["shares"]  # type: ignore[assignment]
    total = sum(parts.values())
    where = "\n".join(f"| {name} | {s / total:.1%} |" for name, s in sorted(parts.items(), key=lambda part: -part[1]))
    start: Mapping[str, list[float]] = results["start"]  # type: ignore[assignment]
    layers: Mapping[str, int] = results["layers"]  # type: ignore[assignment]
    starts = "\n".join(f"| `{name}` | {s:.2f} | {f'{mb[0]:.0f}' if mb else '–'} |" for name, (s, *mb) in start.items())
    given: list[list[float]] = results["sizes"]  # type: ignore[assignment]
    sizes = "\n".join(f"| {n:,} | {s:.1f} | {n / s:.0f} | {memory:.0f} |" for n, s, memory in given)
    million = ""
    if "million" in results:
        one: list[float] = results["million"]  # type: ignore[assignment]
        million = f"\nWith a stand-in for the network: {one[0]:,.0f} sentences in {one[1]:.0f} s, {one[2]:.0f} MB.\n"
    versions = describe(["annotate", "onnxruntime", "tokenizers", "torch", "transformers", "numpy"])
    return f"""# How fast articles are scored

Made by `python -m benchmarks.speed` on {date.today().isoformat()}: {versions}.

The same weights, in turns, on the same {results["sentences"]:,} sentences of the seeds and of PTC, of
{results["tokens"]:.1f} tokens on average. `annot score` is the whole program, its start included, from text files to
JSON Lines; of its model's {layers["n_layers"]} quantised layers {layers["in_full"]} had to stay in full precision.
What the others load, read and write is not in their time, and they are given {_PEERS_READ} of the
sentences. sentence-transformers' ONNX backend needs optimum, which there is not for this version of transformers.

| way | sentences a second | from, to | times the better pipeline |
|---|---|---|---|
{rows}

The aim is {_FASTER} times the better pipeline, and {_OF_ROOFLINE:.0%} of what the machine could do if it computed
nothing but the model's products of 8-bit integers: `annot score` reaches {share:.0%} of that.

## Where the time goes

Shares of the processors' time:

| part | share |
|---|---|
{where}

## Start

| command | seconds | MB |
|---|---|---|
{starts}

## Over the size of a corpus

Articles are made of the seeds' paragraphs, with words changed by chance, so that most sentences are like no other.

| sentences | seconds | sentences a second | MB |
|---|---|---|---|
{sizes}
{million}
![seconds over the size of the corpus](cost.svg)
"""


def _plot(results: Mapping[str, object]) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot

    rows: list[list[float]] = results["sizes"]  # type: ignore[assignment]
    figure, axes = pyplot.subplots(figsize=(6, 3), layout="constrained")
    axes.plot([row[0] for row in rows], [row[1] for row in rows], marker="o", label="seconds")
    axes.plot([row[0] for row in rows], [row[2] for row in rows], marker="s", label="MB")
    axes.set(xscale="log", yscale="log", xlabel="sentences")
    axes.legend()
    figure.savefig(HERE / "cost.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
