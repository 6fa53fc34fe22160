"""What a person is told of labels that a model learned from."""

from collections.abc import Callable

import pytest

from annotate.annotation import Annotation, Answer
from annotate.errors import TrainingError
from annotate.quality.adjudication import adjudicated
from annotate.schema import LabelSchema
from annotate.workflow.learnable import check_learnable, note_on_repetitions, notes_on_labels

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
    notes = list(notes_on_labels([annotation("It will.", {})], LabelSchema.parse(TONE.format(none))))
    said = [f"nobody says of any sentence whether it carries '{name}': {then}" for name in ("Mild", "Harsh")]
    assert notes[1:] == said


def test_why_there_is_nothing_to_learn_is_told(annotation: Callable[..., Annotation], schema: LabelSchema) -> None:
    """Nobody answered, nobody gave a label, or as many gave it as did not: each asks for something else."""

    def refusal(*given: Annotation) -> str:
        with pytest.raises(TrainingError) as refused:
            check_learnable(adjudicated(given, schema), schema)
        return str(refused.value)

    answers: list[dict[str, Answer]] = [{"claims": ("Prediction",)}, {"claims": ()}]
    votes = [annotation("It will.", answer, f"user:{n}") for n, answer in enumerate(answers)]
    assert refusal(annotation("It will.", {})).startswith(
        "1 sentence, and no question of the labeling configuration is"
    )
    assert refusal(votes[1]).endswith("and none carries a label: there is nothing to learn yet; label some that do")
    assert refusal(*votes).endswith("have people decide with `annot adjudicate --push`")


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
