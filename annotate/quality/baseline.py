"""What the plainest model that anyone would try reaches on the same folds: TF-IDF with logistic regression."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from annotate.annotation import Annotation
from annotate.quality.apart import apart_from
from annotate.quality.tallies import Pair, figures, summed, tally
from annotate.record import Record
from annotate.schema import LabelSchema, Question

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

_WORD = r"(?u)\w+"


class Baseline(Record):
    """Figures of a label over the sentences of which it is known; ``None`` where undefined."""

    f1: float | None
    mcc: float | None


def baseline(labelled: Sequence[Annotation], fold_of: Mapping[str, int], schema: LabelSchema) -> dict[str, Baseline]:
    """Measure it by label, with words and pairs of words, each fold of articles judged by what the others teach."""
    folds = np.array([fold_of[annotation.article_id] for annotation in labelled])
    return {name: _measured(labelled, folds, q, name) for q in schema.questions for name in q.names}


def plain_model() -> "Pipeline":
    """Return it untrained: logistic regression on TF-IDF of words and pairs of words, rare answers weighted up."""
    # When needed, for what is stored of a baseline is read by commands that are run often.
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD),
        LogisticRegression(class_weight="balanced", max_iter=1000),
    )


def _measured(labelled: Sequence[Annotation], folds: npt.NDArray[np.intp], question: Question, label: str) -> Baseline:
    guesses = _guesses(labelled, folds, question, label)
    pairs = [Pair(true, guess, 0) for true, guess in guesses]
    found = figures({"sentences": summed(tally(pairs, question, label))["sentences"]}) if pairs else {}
    values = {
        name: round(float(found[name]), 4) if name in found and np.isfinite(found[name]) else None
        for name in ("f1", "mcc")
    }
    return Baseline(**values)


def _guesses(
    labelled: Sequence[Annotation], folds: npt.NDArray[np.intp], question: Question, label: str
) -> Iterator[tuple[Annotation, Annotation]]:
    said = [annotation.says(question, label) for annotation in labelled]
    known = np.array([each is not None for each in said])
    truth = np.array([bool(each) for each in said])
    texts = np.array([annotation.text for annotation in labelled], dtype=object)
    for fold in np.unique(folds):
        inside, outside = known & (folds == fold), known & apart_from(fold, labelled, folds)
        if not inside.any() or truth[outside].all() or not truth[outside].any():
            continue
        given = plain_model().fit(texts[outside], truth[outside]).predict(texts[inside])
        for row, carries in zip(np.flatnonzero(inside), given, strict=True):
            mine = labelled[row]
            yield mine, mine.model_copy(update={"answers": {}, "carries": {label: bool(carries)}})
