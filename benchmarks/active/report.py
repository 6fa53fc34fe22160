"""The results of the simulations, in words and tables."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from benchmarks.active.needed import needed, saving, wins
from benchmarks.active.simulation import Floats

Result = Mapping[str, Any]

TARGET = 0.3
OURS, CHANCE = "annot next", "random"
_SHOWN = (100, 200, 400, 800, 1200)  # labels at which the curve is shown


def report(results: Mapping[str, Result]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield HEAD
    for name, result in results.items():
        yield from _verdict(name, result)
    for name, result in results.items():
        yield from _table(name, result)
    yield ""
    yield f"{TAIL} {next(iter(results.values()))['machine']}."


def _curves(result: Result) -> dict[str, Floats]:
    return {name: np.array(curves) for name, curves in result["curves"].items()}


def _verdict(name: str, result: Result) -> Iterator[str]:
    curves, batch = _curves(result), result["batch"]
    saved = saving(curves[OURS], curves[CHANCE], batch)
    reached = "reaches" if saved.figure >= TARGET else "misses"
    sure = "" if saved.low > 0 else ", and the difference may be chance"
    others = {way: needed(mine, batch) for way, mine in curves.items() if way not in (OURS, CHANCE)}
    best = min(others, key=others.__getitem__)
    yield (
        f"- **{name}**: `annot next` needs {_labels(needed(curves[OURS], batch))} labels and chance"
        f" {_labels(needed(curves[CHANCE], batch))}: {_percent(saved.figure)} fewer (95 % interval"
        f" {_percent(saved.low)} to {_percent(saved.high)}). It {reached} the aim of 30 %{sure}."
        f" Of the others, {best} needs fewest: {_labels(others[best])}."
    )


def _table(name: str, result: Result) -> Iterator[str]:
    curves, batch = _curves(result), result["batch"]
    n_rounds = curves[CHANCE].shape[1]
    sizes = [size for size in _SHOWN if size <= batch * n_rounds]
    yield from ("", f"## {name}", "")
    yield (
        f"{result['n_sentences']:,} sentences of {result['n_articles']:,} articles; {result['positive']:.1%} carry the"
        f" label. Batches of {batch}."
    )
    yield ""
    yield f"| chosen by | labels | fewer than chance | seeds | {' | '.join(f'at {size}' for size in sizes)} |"
    yield f"|---|--:|---|--:|{'--:|' * len(sizes)}"
    for way, mine in curves.items():
        saved = saving(mine, curves[CHANCE], batch)
        fewer = f"{_percent(saved.figure)} ({_percent(saved.low)} to {_percent(saved.high)})" if way != CHANCE else ""
        won = f"{wins(mine, curves[CHANCE], batch)} of {len(mine)}" if way != CHANCE else ""
        cells = [f"{mine.mean(axis=0)[size // batch - 1]:.3f}" for size in sizes]
        yield f"| {way} | {_labels(needed(mine, batch))} | {fewer} | {won} | {' | '.join(cells)} |"


def _labels(number: float) -> str:
    return f"{number:.0f}" if np.isfinite(number) else "more than were tried"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if np.isfinite(share) else "not known"


HEAD = """# What to label next, simulated

Made by `python -m benchmarks.active`. A corpus whose labels are known is labelled in batches: the first is drawn by
chance, each further one is chosen by a strategy, which sees what the head that was learned so far says of the rest. How
many labels does it take until the head is as good as 95 % of what it is with all labels of the pool?

**A head on frozen vectors is what learns, not the whole encoder**: a logistic regression on what the default encoder
makes of sentences, or of words, brought to 128 dimensions by their principal components. That makes ten seeds
affordable, and leaves out that fine-tuning changes the vectors. No run with fine-tuning confirms these figures.

A seed draws a third of the articles to judge on, and the first batch; both are the same for every strategy. Quality is
average precision: over sentences, of carrying the label, or over words, of being marked. Labels needed are where the
mean curve over ten seeds, made to rise by isotonic regression, reaches 95 %. Intervals are by resampling the seeds.

In short:
"""

TAIL = """## What was compared

- *annot next*: as the package chooses, without a test set, in a project of one label, so that rarity plays no part. Of
  words, a sentence is doubted as its least sure one.
- *random*: chance. *least confidence*: the least likely best answer; of words, that of all words together, which
  prefers long sentences.
- *Falcun* and *DropQuery*: of scikit-activeml, which see whether a sentence carries the label. Its BADGE takes about
  ten times, and its TypiClust forty times as long for a batch as `annot next` does, and they were left out for that; so
  whether these two are the best that the library has is not known.

*seeds* counts those in which fewer labels were needed than by chance. *at 100* and so on is the share of full quality
at so many labels.

PTC and PolNeAR are 9,000 sentences of articles drawn by chance. One half of the articles served to choose how
`annot next` chooses; what is above is of the other half. On the first half a shortlist of five
and one of twenty times as many saved alike, and five costs less. But a shortlist of twenty, and a form that ranked the
doubts, were run on the half above before it: they needed 1,183 and 1,558 labels on PTC, 1,025 and 971 on PolNeAR, 212
and 208 on BABE, 425 and 365 on its words. So the figures of `annot next` are the third of three looks.

Of BABE the sentences whose loaded words are found in one place each are used. Words of PTC are not simulated: with all
its labels, a head on frozen vectors reaches an average precision of 0.08 on them, of which 95 % means nothing.

None of these corpora holds the same story many times over, for which sentences that differ are chosen; so what that is
good for does not show here, and what it costs does.

On"""
