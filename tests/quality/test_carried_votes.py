"""Who says whether a sentence carries a label without answering its question has a vote on that."""

from collections.abc import Callable, Mapping

import pytest

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.quality.adjudication import adjudicated
from annotate.quality.agreement.disputes import in_words
from annotate.schema import LabelSchema

TEXT = "The brutal regime fell."
BRUTAL = LabelledSpan(start=4, end=10, label="Loaded term")
Make = Callable[..., Annotation]
Opinion = tuple[Mapping[str, Answer], Mapping[str, bool]]
MARKED: Opinion = ({"terms": (BRUTAL,)}, {})
UNMARKED: Opinion = ({"terms": ()}, {})
YES: Opinion = ({}, {"Loaded term": True})
NO: Opinion = ({}, {"Loaded term": False})


def opinions(make: Make, *said: Opinion) -> list[Annotation]:
    """Return records of several annotators: their answers, and what they know of single labels without one."""
    return [
        make(TEXT, answers, f"user:{n}").model_copy(update={"carries": known})
        for n, (answers, known) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([YES, YES, YES, UNMARKED, UNMARKED], ({}, {"Loaded term": True}, 0.6)),
        ([NO, NO, NO, MARKED, MARKED], ({}, {"Loaded term": False}, 0.4)),
        ([YES, UNMARKED], ({}, {}, 0.5)),
        ([YES, MARKED, UNMARKED, MARKED], ({"terms": (BRUTAL,)}, {}, 0.75)),
        ([NO, UNMARKED, MARKED, UNMARKED], ({"terms": ()}, {}, 0.25)),
        ([YES, YES, NO], ({}, {"Loaded term": True}, 0.666667)),
    ],
)
def test_who_knows_no_place_has_a_vote_on_whether_the_sentence_carries_the_label(
    annotation: Make, schema: LabelSchema, said: list[Opinion], expected: tuple[object, object, float]
) -> None:
    (found,) = adjudicated(opinions(annotation, *said), schema)
    assert (found.answers, found.carries, found.shares["Loaded term"]) == expected
    is_outvoted = bool(found.n_votes) and not found.answers
    assert (found.disputed, found.decided_by.keys()) == (("terms",) if is_outvoted else (), found.answers.keys())


def test_the_other_labels_of_an_outvoted_choice_keep_what_most_say(annotation: Make, schema: LabelSchema) -> None:
    chosen: Opinion = ({"claims": ("Unsourced claim", "Prediction")}, {})
    no: Opinion = ({}, {"Prediction": False})
    (found,) = adjudicated(opinions(annotation, chosen, no, no), schema)
    assert (found.answers, found.carries) == ({}, {"Unsourced claim": True, "Prediction": False})


def test_shares_of_a_single_choice_are_of_those_who_answered(annotation: Make) -> None:
    choices = "".join(f'<Choice value="{name}"/>' for name in ("Angry", "Amused"))
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">{choices}</Choices></View>'
    given = opinions(annotation, ({"tone": ("Angry",)}, {}), ({"tone": ("Angry",)}, {}), ({}, {"Angry": False}))
    (found,) = adjudicated(given, LabelSchema.parse(xml))
    assert (found.answers, found.shares) == ({"tone": ("Angry",)}, {"Angry": 1.0, "Amused": 0.0})


def test_of_exclusive_labels_a_sentence_carries_one(annotation: Make) -> None:
    choices = "".join(f'<Choice value="{name}"/>' for name in ("Angry", "Amused"))
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">{choices}</Choices></View>'
    amused: Opinion = ({}, {"Amused": True})
    (found,) = adjudicated(opinions(annotation, ({"tone": ("Angry",)}, {}), amused, amused), LabelSchema.parse(xml))
    assert (found.answers, found.carries) == ({}, {"Angry": False, "Amused": True})


def test_votes_on_what_was_only_known_without_a_place_bring_their_own_shares(
    annotation: Make, schema: LabelSchema
) -> None:
    (known,) = adjudicated(opinions(annotation, YES), schema)
    votes = opinions(annotation, UNMARKED, UNMARKED, MARKED)
    (found,) = adjudicated([known, *votes], schema)
    assert (found.answers, found.carries, found.shares["Loaded term"]) == ({"terms": ()}, {}, 0.333333)
    assert found == adjudicated(votes, schema)[0].model_copy(update={"created_at": found.created_at})


def test_what_is_known_without_a_place_is_told_in_words(annotation: Make, schema: LabelSchema) -> None:
    given = annotation(TEXT, {}).model_copy(update={"carries": {"Loaded term": True, "Prediction": False}})
    assert in_words(given, schema) == {"terms": "Loaded term, place unknown", "claims": "no Prediction"}
