"""What is learned from while a fold is held out to measure on."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from annotate.article import Sentence
from annotate.words import folded


def apart_from(fold: int, sentences: Sequence[Sentence], folds: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Tell which sentences are of other folds, and stand in no article of this one too.

    What agencies write stands in many articles, and whoever has learned from a sentence knows its answer. Where all of
    them stand in the fold too, all of other folds are told. *Shapes:* ``(n,)``.
    """
    others: npt.NDArray[np.bool_] = folds != fold
    held = {folded(sentence.text) for sentence, is_other in zip(sentences, others, strict=True) if not is_other}
    alone: npt.NDArray[np.bool_] = (
        np.array([folded(sentence.text) not in held for sentence in sentences], bool) & others
    )
    return alone if alone.any() else others
