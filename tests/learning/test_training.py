"""A network learns what it is shown, and the same from the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from lessons import course, learned

from annotate.annotation import Annotation
from annotate.learning.base import Base, load_base
from annotate.learning.network import Network
from annotate.learning.training import fit, predict, steps_of
from annotate.learning.validation import prepare
from annotate.models.scores import to_annotation, to_scores
from annotate.models.thresholds import Thresholds
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema

Make = Callable[..., Annotation]
MANY = Recipe(epochs=150, batch_size=10, learning_rate=3e-3, head_learning_rate=3e-2)
LABELS = ("Loaded term", "Unsourced claim", "Prediction")
NEUTRAL = Thresholds(sentences=dict.fromkeys(LABELS, 0.5), words={"Loaded term": 0.5})


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


@pytest.fixture(scope="module")
def ten(starter: list[Annotation]) -> list[Annotation]:
    """Give ten sentences, some with each label and some with none."""
    some = [a for label in LABELS for a in starter if label in _labels(a)][::5]
    ten = [*some[:7], *(a for a in starter if not _labels(a))][:10]
    assert set().union(*map(_labels, ten)) == set(LABELS)
    return ten


def _labels(annotation: Annotation) -> set[str]:
    given = (item for answer in annotation.answers.values() for item in answer)
    return {item if isinstance(item, str) else item.label for item in given}


def weights(base: Base, labelled: list[Annotation], schema: LabelSchema, seed: int) -> dict[str, torch.Tensor]:
    return dict(learned(base, labelled, schema, Recipe(epochs=2, seed=seed)).state_dict())


def test_the_same_seed_gives_the_same_weights_to_the_bit_and_another_others(
    base: Base, ten: list[Annotation], schema: LabelSchema
) -> None:
    one, same, other = (weights(base, ten, schema, seed) for seed in (0, 0, 1))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["tokens.weight"], other["tokens.weight"])


def test_few_sentences_are_seen_more_often_and_larger_batches_mean_as_many_steps() -> None:
    sizes = (10, 100, 1000, 2000, 100_000)
    assert [Recipe().batch_for(number) for number in sizes] == [8, 8, 16, 16, 16]
    assert [Recipe().epochs_for(number) for number in sizes] == [10, 10, 7, 5, 2]
    assert [Recipe(batch_size=8).epochs_for(number) for number in sizes] == [10, 10, 4, 2, 2]
    assert [Recipe(epochs=3).epochs_for(number) for number in sizes] == [3] * 5
    assert [Recipe().rate_for(number) for number in sizes] == [1e-4, 1e-4, 5e-5, 5e-5, 5e-5]
    assert [Recipe(learning_rate=1).rate_for(number) for number in sizes] == [1] * 5
    for number in (50, 100, 300, 1000):
        small, large = (steps_of(Recipe(batch_size=size), number) for size in (8, 32))
        assert large == pytest.approx(small, rel=0.25)


def test_gradients_are_taken_uphill_of_the_weights_which_return(
    base: Base, ten: list[Annotation], schema: LabelSchema
) -> None:
    still = Recipe(epochs=2, batch_size=5, learning_rate=1e-12, head_learning_rate=1e-12, sharpness_radius=0.01)
    mine = course(base, schema, still)
    first = {name: value.clone() for name, value in mine.start.named_parameters()}
    moving = [value for name, value in first.items() if "word_embeddings" not in name]
    radius = 0.01 * float(torch.nn.utils.get_total_norm(moving))
    away: list[float] = []

    def listen(network: Network, _: object) -> None:
        apart = sum(float((value - first[name]).detach().square().sum()) for name, value in network.named_parameters())
        away.append(apart**0.5)

    mine.start.register_forward_pre_hook(listen)
    trained = fit(mine, prepare(mine, ten).examples)
    listen(trained, None)
    *_, first_step, second, third, fourth, after = away
    assert (first_step, after) == pytest.approx((0, 0), abs=1e-5)
    assert [second, third, fourth] == pytest.approx([radius] * 3, rel=1e-3)


def test_the_base_is_left_as_it_is(base: Base, ten: list[Annotation], schema: LabelSchema) -> None:
    before = {name: value.clone() for name, value in base.encoder.state_dict().items()}
    trained = weights(base, ten, schema, 0)
    assert all(torch.equal(value, before[name]) for name, value in base.encoder.state_dict().items())
    assert any(not torch.equal(trained[f"encoder.{name}"], value) for name, value in before.items())
    assert all(parameter.requires_grad for parameter in base.encoder.parameters())


def test_ten_sentences_are_learned_by_heart(base: Base, ten: list[Annotation], schema: LabelSchema) -> None:
    network = learned(base, ten, schema, MANY)
    for truth, found in zip(ten, predict(network, base, ten, MANY), strict=True):
        answers = to_annotation(to_scores(truth.sentence, found, schema, "m", NEUTRAL), schema)
        assert answers.answers["claims"] == truth.answers["claims"]
        assert {word for word in found.words if _overlaps(answers, word)} == {
            word for word in found.words if _overlaps(truth, word)
        }


def _overlaps(annotation: Annotation, word: tuple[int, int]) -> bool:
    spans = (item for item in annotation.answers["terms"] if not isinstance(item, str))
    return any(span.start < word[1] and word[0] < span.end for span in spans)


def test_every_step_is_reported(base: Base, ten: list[Annotation], schema: LabelSchema) -> None:
    heard: list[tuple[str, int, int | None]] = []

    def listen(activity: str, /, done: int = 0, total: int | None = None) -> None:
        heard.append((activity, done, total))

    learned(base, ten, schema, Recipe(epochs=2, batch_size=4), listen)
    assert heard == [("Training", step, 6) for step in range(1, 7)]


def test_the_end_of_a_long_sentence_is_learned_too(
    base: Base, annotation: Make, schema: LabelSchema, span: Callable[..., object]
) -> None:
    text = "the army of syria and " * 40 + "regime"
    long = annotation(text, {"terms": (span(text, "regime"),), "claims": ()})
    network = learned(base, [long], schema, MANY.model_copy(update={"epochs": 20}))
    (found,) = predict(network, base, [long], MANY)
    assert max(found.words, key=lambda word: float(found.words[word][0])) == (len(text) - 6, len(text))
