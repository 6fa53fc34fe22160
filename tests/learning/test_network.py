"""Heads learn from what was answered alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.learning.base import Base, load_base
from annotate.learning.encoding import to_batch, to_examples, usual_of
from annotate.learning.network import Network
from annotate.learning.training import predict
from annotate.models.scores import to_scores
from annotate.models.thresholds import Thresholds
from annotate.models.training_record import Recipe
from annotate.schema import LabelSchema

TEXT = "The regime will fall."
TERM = LabelledSpan(start=4, end=10, label="Loaded term")
THREE = """<View><Text name="t" value="$sentence"/>
<Labels name="terms" toName="t"><Label value="Loaded term"/></Labels>
<Choices name="claims" toName="t" choice="multiple"><Choice value="Claim"/><Choice value="Prediction"/></Choices>
<Choices name="tone" toName="t"><Choice value="Mild"/><Choice value="Harsh"/><Choice value="None"/></Choices></View>"""
COLUMNS = {"claims": {0, 1}, "tone": {2, 3, 4}}


@pytest.fixture(scope="module")
def base(tiny_base: Path) -> Base:
    return load_base(str(tiny_base))


def gradients(base: Base, annotations: list[Annotation]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the gradients of the heads of sentences and of tokens."""
    schema = LabelSchema.parse(THREE)
    network = Network(base.encoder, schema)
    examples = to_examples(base.tokenizer, annotations, schema)
    ids, mask, targets = to_batch(examples, base.pad_id)
    network.loss(network(ids, mask), targets, usual_of(examples)).backward()
    assert isinstance(network.sentences.weight.grad, torch.Tensor)
    assert isinstance(network.tokens.weight.grad, torch.Tensor)
    return network.sentences.weight.grad, network.tokens.weight.grad


@pytest.mark.parametrize("answers", [{"claims": ("Claim",)}, {"claims": ()}, {"tone": ("Mild",)}, {"tone": ()}, {}])
def test_choices_that_were_not_answered_and_spans_learn_nothing(
    base: Base, annotation: Callable[..., Annotation], answers: dict[str, Answer]
) -> None:
    choices, spans = gradients(base, [annotation(TEXT, answers)])
    learned = {row for row in range(5) if choices[row].any()}
    assert learned == set().union(*(COLUMNS[name] for name in answers))
    assert not spans.any()


@pytest.mark.parametrize("answer", [(TERM,), ()])
def test_where_only_spans_were_answered_choices_learn_nothing(
    base: Base, annotation: Callable[..., Annotation], answer: Answer
) -> None:
    choices, spans = gradients(base, [annotation(TEXT, {"terms": answer})])
    assert spans.any()
    assert [bool(row.any()) for row in choices] == [False] * 5 + [True]  # whether there is a span at all


def test_what_one_sentence_leaves_open_another_teaches(base: Base, annotation: Callable[..., Annotation]) -> None:
    both = [annotation(TEXT, {"tone": ("Mild",)}), annotation(f"{TEXT} All of it.", {"terms": (TERM,)})]
    choices, spans = gradients(base, both)
    assert [bool(row.any()) for row in choices] == [False, False, True, True, True, True]
    assert spans.any()


@pytest.mark.parametrize(("n_knowing", "weight"), [(40, 1.0), (8, 1.0), (4, 1.0), (2, 0.5)])
def test_a_label_weighs_the_same_however_few_of_the_sentences_know_it_down_to_one_in_ten(
    base: Base, annotation: Callable[..., Annotation], schema: LabelSchema, n_knowing: int, weight: float
) -> None:
    network = Network(base.encoder, schema).eval()
    known = [annotation(TEXT, {"claims": ("Prediction",)} if n < n_knowing else {"terms": ()}) for n in range(40)]
    examples = to_examples(base.tokenizer, known, schema)
    ids, mask, targets = to_batch(examples, base.pad_id)
    outputs = network(ids, mask)
    (gradient,) = torch.autograd.grad(network.loss(outputs, targets, usual_of(examples)), [outputs[0]])
    alone = gradient[0, 1] * n_knowing  # of all that know it, for they say the same of the same text
    said = torch.sigmoid(outputs[0][0, 1].detach())
    assert float(alone) == pytest.approx(weight * float(said - 1), rel=1e-4)


@pytest.mark.parametrize("n_labels", range(1, 6))
def test_a_question_that_nobody_answered_is_never_decided(
    base: Base, annotation: Callable[..., Annotation], n_labels: int
) -> None:
    labels = "".join(f'<Choice value="{n}"/>' for n in range(n_labels))
    more = f'<Choices name="more" toName="t">{labels}<Choice value="None at all"/></Choices></View>'
    schema = LabelSchema.parse(THREE.replace("</View>", more))
    unanswered = annotation(TEXT, {})
    network = Network(base.encoder, schema).eval()
    network.silence(usual_of(to_examples(base.tokenizer, [unanswered], schema)))
    (found,) = predict(network, base, [unanswered], Recipe())
    names = [label.name for label in schema.labels]
    neutral = Thresholds(sentences=dict.fromkeys(names, 0.5), words=dict.fromkeys(names, 0.5))
    assert to_scores(unanswered.sentence, found, schema, "m", neutral).decided == ()


def test_none_of_an_answered_question_is_not_silenced(base: Base, annotation: Callable[..., Annotation]) -> None:
    schema = LabelSchema.parse(THREE)
    network = Network(base.encoder, schema)
    before = network.sentences.bias.detach().clone()
    network.silence(usual_of(to_examples(base.tokenizer, [annotation(TEXT, {"tone": ("Mild",)})], schema)))
    assert torch.equal(network.sentences.bias[2:5], before[2:5])


def test_a_span_is_learned_at_its_words_and_not_at_tokens_of_none(
    base: Base, annotation: Callable[..., Annotation], schema: LabelSchema
) -> None:
    (example,) = to_examples(base.tokenizer, [annotation(TEXT, {"terms": (TERM,)})], schema)
    targets = {
        word: bool(value) for word, value in zip(example.window.words, example.tokens[:, 0], strict=True) if word
    }
    assert targets == {(0, 3): False, (4, 10): True, (11, 15): False, (16, 20): False}
    none = torch.from_numpy(example.tokens[[word is None for word in example.window.words]])
    assert none.isnan().all()


def test_padding_does_not_change_a_sentences_outputs(
    base: Base, annotation: Callable[..., Annotation], schema: LabelSchema
) -> None:
    network = Network(base.encoder, schema).eval()
    examples = to_examples(base.tokenizer, [annotation(TEXT, {}), annotation(f"{TEXT} " * 5, {})], schema)
    with torch.inference_mode():
        alone = network(*to_batch(examples[:1], base.pad_id)[:2])
        among = network(*to_batch(examples, base.pad_id)[:2])
    length = alone[1].shape[1]
    torch.testing.assert_close(among[0][:1], alone[0])
    torch.testing.assert_close(among[1][:1, :length], alone[1])
