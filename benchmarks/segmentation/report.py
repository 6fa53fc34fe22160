"""The figures as a page."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any


def markdown(results: Mapping[str, Any]) -> str:
    """Return the figures as Markdown."""
    return (
        "\n".join([*_head(results["run"]), *_seeds(results["seeds"]), *_boundaries(results), *_speed(results)]) + "\n"
    )


def _head(run: Mapping[str, Any]) -> Iterator[str]:
    yield "# Sentence boundaries and speed"
    yield ""
    yield f"Measured by `python -m benchmarks.segmentation` on {run['date']}: {run['machine']}."
    yield ""


def _seeds(seeds: Mapping[str, Any]) -> Iterator[str]:
    if not seeds:
        return
    yield "## Beside the starter labels of the seed articles"
    yield ""
    names = ["boundaries", "boundaries without bullets", "furniture"]
    rows = [
        [name, *(seeds[name][key] for key in ("found", "wanted", "both")), f"{seeds[name]['f1']:.4f}"] for name in names
    ]
    yield from _table(["", "ours", "theirs", "both", "F1"], rows)
    yield ""
    yield "Boundaries without bullets leave out ends inside a stretch that starts with a bullet: there, as the labels'"
    yield "README says, their splitter took several sentences for one. What differs:"
    yield ""
    yield from _table(["end of a sentence", "only in", "right", "because"], map(_verdict, seeds["differing ends"]))
    yield ""
    if seeds["differing furniture"]:
        yield "Furniture that differs:"
        yield ""
        yield from (f"- {' '.join(text.split())[:100]}" for text in seeds["differing furniture"])
        yield ""


def _verdict(difference: Mapping[str, str]) -> list[str]:
    table = tomllib.loads(Path(__file__).with_name("differences.toml").read_text("utf-8"))
    text = " ".join(difference["text"].split())
    known: Mapping[str, str] = next((each for each in table["difference"] if text.endswith(each["end"])), {})
    return [f"… {text}", difference["in"], known.get("right", "not judged"), known.get("reason", "")]


def _boundaries(results: Mapping[str, Any]) -> Iterator[str]:
    corpora = results["boundaries"]
    if not corpora:
        return
    yield "## Boundaries beside other splitters"
    yield ""
    yield "F1 of sentence ends inside texts. The starter labels are cut by paragraphs of running text. The other"
    yield "corpora are sentences, 20 of one source joined by spaces: some of them are several sentences, and some have"
    yield "no full stop. Both count as errors of every splitter, more so of one that cuts inside quotations."
    yield ""
    names = list(next(iter(corpora.values())))
    rows = [[name, *(f"{corpus[name]['f1']:.4f}" for corpus in corpora.values())] for name in names]
    yield from _table(["", *corpora], rows)
    yield ""


def _speed(results: Mapping[str, Any]) -> Iterator[str]:
    yield "## Speed"
    yield ""
    yield "Millions of characters a second of processor time, on whole articles and on joined sentences: median of"
    yield "the runs (slowest to fastest), and how many times pysbd's. All of ingest finds furniture, quotations and"
    yield "contexts as well, and writes JSON."
    yield ""
    corpora = results["speed"]
    names = list(next(iter(corpora.values()))["rates"])
    head = ["", *(f"{name} ({corpus['characters'] / 1e6:.2f} million)" for name, corpus in corpora.items())]
    yield from _table(head, [[name, *(_rate(corpus["rates"], name) for corpus in corpora.values())] for name in names])


def _rate(rates: Mapping[str, Any], name: str) -> str:
    found = rates[name]
    shown = f"{found['median']:.2f} ({found['slowest']:.2f}–{found['fastest']:.2f})"
    return f"{shown}, × {found['median'] / rates['pysbd']['median']:.0f}" if "pysbd" in rates else shown


def _table(head: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)
