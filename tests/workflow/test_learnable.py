"""What a person is told of labels that a model learned from."""

from collections.abc import Callable

import pytest

from annotate.annotation import Annotation
from annotate.models.training_record import Recipe, TrainingData, TrainingRecord
from annotate.schema import LabelSchema
from annotate.workflow.learnable import note_on_repetitions, notes_on

TONE = """<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">
<Choice value="Mild"/><Choice value="Harsh"/>{}</Choices></View>"""


@pytest.mark.parametrize(
    ("none", "then"),
    [
        ('<Choice value="None"/>', "the model never decides for it"),
        ("", "no choice of 'tone' says \"none\", so the model decides for one of its labels blindly"),
    ],
)
def test_a_note_tells_what_becomes_of_a_label_that_nobody_answered(
    annotation: Callable[..., Annotation], none: str, then: str
) -> None:
    data = TrainingData(digest="", n_sentences=1, articles=("a",), annotators=("user:1",), origins={"manual": 1})
    record = TrainingRecord(data=data, recipe=Recipe(), evaluation=None, versions={})
    notes = list(notes_on([annotation("It will.", {})], record, LabelSchema.parse(TONE.format(none))))
    said = [f"nobody says of any sentence whether it carries '{name}': {then}" for name in ("Mild", "Harsh")]
    assert notes[1:] == said


def test_a_note_counts_sentences_that_one_annotator_answered_in_two_ways(annotation: Callable[..., Annotation]) -> None:
    once = annotation("It will.", {"claims": ("Prediction",)})
    other = annotation("It will.", {"claims": ()})
    assert not list(note_on_repetitions([once, once, annotation("It did.", {"claims": ()})]))
    both = [annotation("It has.", {"claims": said}) for said in (("A", "B"), ("B", "A"))]
    assert not list(note_on_repetitions(both))
    assert not list(note_on_repetitions([once, other.model_copy(update={"annotator": "user:99"})]))
    assert not list(note_on_repetitions([once, other.model_copy(update={"origin": "draft"})]))
    assert list(note_on_repetitions([once, other, other])) == [
        "1 sentence answered in two ways by one annotator: the later answer counts"
    ]
