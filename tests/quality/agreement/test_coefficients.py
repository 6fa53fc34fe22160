"""Alpha and kappa are those of the literature, and those of other implementations."""

import csv
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score

from annotate.quality.agreement.coefficients import alpha, coincidences, confusion, kappa
from annotate.quality.agreement.panel import Codes

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units.
KRIPPENDORFF = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""


def codes_of(rows: str) -> Codes:
    """Read a table with a line for each annotator, its values counted from 1."""
    table = [[-1 if value == "." else int(value) - 1 for value in line.split()] for line in rows.strip().splitlines()]
    return np.array(table, dtype=np.int8).T


def alpha_of(codes: Codes, n_codes: int) -> float:
    return float(alpha(coincidences(codes, n_codes, np.zeros(len(codes), dtype=np.int64), 1))[0])


def test_alpha_is_that_of_krippendorffs_example() -> None:
    assert round(alpha_of(codes_of(KRIPPENDORFF), 5), 3) == 0.743


def test_alpha_is_that_of_krippendorffs_example_of_two_observers() -> None:
    # The same paper, section A: two observers, ten units, two values.
    rows = "1 2 1 1 1 1 1 1 2 1\n2 2 2 1 1 2 1 1 1 1"
    assert round(alpha_of(codes_of(rows), 2), 3) == 0.095


def test_kappa_is_that_of_artstein_and_poesios_example() -> None:
    # Artstein and Poesio (2008), Inter-coder agreement for computational linguistics, table 2: kappa is .348.
    assert round(float(kappa(np.array([[20.0, 20.0], [10.0, 50.0]]))), 3) == 0.348


TABLES = arrays(np.int8, st.tuples(st.integers(2, 30), st.integers(2, 6)), elements=st.integers(-1, 3))


@given(TABLES)
@settings(deadline=None)
def test_alpha_is_that_of_an_independent_implementation(codes: Codes) -> None:
    if not np.isfinite(alpha_of(codes, 4)):
        return
    table = np.where(codes < 0, np.nan, codes).T
    theirs = krippendorff.alpha(table, level_of_measurement="nominal", value_domain=[0, 1, 2, 3])
    assert alpha_of(codes, 4) == pytest.approx(theirs, abs=1e-9)


@given(arrays(np.int8, st.tuples(st.integers(1, 40), st.just(2)), elements=st.integers(0, 3)))
@settings(deadline=None)
def test_kappa_is_that_of_scikit_learn(pair: Codes) -> None:
    found = kappa(confusion(pair, 4, np.zeros(len(pair), dtype=np.int64), 1)[0])
    if np.isfinite(found):
        assert float(found) == pytest.approx(cohen_kappa_score(pair[:, 0], pair[:, 1]), abs=1e-9)
    else:
        assert len(np.unique(pair)) == 1


@pytest.mark.parametrize(
    "rows", ["1 1 1\n1 1 1", "1 2 1\n. . .", "1 . 2\n. 1 ."], ids=["no variation", "one annotator", "no unit twice"]
)
def test_alpha_is_undefined_without_variation_or_pairs(rows: str) -> None:
    assert np.isnan(alpha_of(codes_of(rows), 2))


def test_sums_over_articles_give_the_alpha_of_all() -> None:
    random = np.random.default_rng(0)
    codes = random.integers(-1, 3, size=(200, 4)).astype(np.int8)
    by_article = coincidences(codes, 3, random.integers(0, 7, size=200), 7)
    assert by_article.shape == (7, 3, 3)
    assert float(alpha(by_article.sum(axis=0))) == pytest.approx(alpha_of(codes, 3), abs=1e-12)


def babe(repository: Path, group: str) -> list[dict[str, str]]:
    """Read the raw labels of one of BABE's two groups of annotators, where they lie beside the checkout."""
    path = repository.parent / "shared" / "data" / "babe" / f"raw_labels_{group}_without_test.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not there: BABE's labels are not ours to copy")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("group", ["SG1", "SG2"])
def test_the_alpha_of_babes_raw_labels_is_that_of_independent_implementations(group: str, repository: Path) -> None:
    rows = [row for row in babe(repository, group) if row["label_bias"] in ("Biased", "Non-biased")]
    units = {text: place for place, text in enumerate(dict.fromkeys(row["text"] for row in rows))}
    people = {name: place for place, name in enumerate(sorted({row["annotator_id"] for row in rows}))}
    codes = np.full((len(units), len(people)), -1, dtype=np.int8)
    for row in rows:
        codes[units[row["text"]], people[row["annotator_id"]]] = row["label_bias"] == "Biased"
    found = alpha_of(codes, 2)
    table = np.where(codes < 0, np.nan, codes).T
    assert found == pytest.approx(krippendorff.alpha(table, level_of_measurement="nominal"), abs=1e-9)
    some = codes[:400][(codes[:400] >= 0).sum(axis=1) > 1]  # nltk is slow
    task = AnnotationTask([(str(p), str(u), int(some[u, p])) for u, p in np.argwhere(some >= 0)])
    assert alpha_of(some, 2) == pytest.approx(task.alpha(), abs=1e-9)
