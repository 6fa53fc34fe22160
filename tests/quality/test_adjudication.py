"""One answer a sentence: what more than half of those who answered say."""

from collections.abc import Callable, Mapping

import pytest

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema

TEXT = "The brutal regime fell."
Make = Callable[..., Annotation]


def term(part: str) -> LabelledSpan:
    return LabelledSpan(start=TEXT.index(part), end=TEXT.index(part) + len(part), label="Loaded term")


def voted(make: Make, schema: LabelSchema, *answers: Mapping[str, Answer]) -> Annotation:
    (found,) = gold([make(TEXT, given, annotator=f"user:{i}") for i, given in enumerate(answers)], schema)
    return found


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ([("Prediction",), ("Prediction",), ()], ("Prediction",)),
        ([("Prediction",), (), ()], ()),
        ([("Prediction",), ("Unsourced claim",), ("Prediction", "Unsourced claim")], ("Unsourced claim", "Prediction")),
        ([("Prediction",)], ("Prediction",)),
    ],
)
def test_a_label_is_carried_by_more_than_half(
    annotation: Make, schema: LabelSchema, votes: list[tuple[str, ...]], expected: tuple[str, ...]
) -> None:
    found = voted(annotation, schema, *({"claims": vote} for vote in votes))
    assert found.answers == {"claims": expected}
    assert (found.annotator, found.origin) == ("gold", "manual")


def test_a_choice_on_which_the_votes_are_split_is_left_unanswered(annotation: Make, schema: LabelSchema) -> None:
    assert voted(annotation, schema, {"claims": ("Prediction",)}, {"claims": ()}).answers == {}


def test_a_single_choice_goes_to_none_only_by_majority(annotation: Make) -> None:
    choices = "".join(f'<Choice value="{name}"/>' for name in ("Angry", "Amused", "None"))
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">{choices}</Choices></View>'
    schema = LabelSchema.parse(xml)
    assert voted(annotation, schema, {"tone": ("Angry",)}, {"tone": ("Amused",)}).answers == {}
    assert voted(annotation, schema, {"tone": ("Angry",)}, {"tone": ()}, {"tone": ()}).answers == {"tone": ()}


def test_each_character_of_a_span_is_voted_on(annotation: Make, schema: LabelSchema) -> None:
    votes = [(term("brutal regime"),), (term("regime"),), (term("The brutal"), term("fell"))]
    found = voted(annotation, schema, *({"terms": vote} for vote in votes))
    assert found.answers == {"terms": (term("brutal"), term("regime"))}


def test_two_spans_of_one_annotator_over_one_place_are_one_vote(annotation: Make, schema: LabelSchema) -> None:
    found = voted(annotation, schema, {"terms": (term("regime"), term("brutal regime"))}, {"terms": ()})
    assert found.answers == {"terms": ()}


def test_whoever_did_not_answer_a_question_has_no_vote_on_it(annotation: Make, schema: LabelSchema) -> None:
    found = voted(annotation, schema, {"claims": ("Prediction",)}, {"terms": ()}, {"terms": ()})
    assert found.answers == {"terms": (), "claims": ("Prediction",)}


def test_a_question_that_nobody_answered_stays_unanswered(annotation: Make, schema: LabelSchema) -> None:
    assert voted(annotation, schema, {"claims": ()}, {}).answers == {"claims": ()}


def test_a_person_outvotes_all_drafts(annotation: Make, schema: LabelSchema) -> None:
    drafts = [annotation(TEXT, {"claims": ("Prediction",)}, f"model:{i}", "draft") for i in range(3)]
    (found,) = gold([*drafts, annotation(TEXT, {"claims": ()})], schema)
    assert (found.answers, found.origin) == ({"claims": ()}, "manual")
    (found,) = gold(drafts, schema)
    assert (found.answers, found.origin) == ({"claims": ("Prediction",)}, "draft")


def test_the_later_answer_of_one_annotator_counts(annotation: Make, schema: LabelSchema) -> None:
    earlier, later = annotation(TEXT, {"claims": ("Prediction",)}), annotation(TEXT, {"claims": ()})
    assert gold([earlier, later], schema)[0].answers == {"claims": ()}
    assert gold([later, earlier], schema)[0].answers == {"claims": ("Prediction",)}


def test_each_sentence_has_one_answer_in_the_order_of_first_sight(annotation: Make, schema: LabelSchema) -> None:
    texts = ["Two.", "One.", "Two."]
    found = gold([annotation(text, {}, f"user:{i}") for i, text in enumerate(texts)], schema)
    assert [each.text for each in found] == ["Two.", "One."]
