"""Average precision is that of scikit-learn, on the articles as they are and on resamples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from annotate.quality.ranking import Judged, average_precision, resampled_average_precision

# Probabilities with ties, and truths.
ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]) | st.floats(0, 1), st.booleans()), min_size=1
)


def judged(rows: list[tuple[float, bool]], n_articles: int = 3) -> Judged:
    probabilities, truth = zip(*rows, strict=True)
    articles = np.arange(len(rows)) % n_articles
    return Judged(np.array(probabilities, float), np.array(truth, bool), articles)


@given(ROWS.filter(lambda rows: any(true for _, true in rows)))
def test_it_is_that_of_scikit_learn(rows: list[tuple[float, bool]]) -> None:
    case = judged(rows)
    assert average_precision(case) == pytest.approx(average_precision_score(case.truth, case.probabilities), abs=1e-9)


@given(ROWS, st.tuples(*[st.integers(0, 3)] * 3))
def test_on_a_resample_an_article_counts_as_often_as_it_was_drawn(
    rows: list[tuple[float, bool]], weights: tuple[int, ...]
) -> None:
    case = judged(rows)
    found = float(resampled_average_precision(case, np.array([weights]))[0])
    often = np.array(weights)[case.articles]
    if (often * case.truth).sum():
        theirs = average_precision_score(case.truth, case.probabilities, sample_weight=often)
        assert found == pytest.approx(theirs, abs=1e-9)
    else:
        assert np.isnan(found)


def test_without_a_sentence_it_is_undefined() -> None:
    empty = Judged(np.zeros(0), np.zeros(0, bool), np.zeros(0, np.intp))
    assert np.isnan(average_precision(empty))
