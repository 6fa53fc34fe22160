"""A task for review shows the answers in doubt, and nothing that was not answered."""

from collections.abc import Callable, Mapping

from annotate.annotation import Annotation, Answer, LabelledSpan
from annotate.quality.label_errors import Suspect
from annotate.schema import LabelSchema
from annotate.studio.review import to_review_task
from annotate.studio.tasks import to_sentence

Make = Callable[..., Annotation]
Marks = Callable[..., LabelledSpan]
TEXT = "The brutal regime will fall."


def suspect(make: Make, answers: Mapping[str, Answer], label: str = "Prediction") -> Suspect:
    doubt = {"question": "claims", "label": label, "suggested": (), "probability": 0.1, "quality": 0.2}
    return Suspect(**dict(make(TEXT, answers)), **doubt, why="given, and 10% likely by the model")


def test_what_was_answered_is_shown_and_not_what_the_model_says(
    annotation: Make, schema: LabelSchema, span: Marks
) -> None:
    given = suspect(annotation, {"terms": (span(TEXT, "brutal"),), "claims": ("Prediction",)})
    task = to_review_task([given], schema)
    (prediction,) = task["predictions"]
    shown = {item["from_name"]: item["value"] for item in prediction["result"]}
    assert shown["terms"] | {"labels": ["Loaded term"]} == shown["terms"]
    assert (shown["terms"]["start"], shown["terms"]["end"]) == (4, 10)
    assert shown["claims"] == {"choices": ["Prediction"]}
    assert (prediction["score"], prediction["model_version"]) == (0.2, "given")
    assert to_sentence(task["data"]) == given.sentence


def test_none_is_shown_where_it_was_answered_and_nothing_where_not(annotation: Make, schema: LabelSchema) -> None:
    (none,) = to_review_task([suspect(annotation, {"claims": ()})], schema)["predictions"]
    assert [item["value"] for item in none["result"]] == [{"choices": ["None of these"]}]
    (open_,) = to_review_task([suspect(annotation, {"terms": ()})], schema)["predictions"]
    assert open_["result"] == []


def test_what_is_in_doubt_is_told_to_the_data_manager(annotation: Make, schema: LabelSchema) -> None:
    both = [suspect(annotation, {"claims": ("Prediction",)}, label) for label in ("Prediction", "Unsourced claim")]
    told = to_review_task(both, schema)["data"]["in_doubt"]
    assert told == "; ".join(f"{each.label}: {each.why}" for each in both)
