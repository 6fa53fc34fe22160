"""Plant errors in BABE's labels, and count how many a review names among the first 50: `python -m benchmarks.review`.

The folder of the corpora can be given; else it is looked for beside this checkout.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from annotate.annotation import Annotation, LabelledSpan, ScoredSpan, WordScores
from annotate.corpus.store import write_text
from annotate.quality.label_errors import label_quality, suspects
from annotate.quality.tallies import marked_words
from annotate.words import Place, words_of
from benchmarks.review.corpus import SCHEMA, Vectors, embed, read_babe

SEEDS = range(5)
RATES = (0.05, 0.10)
KINDS = ("random", "missed", "added")
LABELS = {"claims": "Biased", "terms": "Loaded term"}
FIRST = 50
FOLDS = 3
THRESHOLD = 0.5

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Case(NamedTuple):
    """What is planted where: an error of a kind in a share of the sentences."""

    question: str
    kind: str
    rate: float
    seed: int


def plant(clean: Sequence[Annotation], case: Case) -> list[Annotation]:
    """Put an error into some sentences: of any kind, or only such as take a label away, or only such as add one."""
    random = np.random.default_rng(case.seed)
    can = [number for number, each in enumerate(clean) if _can_hold(each, case)]
    chosen = set(random.choice(can, size=round(case.rate * len(clean)), replace=False).tolist())
    return [_spoilt(each, case, random) if n in chosen else each for n, each in enumerate(clean)]


def _can_hold(annotation: Annotation, case: Case) -> bool:
    labelled = bool(annotation.answers[case.question])
    return {"random": True, "missed": labelled, "added": case.question == "terms" or not labelled}[case.kind]


def _spoilt(annotation: Annotation, case: Case, random: np.random.Generator) -> Annotation:
    answer = annotation.answers[case.question]
    if case.question == "claims":
        return annotation.model_copy(
            update={"answers": {**annotation.answers, "claims": () if answer else ("Biased",)}}
        )
    marked = marked_words(annotation.text, answer, "Loaded term")
    words = set(words_of(annotation.text))
    pool = sorted({"random": words, "missed": marked, "added": words - marked}[case.kind])
    terms = sorted(marked ^ {pool[random.integers(len(pool))]})
    spans = tuple(LabelledSpan(start=start, end=end, label="Loaded term") for start, end in terms)
    return annotation.model_copy(update={"answers": {**annotation.answers, "terms": spans}})


def out_of_fold(vectors: npt.NDArray[np.float32], truth: Bools, folds: npt.NDArray[np.intp]) -> Floats:
    """Return what logistic regressions on frozen vectors say of the folds they have not learned from."""
    probabilities = np.zeros(len(truth))
    for fold in range(FOLDS):
        inside = folds == fold
        model = LogisticRegression(C=0.3, solver="newton-cholesky").fit(vectors[~inside], truth[~inside])
        probabilities[inside] = model.predict_proba(vectors[inside])[:, 1]
    return probabilities


class Measured(NamedTuple):
    """The share of planted errors among the first sentences that each way of ranking names."""

    review: float
    loss: float
    adjusted: float
    random: float


def measure(clean: Sequence[Annotation], vectors: Vectors, case: Case) -> Measured:
    """Plant errors, train on what is then there, and rank the sentences."""
    spoilt = plant(clean, case)
    planted = {a.uid for a, b in zip(clean, spoilt, strict=True) if a.answers != b.answers}
    folds = _folds(clean, case.seed)
    given, probabilities = _judged(spoilt, vectors, folds, case.question)
    scores = list(_scores(spoilt, vectors, probabilities, case.question))
    judged = [each.model_copy(update={"answers": {case.question: each.answers[case.question]}}) for each in spoilt]
    ours = [suspect.uid for suspect in suspects(judged, scores, SCHEMA)]
    sentence = np.arange(len(clean)) if case.question == "claims" else np.array([n for n, _ in vectors.places])
    plain = np.where(given, probabilities, 1 - probabilities)
    adjusted = label_quality(given.astype(np.intp), np.column_stack([1 - probabilities, probabilities]))
    by_loss, by_margin = ([clean[n].uid for n in _ranked(each, sentence)] for each in (plain, adjusted))
    chance = len(planted) / len(clean)
    return Measured(_precision(ours, planted), _precision(by_loss, planted), _precision(by_margin, planted), chance)


def _ranked(quality: Floats, sentence: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the sentences by the quality of the worst thing in each."""
    worst = np.full(sentence.max() + 1, np.inf)
    np.minimum.at(worst, sentence, quality)
    return np.argsort(worst, kind="stable")


def _precision(ranked: Sequence[str], planted: set[str]) -> float:
    first = ranked[:FIRST]
    return sum(uid in planted for uid in first) / FIRST


def _folds(sentences: Sequence[Annotation], seed: int) -> npt.NDArray[np.intp]:
    articles = sorted({each.article_id for each in sentences})
    order = np.random.default_rng(seed).permutation(len(articles))
    fold_of = {article: int(place) % FOLDS for article, place in zip(articles, order, strict=True)}
    return np.array([fold_of[each.article_id] for each in sentences])


def _judged(
    spoilt: Sequence[Annotation], vectors: Vectors, folds: npt.NDArray[np.intp], question: str
) -> tuple[Bools, Floats]:
    """Return what is given of each sentence or word, and how likely it is out of fold."""
    if question == "claims":
        given = np.array([bool(each.answers["claims"]) for each in spoilt])
        return given, out_of_fold(vectors.sentences, given, folds)
    marked = [marked_words(each.text, each.answers["terms"], "Loaded term") for each in spoilt]
    given = np.array([word in marked[number] for number, word in vectors.places])
    return given, out_of_fold(vectors.words, given, folds[[number for number, _ in vectors.places]])


def _scores(
    spoilt: Sequence[Annotation], vectors: Vectors, probabilities: Floats, question: str
) -> Iterator[WordScores]:
    words: list[list[tuple[Place, float]]] = [[] for _ in spoilt]
    if question == "terms":
        for (number, place), probability in zip(vectors.places, probabilities.tolist(), strict=True):
            words[number].append((place, probability))
    for number, each in enumerate(spoilt):
        term = max((p for _, p in words[number]), default=0.0)
        labels = {"Loaded term": term, "Biased": float(probabilities[number]) if question == "claims" else 0.0}
        found = [(place, p) for place, p in words[number] if p >= THRESHOLD]
        yield WordScores(
            **dict(each.sentence),
            model="frozen",
            labels=labels,
            spans=tuple(ScoredSpan(start=s, end=e, label="Loaded term", score=p) for (s, e), p in found),
            decided=tuple(label for label, p in labels.items() if p >= THRESHOLD),
            words={"Loaded term": tuple(p for _, p in words[number]) or (0.0,) * sum(1 for _ in words_of(each.text))},
        )


def report(data: Path) -> Iterator[str]:
    """Yield the lines of the results."""
    clean = read_babe(data / "babe" / "babe_train_dev.csv")
    vectors = embed(clean)
    n_marked = sum(bool(each.answers["terms"]) for each in clean)
    n_biased = sum(bool(each.answers["claims"]) for each in clean)
    yield HEAD.format(n=len(clean), articles=len({e.article_id for e in clean}), biased=n_biased, marked=n_marked)
    for question, label in LABELS.items():
        for kind in KINDS:
            for rate in RATES:
                found = [measure(clean, vectors, Case(question, kind, rate, seed)) for seed in SEEDS]
                sys.stderr.write(f"{label}, {kind}, {rate}\n")
                cells = " | ".join(f"{fmean(values):.2f} ± {stdev(values):.2f}" for values in zip(*found, strict=True))
                yield f"| {label} | {kind} | {rate:.0%} | {cells} |"


HEAD = """# Planted errors

Made by `python -m benchmarks.review`, on BABE's training and development set: {n} sentences of
{articles} articles, of which {biased} are labelled biased and {marked} have loaded words. An error is planted in
5 % or 10 % of the sentences: in the label of the sentence (Biased), or in the mark of one word (Loaded term). It is
of any kind (random), only takes a label away (missed), or only adds one (added).

The probabilities come from logistic regressions on the frozen vectors of the default encoder (the mean of a
sentence's tokens, or of a word's, brought to 128 dimensions by their principal components), three folds by article,
trained on the labels with the errors in them. Given is the share that hold a planted error among the first 50
sentences that a ranking names, as mean ± standard deviation over five seeds. BABE has errors of its own, which count
as false alarms here.

*Review* is the order of `annot review`; *loss* sorts by the probability of what was given, *margin* by that
probability set against the mean where it was given (confident learning), *random* is chance. Review is by margin for
labels of sentences and by loss for words, which was chosen by these figures.

| label | errors | rate | review | loss | margin | random |
|---|---|--:|--:|--:|--:|--:|"""


if __name__ == "__main__":
    beside = Path(__file__).parents[3] / "shared" / "data"
    lines = report(Path(sys.argv[1]) if len(sys.argv) > 1 else beside)
    write_text(Path(__file__).with_name("RESULTS.md"), (f"{line}\n" for line in lines))
