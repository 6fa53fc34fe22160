"""Few labels start from the starter labels, as far as people at hand agree with them."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lessons import course

from annotate.annotation import Annotation
from annotate.learning import starter as starting
from annotate.learning.base import Base, load_base
from annotate.learning.encoding import Example
from annotate.learning.starter import start_from
from annotate.learning.training import Course, fit, predict, warmed_up
from annotate.learning.validation import prepare
from annotate.models.training_record import Recipe
from annotate.progress import Progress
from annotate.schema import LabelSchema
from annotate.workflow.learnable import starter_labels

Make = Callable[..., Annotation]
RECIPE = Recipe(epochs=40, learning_rate=3e-3, head_learning_rate=3e-2)
FUTURE, PAST = "The army will win the war", "The army has lost the war"


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


@pytest.fixture(scope="module")
def drafts(annotation: Make) -> list[Annotation]:
    """Give starter labels by which what will be is a prediction, and nothing is said to lack a source."""
    return sentences(annotation, "Prediction", future=True)


def sentences(make: Make, label: str, *, future: bool) -> list[Annotation]:
    """Make sentences of which those about the future carry a label, or those about the past."""
    return claims(make, *((label,) * (so is future) for so in (True, False)))


def claims(make: Make, future: Sequence[str], past: Sequence[str]) -> list[Annotation]:
    """Make sentences with the labels of those about the future, and those of the past."""
    return [
        make(f"{text} {number}.", {"claims": tuple(names), "terms": ()}, article=str(number))
        for number in range(6)
        for text, names in ((FUTURE, future), (PAST, past))
    ]


def chances(mine: Course, texts: Sequence[Annotation]) -> list[float]:
    return [float(each.choices[1]) for each in predict(mine.start, mine.base, texts, RECIPE)]


def test_what_people_agree_with_is_learned_first(
    base: Base, schema: LabelSchema, annotation: Make, drafts: list[Annotation]
) -> None:
    mine = course(base, schema, RECIPE)
    labelled = sentences(annotation, "Prediction", future=True)
    started = start_from(drafts, labelled, mine)
    assert started.labels == ("Prediction",)
    future, past = chances(started.course, labelled[:2])
    assert past < 0.2
    assert future > 0.8


def test_what_people_see_otherwise_is_left_out(
    base: Base, schema: LabelSchema, annotation: Make, drafts: list[Annotation]
) -> None:
    mine = course(base, schema, RECIPE)
    started = start_from(drafts, sentences(annotation, "Prediction", future=False), mine)
    assert started == (mine, ())


def test_one_label_may_agree_and_another_not(base: Base, schema: LabelSchema, annotation: Make) -> None:
    both = claims(annotation, ("Prediction", "Unsourced claim"), ())
    labelled = claims(annotation, ("Prediction",), ("Unsourced claim",))
    mine = course(base, schema, RECIPE)
    started = start_from(both, labelled, mine)
    assert started.labels == ("Prediction",)
    for row, learned in ((0, False), (1, True)):
        same = started.course.start.sentences.weight[row] == mine.start.sentences.weight[row]
        assert bool(same.all()) is not learned


def test_of_labels_that_the_starter_labels_do_not_know_nothing_is_learned_before(
    base: Base,
    schema: LabelSchema,
    annotation: Make,
    drafts: list[Annotation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trained: list[str] = []

    def counting(mine: Course, examples: Sequence[Example], name: str, progress: Progress) -> Course:
        trained.append(name)
        return warmed_up(mine, examples, name, progress)

    monkeypatch.setattr(starting, "warmed_up", counting)
    mine = course(base, schema, RECIPE)
    assert start_from(drafts, sentences(annotation, "Unsourced claim", future=True), mine) == (mine, ())
    labelled = claims(annotation, ("Prediction", "Unsourced claim"), ())
    assert start_from(drafts, labelled, mine).labels == ("Prediction",)
    assert trained == ["starter-1"]


@pytest.mark.parametrize("said", [(), ("Prediction",)], ids=["none carries it", "all carry it"])
def test_a_label_that_tells_nothing_apart_starts_from_nothing(
    base: Base, schema: LabelSchema, annotation: Make, drafts: list[Annotation], said: tuple[str, ...]
) -> None:
    mine = course(base, schema, RECIPE)
    assert start_from(drafts, [annotation(FUTURE, {"claims": said})], mine) == (mine, ())


def test_many_labels_start_from_nothing(
    base: Base,
    schema: LabelSchema,
    annotation: Make,
    drafts: list[Annotation],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = course(base, schema, RECIPE)
    labelled = sentences(annotation, "Prediction", future=True)
    monkeypatch.setattr(starting, "MOST", len(labelled) - 1)
    assert start_from(drafts, labelled, mine) == (mine, ())


def test_a_label_that_was_not_warmed_up_on_can_still_be_learned(
    base: Base, schema: LabelSchema, annotation: Make, drafts: list[Annotation]
) -> None:
    unsourced = sentences(annotation, "Unsourced claim", future=False)
    labelled = [*sentences(annotation, "Prediction", future=True), *unsourced]
    started = start_from(drafts, labelled[:12], course(base, schema, RECIPE)).course
    learned = fit(started, prepare(started, unsourced).examples)
    future, past = (float(each.choices[0]) for each in predict(learned, base, unsourced[:2], RECIPE))
    assert future < 0.2
    assert past > 0.8


def test_the_starter_labels_of_known_sentences_and_of_other_questions_are_left_out(
    schema: LabelSchema, tmp_path: Path, starter: list[Annotation]
) -> None:
    everything = starter_labels(schema, [])
    articles = {each.article_id for each in everything}
    assert len(articles) == 5
    known = starter[0]
    assert {each.article_id for each in starter_labels(schema, [known])} == articles - {known.article_id}
    other = tmp_path / "labels.xml"
    other.write_text(schema.xml.replace('value="Loaded term"', 'value="Slur"'), "utf-8")
    assert {name for each in starter_labels(LabelSchema.read(other), []) for name in each.answers} == {"claims"}
