"""A recipe is measured on articles it has not seen, and thresholds follow from that."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path

import numpy as np
import pytest
import torch
from lessons import course

from annotate.annotation import Annotation, LabelledSpan
from annotate.learning import validation
from annotate.learning.base import Base, load_base
from annotate.learning.calibration import Curve, fit_curves
from annotate.learning.deciding import choose_thresholds
from annotate.learning.held import Held, Taught
from annotate.learning.parallel import Fitted, Job, fit_all
from annotate.learning.training import fit
from annotate.learning.validation import cross_validate, evaluate_held, folds_of, prepare, score_held
from annotate.models.scores import Probabilities
from annotate.models.training_record import Recipe
from annotate.progress import Progress, silent
from annotate.quality.apart import apart_from
from annotate.schema import LabelSchema
from annotate.words import words_of

Make = Callable[..., Annotation]
LABEL = "Prediction"


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


@pytest.fixture(scope="module")
def labelled(annotation: Make) -> list[Annotation]:
    """Give sentences of six articles: seven of the first, three of the second, one or two of the rest."""
    sizes = {"a": 7, "b": 3, "c": 2, "d": 1, "e": 1, "f": 1}
    return [
        annotation(f"The army will win {number}.", {"claims": (LABEL,), "terms": ()}, article=article)
        for article, size in sizes.items()
        for number in range(size)
    ]


def folds(base: Base, labelled: list[Annotation], schema: LabelSchema, seed: int = 0) -> dict[str, int]:
    mine = course(base, schema, Recipe(epochs=1, folds=3, seed=seed))
    held = cross_validate(mine, prepare(mine, labelled)).held
    assert Counter(each.truth.uid for each in held) == Counter(each.uid for each in labelled)
    pairs = {(each.truth.article_id, each.fold) for each in held}
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def test_folds_are_of_whole_articles_and_none_is_empty(
    base: Base, labelled: list[Annotation], schema: LabelSchema
) -> None:
    dealt = folds(base, labelled, schema)
    assert set(dealt) == set("abcdef")
    assert set(dealt.values()) == {0, 1, 2}


def test_folds_are_the_same_for_the_same_seed_in_any_order_and_others_for_another(
    base: Base, labelled: list[Annotation], schema: LabelSchema
) -> None:
    first = folds(base, labelled, schema)
    assert folds(base, labelled[::-1], schema) == first
    assert any(folds(base, labelled, schema, seed) != first for seed in (1, 2))


def test_a_fold_that_is_full_gets_no_more_articles(base: Base, labelled: list[Annotation], schema: LabelSchema) -> None:
    sizes = Counter(annotation.article_id for annotation in labelled)
    dealt = folds(base, labelled, schema)
    loads = Counter({fold: sum(sizes[a] for a in dealt if dealt[a] == fold) for fold in range(3)})
    assert max(loads.values()) - min(loads.values()) <= max(sizes.values())


def test_folds_learn_in_batches_of_the_size_that_suits_all_sentences(
    base: Base, labelled: list[Annotation], schema: LabelSchema
) -> None:
    many = [each.model_copy(update={"article_id": f"{n % 2}"}) for n, each in enumerate(labelled * 70)]
    recipe = Recipe(epochs=1)
    assert recipe.batch_for(len(many)) == 16
    assert recipe.batch_for(len(many) // 2) == 8
    assert recipe.rate_for(len(many) // 2) != recipe.rate_for(len(many))
    mine = course(base, schema, recipe)
    judge = cross_validate(mine, prepare(mine, many)).of_last_fold
    in_sixteens = replace(mine, recipe=Recipe(epochs=1, batch_size=16, learning_rate=recipe.rate_for(len(many))))
    last = max(folds_of(many, recipe).items(), key=itemgetter(1))[0]
    same = fit(in_sixteens, prepare(mine, [each for each in many if each.article_id != last]).examples)
    assert judge is not None
    assert torch.equal(judge.sentences.weight, same.sentences.weight)


def test_what_stands_in_a_fold_is_not_learned_by_its_judge(
    base: Base, labelled: list[Annotation], annotation: Make, schema: LabelSchema, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [annotation(f"Rain in {article}.", {"claims": (), "terms": ()}, article=article) for article in "abcdef"]
    mixed = [*labelled, *own]
    learned: list[list[str]] = []

    def fitted(jobs: Sequence[Job], progress: Progress = silent) -> Fitted:
        learned.extend([mixed[e.window.sentence].text for e in job.examples] for job in jobs)
        return fit_all(jobs, progress)

    monkeypatch.setattr(validation, "fit_all", fitted)
    mine = course(base, schema, Recipe(epochs=1, folds=3))
    dealt = folds_of(mixed, mine.recipe)
    cross_validate(mine, prepare(mine, mixed))
    *of_folds, of_all = learned
    assert len(of_all) == len(mixed)
    for fold, texts in enumerate(of_folds):
        assert texts
        assert not {each.text for each in mixed if dealt[each.article_id] == fold} & set(texts)


def test_where_all_stands_in_the_fold_too_other_articles_are_learned(annotation: Make) -> None:
    same = [annotation("It  will rain.", {}, article="a"), annotation("it will rain.", {}, article="b")]
    assert apart_from(0, same, np.array([0, 1])).tolist() == [False, True]
    more = [*same, annotation("It will snow.", {}, article="b")]
    assert apart_from(0, more, np.array([0, 1, 1])).tolist() == [False, False, True]


def test_there_are_no_more_folds_than_articles(base: Base, labelled: list[Annotation], schema: LabelSchema) -> None:
    two = [annotation for annotation in labelled if annotation.article_id in "ab"]
    assert set(folds(base, two, schema).values()) == {0, 1}


def test_a_single_article_gives_no_folds_and_no_figures(
    base: Base, labelled: list[Annotation], schema: LabelSchema
) -> None:
    mine = course(base, schema, Recipe(epochs=1))
    validated = cross_validate(mine, prepare(mine, labelled[:7]))
    assert (validated.held, validated.of_last_fold) == ([], None)
    assert evaluate_held([], [], schema) is None
    thresholds = choose_thresholds([], schema, {})
    assert thresholds.sentences == {"Loaded term": 0.5, "Unsourced claim": 0.5, "Prediction": 0.5}
    assert thresholds.words == {"Loaded term": 0.5}


def judged(make: Make, number: int, truth: bool | None, probability: float, fold: int = 0) -> Held:
    """Build a held-out sentence that carries the label or not, and one word that is marked or not just so."""
    text = f"word{number}"
    term = LabelledSpan(start=0, end=len(text), label="Loaded term")
    answers = {} if truth is None else {"claims": (LABEL,) * truth, "terms": (term,) * truth}
    words = {place: [probability] for place in words_of(text)}
    return Held(
        make(text, answers),
        fold,
        Probabilities(np.array([0, probability], np.float32), np.array([probability], np.float32), words),
    )


@pytest.mark.parametrize(("n_positive", "neutral"), [(0, True), (3, False)])
def test_thresholds_are_neutral_where_no_sentence_carries_the_label(
    annotation: Make, schema: LabelSchema, n_positive: int, neutral: bool
) -> None:
    held = [judged(annotation, i, i < n_positive, 0.3 if i < n_positive else 0.1) for i in range(30)]
    thresholds = choose_thresholds(held, schema, {}).sentences
    for label in (LABEL, "Loaded term"):
        assert (thresholds[label] == 0.5) is neutral
        assert neutral or 0.1 < thresholds[label] <= 0.3
    assert thresholds["Unsourced claim"] == 0.5


def test_a_threshold_has_the_best_expected_figures(annotation: Make, schema: LabelSchema) -> None:
    # From .72 on, 7 of 10 are expected hits; from .22 on, 13 of 35, which loses more than the misses bring.
    groups = [(True, 0.72, 10), (True, 0.22, 5), (False, 0.22, 20), (False, 0.02, 9)]
    cases = [(truth, probability) for truth, probability, n in groups for _ in range(n)]
    held = [judged(annotation, number, *case) for number, case in enumerate(cases)]
    thresholds = choose_thresholds(held, schema, {})
    assert 0.22 < thresholds.sentences[LABEL] <= 0.72
    assert thresholds.sentences["Loaded term"] == thresholds.sentences[LABEL]


def test_where_little_is_sure_a_threshold_is_lower(annotation: Make, schema: LabelSchema) -> None:
    def chosen(*probabilities: float) -> float:
        held = [judged(annotation, n, n < 10, p) for n, p in enumerate(p for p in probabilities for _ in range(20))]
        return choose_thresholds(held, schema, {}).sentences[LABEL]

    assert chosen(0.45, 0.05) < chosen(0.95, 0.45, 0.05)


@pytest.mark.parametrize(("times", "apart"), [(1, False), (100, True)], ids=["few", "many"])
def test_the_truth_decides_where_it_is_no_chance(
    annotation: Make, schema: LabelSchema, times: int, apart: bool
) -> None:
    def chosen(carrying: range) -> float:
        held = [judged(annotation, n, n % 40 in carrying, (n % 40 + 0.5) / 40) for n in range(40 * times)]
        return choose_thresholds(held, schema, {}).sentences[LABEL]

    low, high = chosen(range(10, 40)), chosen(range(24, 40))
    assert (high - low > 0.2) is apart


def test_what_was_not_answered_has_no_say_in_thresholds(annotation: Make, schema: LabelSchema) -> None:
    held = [judged(annotation, i, i < 10, 0.3 if i < 10 else 0.1) for i in range(30)]
    open_ = [judged(annotation, 30 + i, None, 0.9) for i in range(99)]
    assert choose_thresholds([*held, *open_], schema, {}) == choose_thresholds(held, schema, {})


def test_each_fold_is_judged_by_the_thresholds_of_the_others(annotation: Make, schema: LabelSchema) -> None:
    # Fold 0 alone would choose 0.3 or less, and fold 1 alone 0.7 or less and above 0.3.
    low = [judged(annotation, i, i < 10, 0.3 if i < 10 else 0.05, fold=0) for i in range(20)]
    high = [judged(annotation, 20 + i, i < 10, 0.7 if i < 10 else 0.32, fold=1) for i in range(20)]
    figures = evaluate_held([*low, *high], score_held([*low, *high], schema), schema)
    assert figures is not None
    counts = figures[LABEL].sentences
    assert (counts.true_positive, counts.false_positive, counts.false_negative) == (10, 10, 10)


def test_a_label_known_in_one_fold_alone_is_not_measured_and_stays_as_it_was_learned(
    base: Base, annotation: Make, schema: LabelSchema
) -> None:
    known = [
        annotation(
            f"{word} number {n}.",
            {"terms": (), **({"claims": (LABEL,) * (n < 12)} if word == "Army" else {})},
            article=word,
        )
        for word in ("Army", "Rain", "Court")
        for n in range(24)
    ]
    mine = course(base, schema, Recipe(epochs=1))
    validated = cross_validate(mine, prepare(mine, known))
    found = evaluate_held(validated.held, score_held(validated.held, schema), schema)
    assert found is not None
    assert (found[LABEL].n_sentences, found["Loaded term"].n_sentences) == (0, 72)
    assert fit_curves(validated.held, schema).sentences[LABEL] == Curve()
    assert {each.truth.uid for each in validated.held} == {each.uid for each in known}
    # Who judged the fold that alone knows the label had learned nothing of it, and says nothing of it.
    silent = {each.truth.article_id for each in validated.held if each.silent}
    assert silent == {"Army"}
    scored = {score.uid: score for score in score_held(validated.held, schema)}
    assert all((LABEL in scored[each.uid].labels) is (each.article_id != "Army") for each in known)
    assert all("Loaded term" in score.labels and "Loaded term" in score.words for score in scored.values())


def test_what_a_judge_learned_of_a_label_without_its_place_is_measured_and_its_words_are_not(
    annotation: Make, schema: LabelSchema
) -> None:
    term = LabelledSpan(start=0, end=4, label="Loaded term")
    learned = annotation("Army.", {"claims": ()}).model_copy(update={"carries": {"Loaded term": True}})
    judged = Taught([learned], schema).judges(annotation("Army.", {"terms": (term,), "claims": (LABEL,)}))
    assert judged.answers == {"claims": (LABEL,)}
    assert judged.carries == {"Loaded term": True}
