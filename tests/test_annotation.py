"""Answers fit their questions, and no answer is never mixed up with an empty one."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from annotate.annotation import Annotation, Answer, LabelledSpan, ScoredSpan, Scores, by_sentence, check_answers
from annotate.article import Sentence
from annotate.errors import ConfigError
from annotate.schema import LabelSchema

TERM = LabelledSpan(start=0, end=3, label="Loaded term")
SINGLE = """<View><Text name="t" value="$sentence"/>
<Choices name="tone" toName="t"><Choice value="Mild"/><Choice value="Harsh"/></Choices></View>"""


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"mood": ("Sad",)}, "no question 'mood'"),
        ({"claims": ("Rumour",)}, "question 'claims' has no label 'Rumour'"),
        ({"terms": (LabelledSpan(start=0, end=3, label="Rumour"),)}, "question 'terms' has no label 'Rumour'"),
        ({"claims": ("None of these", "Prediction")}, "'None of these' is answered together with another label"),
        ({"claims": (TERM,)}, "question 'claims' asks for multiple choice"),
        ({"terms": ("Loaded term",)}, "question 'terms' asks for spans"),
    ],
)
def test_answers_to_other_questions_are_refused(schema: LabelSchema, answers: dict[str, Answer], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_answers(answers, schema)


def test_a_single_choice_takes_one_label() -> None:
    schema = LabelSchema.parse(SINGLE)
    assert check_answers({"tone": ("Mild",)}, schema) == {"tone": ("Mild",)}
    with pytest.raises(ConfigError, match="takes one label, and is answered with 2"):
        check_answers({"tone": ("Mild", "Harsh")}, schema)


def test_none_of_these_becomes_an_empty_answer_and_the_rest_stays(schema: LabelSchema) -> None:
    assert check_answers({"terms": (TERM,), "claims": ("None of these",)}, schema) == {"terms": (TERM,), "claims": ()}
    assert check_answers({}, schema) == {}


@pytest.mark.parametrize("answers", [{}, {"claims": ()}, {"terms": (), "claims": ("Prediction",)}, {"terms": (TERM,)}])
def test_json_keeps_empty_and_missing_answers_apart(
    annotation: Callable[..., Annotation], answers: dict[str, Answer]
) -> None:
    made = annotation("Rats won’t win. 🐀", answers)
    read = Annotation.model_validate_json(made.model_dump_json())
    assert read == made
    assert read.answers == answers


def test_spans_may_reach_the_end_of_the_text_and_not_beyond(
    annotation: Callable[..., Annotation], sentence: Callable[..., Sentence]
) -> None:
    assert annotation("🐀!!", {"terms": (TERM,)}).answers == {"terms": (TERM,)}
    with pytest.raises(ValidationError, match="beyond the sentence's 2 code points"):
        annotation("🐀!", {"terms": (TERM,)})
    with pytest.raises(ValidationError, match="beyond the sentence's 2 code points"):
        Scores(**dict(sentence("🐀!")), model="m", labels={}, spans=(ScoredSpan(**dict(TERM), score=1),))


@pytest.mark.parametrize(("start", "end"), [(2, 2), (3, 2), (-1, 2)])
def test_a_span_that_is_none_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValidationError):
        LabelledSpan(start=start, end=end, label="Loaded term")


@pytest.mark.parametrize("change", [{"mood": "sad"}, {"origin": "guess"}, {"lead_time": -1}, {"end": 99}])
def test_unknown_fields_and_impossible_values_are_refused(
    annotation: Callable[..., Annotation], change: dict[str, object]
) -> None:
    fields = annotation("Rats.", {}).model_dump()
    assert Annotation.model_validate(fields)
    with pytest.raises(ValidationError):
        Annotation.model_validate(fields | change)


def test_an_annotation_gives_back_its_sentence(
    annotation: Callable[..., Annotation], sentence: Callable[..., Sentence]
) -> None:
    assert annotation("Rats.", {"claims": ()}).sentence == sentence("Rats.")


def test_records_of_one_annotator_are_put_together_question_by_question(annotation: Callable[..., Annotation]) -> None:
    first = annotation("Rats.", {"terms": (TERM,), "claims": ()})
    second = annotation("Rats.", {"claims": ("Prediction",)})
    (given,) = by_sentence([first, second, annotation("Rats.", {}, "user:2")]).values()
    assert {name: each.answers for name, each in given.items()} == {
        "user:1": {"terms": (TERM,), "claims": ("Prediction",)},
        "user:2": {},
    }


def test_what_is_known_of_single_labels_is_put_together_label_by_label(annotation: Callable[..., Annotation]) -> None:
    known = [{"Prediction": False, "Unsourced claim": True}, {"Prediction": True}]
    records = [annotation("Rats.", {}).model_copy(update={"carries": each}) for each in known]
    (given,) = by_sentence(records).values()
    assert given["user:1"].carries == {"Prediction": True, "Unsourced claim": True}


def test_a_draft_adds_nothing_to_a_persons_record(annotation: Callable[..., Annotation]) -> None:
    draft, person = annotation("Rats.", {"terms": (TERM,)}, origin="draft"), annotation("Rats.", {"claims": ()})
    assert by_sentence([draft, person]) == by_sentence([person, draft]) == {person.uid: {"user:1": person}}
