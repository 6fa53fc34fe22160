"""Measure, and write RESULTS.md and results.json beside this file."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.machine import describe
from benchmarks.segmentation.corpora import articles, joined
from benchmarks.segmentation.measures import count, rates
from benchmarks.segmentation.report import markdown
from benchmarks.segmentation.splitters import OURS, PEERS, Splitter, ends_of, installed, pipeline, splitters
from benchmarks.segmentation.starter import Seed, seeds

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main() -> None:
    """Run every part whose corpora are there."""
    parser = ArgumentParser(prog="python -m benchmarks.segmentation", description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of the corpora")
    parser.add_argument("--runs", type=int, default=5, help="how often speed is measured")
    options = parser.parse_args()
    results = measure(options.shared, options.runs)
    (HERE / "results.json").write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (HERE / "RESULTS.md").write_text(markdown(results), "utf-8")
    print(markdown(results))


def measure(shared: Path, runs: int) -> dict[str, Any]:
    """Return every figure as plain values; a part without its corpora is left out, with a line that says so."""
    for peer in PEERS:
        if not installed(peer):
            print(f"{peer} is not installed, and left out; install the package with [bench]")
    results: dict[str, Any] = {"run": _circumstances(), "seeds": {}, "boundaries": {}, "speed": {}}
    labels = shared / "seed-labels" / "labels.jsonl"
    if labels.is_file():
        read = seeds(ROOT / "seeds", labels)
        results["seeds"] = _against_labels(read)
        results["boundaries"]["starter labels"] = _boundaries([p for seed in read for p in seed.paragraphs()])
    else:
        print("the starter labels are not beside this checkout: left out")
    corpora = joined(shared)
    if not corpora:
        print("no corpus of sentences is beside this checkout: left out")
    results["boundaries"] |= {name: _boundaries(texts) for name, texts in corpora.items()}
    timed = {**articles(shared), **{name: [text for text, _ in texts] for name, texts in corpora.items()}}
    results["speed"] = {name: _speed(texts, runs) for name, texts in timed.items()}
    return results


def _circumstances() -> dict[str, Any]:
    names = ["sentencex", *filter(installed, PEERS)]
    return {"date": datetime.now(UTC).date().isoformat(), "machine": describe(names)}


def _against_labels(read: list[Seed]) -> dict[str, Any]:
    ends = count(seed.ends() for seed in read)
    aside = count(seed.ends_without_bullets() for seed in read)
    furniture = count((seed.dropped(), seed.furniture) for seed in read)
    return {
        "boundaries": ends._asdict() | {"f1": ends.f1},
        "boundaries without bullets": aside._asdict() | {"f1": aside.f1},
        "furniture": furniture._asdict() | {"f1": furniture.f1},
        "differing ends": [_shown(seed, end) for seed in read for end in sorted(set.__xor__(*seed.ends()))],
        "differing furniture": [
            seed.article.text[slice(*place)] for seed in read for place in sorted(seed.dropped() ^ seed.furniture)
        ],
    }


def _shown(seed: Seed, end: int) -> dict[str, str]:
    found, _ = seed.ends()
    return {"text": seed.article.text[max(0, end - 60) : end], "in": "annot" if end in found else "labels"}


def _boundaries(texts: list[tuple[str, set[int]]]) -> dict[str, Any]:
    counts = {
        name: count((ends_of(splitter, text), wanted) for text, wanted in texts)
        for name, splitter in splitters().items()
    }
    return {name: found._asdict() | {"f1": found.f1} for name, found in counts.items()}


def _speed(texts: list[str], runs: int) -> Mapping[str, Any]:
    processes = {name: partial(_exhaust, splitter) for name, splitter in splitters().items()}
    measured = rates(processes | {f"{OURS}, all of ingest": pipeline}, texts, runs)
    return {"characters": sum(map(len, texts)), "rates": {name: each._asdict() for name, each in measured.items()}}


def _exhaust(splitter: Splitter, text: str) -> None:
    for _ in splitter(text):
        pass


if __name__ == "__main__":
    main()
