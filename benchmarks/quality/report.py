"""The tables of the cells that were run."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, stdev

Run = Mapping[str, object]
OVERLAPPING = "overlapping"  # how the digest begins of a split that holds out what is learned from, too
FIGURES = ("f1", "macro_f1", "mcc", "ap", "words_f1", "spans_f1")


def report(runs: Sequence[Run]) -> Iterator[str]:
    """Yield the lines of the results."""
    yield HEAD
    for base in dict.fromkeys(run["base"] for run in runs):
        for corpus in dict.fromkeys(run["corpus"] for run in runs if run["base"] == base):
            mine = [run for run in runs if run["corpus"] == corpus and run["base"] == base]
            yield from ["", f"## {corpus}, {base}", ""]
            yield from COLUMNS
            yield from _rows(mine)
    yield from ["", PAIRED, "", *PAIRED_COLUMNS, *_paired(runs)]


def _paired(runs: Sequence[Run]) -> Iterator[str]:
    """Yield how much better ours is than each other method, over the cells that both ran."""
    place = ("base", "corpus", "size", "seed", "fold", "split")
    ours = {tuple(run[name] for name in place): run for method in OURS for run in runs if run["method"] == method}
    pairs: dict[tuple[object, ...], list[tuple[Run, Run]]] = defaultdict(list)
    for run in runs:
        mine = ours.get(tuple(run[name] for name in place))
        if mine is not None and run["method"] not in OURS:
            pairs[run["base"], run["corpus"], run["size"], run["method"]].append((mine, run))
    for (base, corpus, size, method), cells in sorted(pairs.items(), key=lambda pair: str(pair[0])):
        gains = [_gain(cells, name) for name in PAIRED_FIGURES]
        yield f"| {base} | {corpus} | {size or 'all'} | {method} | {len(cells)} | {' | '.join(gains)} |"


def _gain(cells: Sequence[tuple[Run, Run]], name: str) -> str:
    pairs = [(_figure(mine, name), _figure(other, name)) for mine, other in cells]
    gains = [mine - other for mine, other in pairs if mine is not None and other is not None]
    if not gains:
        return "–"
    return f"{fmean(gains):+.3f}" + (f" ± {stdev(gains) / len(gains) ** 0.5:.3f}" if len(gains) > 1 else "")


def _rows(runs: Sequence[Run]) -> Iterator[str]:
    cells: dict[tuple[object, str], list[Run]] = defaultdict(list)
    for run in runs:
        star = "\\*" if str(run["split"]).startswith(OVERLAPPING) else ""
        cells[run["size"], f"{run['method']}{star}"].append(run)
    for (size, method), mine in sorted(cells.items(), key=lambda cell: (cell[0][0] is None, cell[0])):
        by_seed: dict[object, list[Run]] = defaultdict(list)
        for run in mine:
            by_seed[run["seed"]].append(run)
        folds = sorted({run["fold"] for run in mine}, key=str)
        values = [_spread([_mean(each, name) for each in by_seed.values()]) for name in FIGURES]
        seconds = f"{fmean(float(str(run['seconds'])) for run in mine):.0f}"
        where = ", ".join(sorted({str(run["device"]) for run in mine}))
        counts = f"{len(folds)} | {len(by_seed)}"
        yield f"| {size or 'all'} | {method} | {counts} | {' | '.join(values)} | {seconds} | {where} |"


def _mean(runs: Sequence[Run], name: str) -> float | None:
    values = [value for run in runs if (value := _figure(run, name)) is not None]
    return fmean(values) if values else None


def _figure(run: Run, name: str) -> float | None:
    """Return a figure of a run; where all answers are alike, Matthews' correlation is taken for 0."""
    if name in run:
        return float(str(run[name]))
    return 0.0 if name == "mcc" else None


def _spread(values: Sequence[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "–"
    return f"{fmean(known):.3f}" + (f" ± {stdev(known):.3f}" if len(known) > 1 else "")


OURS = ("ours-1e-4", "ours")  # the later before the earlier
PAIRED_FIGURES = ("f1", "macro_f1", "mcc", "ap", "words_f1")
PAIRED = """## *ours* beside each other method, cell by cell

Given is the mean of the differences over the folds and seeds that both ran, with its standard error; above zero *ours*,
or where it was not run *ours-1e-4*, is better."""
PAIRED_COLUMNS = (
    "| base | corpus | learned from | beside | cells | F1 | macro F1 | MCC | AP | F1 words |",
    "|---|---|--:|---|--:|--:|--:|--:|--:|--:|",
)
COLUMNS = (
    "| learned from | method | folds | seeds | F1 | macro F1 | MCC | AP | F1 words | F1 spans | seconds a fold | on |",
    "|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|",
)
HEAD = """# Quality beside what a user would pick instead

Made by `python -m benchmarks.quality`, which runs what is missing in `runs.jsonl` and makes these tables of all that is
there. `--help` tells which corpora and methods can be named.

Corpora are cut into five folds of whole articles (future-tense: one source each). A method learns from the other folds,
or from a random part of them of the size given, and judges the fold. *babe>ptc* learns from one corpus and judges
another; *polnear+* learns from the rest of all four, *polnear+3* from one for each label, and where several such are
judged in turn, the seconds of learning are those of the first. *ptc-names* takes name-calling for loaded, too;
*polnear-attributed* leaves out what stands in no attribution, so that what carries the label has one that names no
source. Given is the mean over the folds that were run, with the standard deviation over seeds where there are several;
*folds* and *seeds* say how many were run. Rows of different folds are not to be compared: the last table compares cell
by cell, where both learned from the same sentences. A sentence that stands in what is held out, too, is not learned
from, but in rows with a star: of PTC one line in sixteen, of PolNeAR one in three hundred. Where a method answers all
alike, Matthews' correlation is undefined and taken for 0.

*ours* is `annot train`, with the thresholds it chooses as it learns; *ours-once* trains once and decides from a
probability of .5 on, as all others do; *ours-context* reads the sentence before, too. *ours-1e-4* and *ours-once-1e-4*
learn from a thousand sentences and more at a rate of 1e-4, not of 5e-5. Up to 500 sentences, *ours* starts from the
package's starter labels, unless it is *ours-no-starter*; *tfidf-starter* learns from them too, beside the others.
*trainer-E-R* is transformers' `Trainer` with E epochs at rate R in batches of 16, and *trainer-8-E-R* in those of 8
that it has by itself; *setfit* is SetFit 1.2 with at most 500 steps; *frozen* is logistic regression on the frozen
encoder's vectors; *tfidf* is logistic regression on TF-IDF, which `annot train` sets beside its own figures;
*rule* is a list of cue words. Average precision (AP) depends on no threshold.

Of recipes that lost, and that cannot be run by this command, the rows are kept: *ours-8* starts from no starter
labels, takes gradients where the weights are, and takes for thresholds the means over resamples; *ours-16* is the same
in batches of 16 for as many steps, which takes twice the time; *ours-8-once* and *ours-16-once* are these, trained
once. *ours-unlevelled* learns in batches of 8 of however many sentences, and does not bring its last network to the
level of those of the folds.

Seconds are of learning and judging, folds for thresholds included: with sixteen cells at once on the one GPU, and
beside other work on the processor. They tell what a method took, not what it could.

The corpora are for development: what is learned from them is not shipped."""
