"""Tasks and annotations as plain values: what is sent to Label Studio comes back as the same answers."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from annotate.annotation import LabelledSpan, ScoredSpan, Scores
from annotate.article import Article, Sentence
from annotate.errors import ConfigError, StudioError
from annotate.schema import TASK_FIELDS, LabelSchema
from annotate.studio.tasks import Pulled, to_answered, to_prediction, to_pulled, to_sentence, to_task

Json = dict[str, Any]
Make = Callable[..., Sentence]
Span = Callable[..., LabelledSpan]
MOMENT = "2026-01-01T00:00:00Z"
TEXT = "😀 The brutal regime will fall."
PAYLOADS = Path(__file__).parents[3] / "shared" / "label-studio" / "payloads"
recorded = pytest.mark.skipif(not PAYLOADS.is_dir(), reason="no recorded bodies: ../shared is absent")


def scores(sentence: Sentence, *parts: str, decided: tuple[str, ...] = (), **labels: float) -> Scores:
    """Return what a model says of a sentence; each part is a loaded term."""
    places = [(sentence.text.index(part), part) for part in parts]
    spans = tuple(ScoredSpan(start=at, end=at + len(part), label="Loaded term", score=0.8) for at, part in places)
    known = {"Loaded term": 0.8 if parts else 0.1, "Unsourced claim": 0.1, "Prediction": 0.9} | labels
    return Scores(**dict(sentence), model="v1", labels=known, spans=spans, decided=decided)


def term(text: str, part: str, **more: object) -> Json:
    start = text.index(part)
    value = {"start": start, "end": start + len(part), "text": part, "labels": ["Loaded term"]}
    return {"from_name": "terms", "to_name": "sentence", "type": "labels", "value": value} | more


def claims(*names: str, **more: object) -> Json:
    return {"from_name": "claims", "to_name": "sentence", "type": "choices", "value": {"choices": list(names)}} | more


def submitted(*result: Json, **more: object) -> Json:
    """Return an annotation as exports hold it."""
    made = {"id": 7, "completed_by": 1, "result": list(result), "was_cancelled": False, "lead_time": 2.5}
    return made | {"created_at": "2026-01-01T00:00:00Z", "parent_prediction": None} | more


def task(sentence: Sentence, *annotations: Json, number: int = 5) -> Json:
    return {"id": number, "data": to_task(sentence, None), "annotations": list(annotations), "updated_at": MOMENT}


def pulled_from(tasks: Sequence[Json], schema: LabelSchema) -> Pulled:
    return to_pulled([to_answered(task, schema) for task in tasks])


def accepted(shown: Json, *result: Json, **more: object) -> Json:
    """Return an annotation that began as a pre-annotation."""
    began = {"parent_prediction": 3, "prediction": {"id": 3, "result": shown["result"]}}
    return submitted(*result, **began | more)


def test_a_task_has_every_field_that_a_configuration_may_show_and_none_is_null(sentence: Make) -> None:
    data = to_task(sentence(TEXT), None)
    assert data.keys() == TASK_FIELDS
    assert None not in data.values()
    assert (data["sentence"], data["title"], data["source_line"]) == (TEXT, "", "")


@pytest.mark.parametrize(
    ("known", "line"),
    [
        ({"outlet": "The Gazette", "author": "A. Writer", "published": "2026-03-12"}, "The Gazette · A. Writer · 2026"),
        ({"outlet": "The Gazette", "published": "2026-03-12"}, "The Gazette · 2026"),
        ({"author": "A. Writer"}, "A. Writer"),
        ({}, ""),
    ],
)
def test_the_source_line_tells_what_is_known(sentence: Make, known: dict[str, str], line: str) -> None:
    data = to_task(sentence(TEXT), Article(id="a", title="Rats", text=TEXT, **known))
    assert (data["title"], data["source_line"].removesuffix("-03-12")) == ("Rats", line)


def test_a_task_gives_its_sentence_back(sentence: Make) -> None:
    made = sentence(TEXT).model_copy(update={"context_before": "Before.", "context_after": "After."})
    assert to_sentence(to_task(made, None)) == made


def test_a_task_made_before_a_field_was_known_has_its_default(sentence: Make) -> None:
    made = sentence(TEXT)
    data = {name: value for name, value in to_task(made, None).items() if name != "quotation"}
    assert to_sentence(data) == made


def test_a_prediction_marks_words_with_their_text_and_score(sentence: Make, schema: LabelSchema) -> None:
    made = to_prediction(scores(sentence(TEXT), "brutal", "regime", decided=("Loaded term", "Prediction")), schema)
    first, second, choice = made["result"]
    assert first["value"] == {"start": 6, "end": 12, "text": "brutal", "labels": ["Loaded term"]}
    assert (first["score"], second["value"]["text"], second["score"]) == (0.8, "regime", 0.8)
    assert {item["to_name"] for item in made["result"]} == {"sentence"}
    assert len({item["id"] for item in made["result"]}) == 3
    assert choice["value"] == {"choices": ["Prediction"]}
    assert made["model_version"] == "v1"


def test_nothing_decided_is_said_in_so_many_words(sentence: Make, schema: LabelSchema) -> None:
    (choice,) = to_prediction(scores(sentence(TEXT), Prediction=0.2), schema)["result"]
    assert (choice["type"], choice["value"]) == ("choices", {"choices": ["None of these"]})


def test_without_a_choice_for_none_nothing_decided_is_no_result(sentence: Make, schema: LabelSchema) -> None:
    xml = "\n".join(line for line in schema.xml.splitlines() if "None of these" not in line)
    assert to_prediction(scores(sentence(TEXT)), LabelSchema.parse(xml))["result"] == []


def test_a_predictions_score_is_the_certainty_of_its_least_certain_label(sentence: Make, schema: LabelSchema) -> None:
    assert to_prediction(scores(sentence(TEXT), Prediction=0.5), schema)["score"] == 0
    assert to_prediction(scores(sentence(TEXT), Prediction=0.7), schema)["score"] == pytest.approx(0.4)


@pytest.mark.parametrize("result", [claims("Irony"), claims("Prediction", from_name="mood")], ids=["label", "question"])
def test_answers_that_nobody_was_asked_for_are_told_and_left_out(
    sentence: Make, schema: LabelSchema, result: Json
) -> None:
    pulled = pulled_from([task(sentence(TEXT), submitted(result))], schema)
    assert (pulled.annotations, len(pulled.problems)) == ([], 1)
    assert pulled.problems[0].startswith("task 5, annotation 7: ")


def test_a_model_that_is_at_odds_with_itself_is_refused(sentence: Make) -> None:
    choices = '<Choice value="Mild"/><Choice value="Harsh"/>'
    xml = f'<View><Text name="t" value="$sentence"/><Choices name="tone" toName="t">{choices}</Choices></View>'
    made = Scores(**dict(sentence(TEXT)), model="v1", labels={"Mild": 0.5, "Harsh": 0.5}, decided=("Mild", "Harsh"))
    with pytest.raises(ConfigError, match="question 'tone' takes one label"):
        to_prediction(made, LabelSchema.parse(xml))


@pytest.mark.parametrize(
    ("parts", "claimed"),
    [(("brutal", "regime"), ("Prediction",)), ((), ("Unsourced claim", "Prediction")), (("fall",), ()), ((), ())],
)
def test_a_prediction_submitted_as_it_is_gives_the_same_answers(
    sentence: Make, schema: LabelSchema, span: Span, parts: tuple[str, ...], claimed: tuple[str, ...]
) -> None:
    shown = to_prediction(scores(sentence(TEXT), *parts, decided=claimed), schema)
    unchanged = [item | {"origin": "prediction"} for item in shown["result"]]
    pulled = pulled_from([task(sentence(TEXT), accepted(shown, *unchanged))], schema)
    (found,) = pulled.annotations
    assert found.answers == {"terms": tuple(span(TEXT, part) for part in parts), "claims": claimed}
    assert (found.origin, found.sentence, found.annotator) == ("prediction", sentence(TEXT), "user:1")
    assert (found.created_at, found.lead_time, pulled.problems) == ("2026-01-01T00:00:00Z", 2.5, [])


@pytest.mark.parametrize(
    "change",
    [
        lambda brutal, claim: (claim,),
        lambda brutal, claim: (brutal, claim, term(TEXT, "regime", origin="manual")),
        lambda brutal, claim: (brutal, claims("Unsourced claim", origin="prediction-changed")),
        lambda brutal, claim: (term(TEXT, "brutal regime", origin="prediction-changed"), claim),
        lambda brutal, claim: (term(TEXT, "regime", origin="manual"), claim),
    ],
    ids=["taken away", "added", "choice changed", "span changed", "replaced"],
)
def test_a_prediction_that_was_changed_is_told_from_one_that_was_not(
    sentence: Make, schema: LabelSchema, change: Callable[[Json, Json], tuple[Json, ...]]
) -> None:
    shown = to_prediction(scores(sentence(TEXT), "brutal", decided=("Loaded term", "Prediction")), schema)
    brutal, claim = (item | {"origin": "prediction"} for item in shown["result"])
    (found,) = pulled_from([task(sentence(TEXT), accepted(shown, *change(brutal, claim)))], schema).annotations
    assert found.origin == "prediction-changed"


def test_without_a_pre_annotation_behind_it_an_answer_is_the_persons_own(sentence: Make, schema: LabelSchema) -> None:
    mine = submitted(claims("Prediction", origin="manual"), prediction={"result": [claims("Prediction")]})
    (found,) = pulled_from([task(sentence(TEXT), mine)], schema).annotations
    assert found.origin == "manual"


def test_what_came_of_a_pre_annotation_is_known_when_it_has_been_deleted(sentence: Make, schema: LabelSchema) -> None:
    shown = to_prediction(scores(sentence(TEXT), "brutal", decided=("Loaded term", "Prediction")), schema)
    same = [item | {"origin": "prediction"} for item in shown["result"]]
    other = [same[0], claims("Unsourced claim", origin="prediction-changed")]
    answers = [accepted(shown, *same), accepted(shown, *other, completed_by=2)]
    deleted = [answer | {"parent_prediction": None} for answer in answers]
    found = pulled_from([task(sentence(TEXT), *deleted)], schema).annotations
    assert [each.origin for each in found] == ["prediction", "prediction-changed"]


def test_an_answer_tells_what_was_shown_and_whether_the_sentence_was_drawn_to_be_blind(
    sentence: Make, schema: LabelSchema
) -> None:
    seen = submitted(claims("Prediction"), prediction={"result": [], "model_version": "v3"})
    blind = task(sentence(TEXT), submitted(claims("Prediction"), prediction={}), number=6)
    blind["data"]["blind"] = True
    found = pulled_from([task(sentence(TEXT), seen), blind], schema).annotations
    assert [(each.shown, each.blind) for each in found] == [("v3", False), (None, True)]


def test_a_model_that_names_an_unknown_label_is_refused(sentence: Make, schema: LabelSchema) -> None:
    with pytest.raises(ConfigError, match="model 'v1' says 'Irony', which is no label here"):
        to_prediction(scores(sentence(TEXT), decided=("Irony",)), schema)


def test_skips_are_counted_and_left_out(sentence: Make, schema: LabelSchema) -> None:
    skips = [submitted(was_cancelled=True), submitted(claims("Prediction"), was_cancelled=True)]
    skips += [submitted(was_cancelled=True, completed_by=3)]
    pulled = pulled_from([task(sentence(TEXT), *skips, submitted(claims("Prediction"), completed_by=2))], schema)
    assert (pulled.n_skipped, [each.annotator for each in pulled.annotations]) == (3, ["user:2"])
    assert pulled.skipped == {"user:1": 2, "user:3": 1}
    assert pulled.problems == []


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        (claims("None of these", "Prediction"), "'None of these' is answered together with another label"),
        (term("xx" + TEXT, "brutal"), "'brutal' does not stand at 8 to 14 of the sentence"),
        (term(" " * 90 + TEXT, "fall"), "'fall' does not stand at"),
        (term(TEXT, "brutal", type="choices", value={"choices": ["Loaded term"]}), "question 'terms' asks for spans"),
    ],
)
def test_an_answer_that_cannot_be_is_told_with_its_task_and_left_out(
    sentence: Make, schema: LabelSchema, result: Json, problem: str
) -> None:
    good = submitted(claims("Prediction"), completed_by=2)
    pulled = pulled_from([task(sentence(TEXT), submitted(result), good)], schema)
    assert [each.annotator for each in pulled.annotations] == ["user:2"]
    (told,) = pulled.problems
    assert told.startswith(f"task 5, annotation 7: {problem}")
    assert told.endswith(": left out")


def test_a_task_of_somebody_elses_is_told_and_left_out(sentence: Make, schema: LabelSchema) -> None:
    answer = submitted(claims("Prediction"))
    foreign = {"id": 9, "data": {"text": "Rats."}, "annotations": [answer], "updated_at": MOMENT}
    pulled = pulled_from([foreign, task(sentence(TEXT), submitted(claims()))], schema)
    assert (len(pulled.annotations), pulled.problems) == (1, ["task 9: not a task of annot's: left out"])


def test_a_choice_not_made_is_no_answer_and_no_spans_are_none(sentence: Make, schema: LabelSchema, span: Span) -> None:
    nothing, marked = submitted(), submitted(term(TEXT, "brutal"), completed_by=2)
    found = pulled_from([task(sentence(TEXT), nothing, marked)], schema).annotations
    assert [each.answers for each in found] == [{"terms": ()}, {"terms": (span(TEXT, "brutal"),)}]


def test_what_is_said_to_a_choice_or_a_stretch_besides_labels_is_passed_over(
    sentence: Make, schema: LabelSchema
) -> None:
    comment = {"from_name": "why", "to_name": "sentence", "type": "textarea", "value": {"text": ["because"]}}
    (found,) = pulled_from([task(sentence(TEXT), submitted(claims("Prediction"), comment))], schema).annotations
    assert found.answers == {"terms": (), "claims": ("Prediction",)}


def test_annotations_stand_in_the_order_of_articles_text_and_annotators(schema: LabelSchema) -> None:
    def at(article: str, start: int) -> Sentence:
        end = start + len(TEXT)
        place = {"article_id": article, "start": start, "end": end}
        return Sentence.model_validate(place | {"uid": "u", "text": TEXT, "paragraph": 1, "section": "body"})

    both = [submitted(completed_by={"id": 2, "email": "b@example.org"}), submitted(completed_by=1)]
    exported = [task(at("b", 0), *both), task(at("a", 90), *both[:1]), task(at("a", 10), *both)]
    found = [(each.article_id, each.start, each.annotator) for each in pulled_from(exported, schema).annotations]
    assert found == [
        ("a", 10, "user:1"),
        ("a", 10, "user:2"),
        ("a", 90, "user:2"),
        ("b", 0, "user:1"),
        ("b", 0, "user:2"),
    ]


@pytest.mark.parametrize("missing", ["uid", "sentence", "start", "paragraph"])
def test_a_task_without_its_place_is_not_ours(sentence: Make, missing: str) -> None:
    data = {name: value for name, value in to_task(sentence(TEXT), None).items() if name != missing}
    with pytest.raises(StudioError, match="not a task of annot's"):
        to_sentence(data)


@recorded
def test_the_recorded_page_tells_a_changed_prediction(sentence: Make, schema: LabelSchema, span: Span) -> None:
    text = "Critics slammed the reckless scheme."
    recorded = json.loads((PAYLOADS / "ui_annotation_v3_pred.json").read_text("utf-8"))
    (found,) = pulled_from([task(sentence(text), *recorded)], schema).annotations
    assert found.answers == {
        "terms": (span(text, "slammed"), span(text, "reckless")),
        "claims": ("Unsourced claim",),
    }
    assert (found.origin, found.lead_time, found.annotator) == ("prediction-changed", 4.128, "user:1")


@recorded
def test_the_recorded_page_counts_an_emoji_as_one(sentence: Make, schema: LabelSchema, span: Span) -> None:
    recorded = json.loads((PAYLOADS / "offsets_emoji.json").read_text("utf-8"))
    text = recorded["sentence"]
    (found,) = pulled_from([task(sentence(text), submitted(*recorded["result"]))], schema).annotations
    assert (text[:2], found.answers) == ("😀😀", {"terms": (span(text, "reckless"),), "claims": ()})


@recorded
def test_the_recorded_export_is_another_tools_task(schema: LabelSchema) -> None:
    recorded = json.loads((PAYLOADS / "export_json_task.json").read_text("utf-8"))
    pulled = pulled_from([recorded], schema)
    assert (pulled.annotations, pulled.problems) == ([], ["task 1: not a task of annot's: left out"])


@recorded
def test_the_recorded_annotations_are_answers_to_a_task_of_ours(sentence: Make, schema: LabelSchema) -> None:
    recorded = json.loads((PAYLOADS / "export_json_task.json").read_text("utf-8"))
    ours = recorded | {"data": to_task(sentence(recorded["data"]["sentence"]), None)}
    found = pulled_from([ours], schema).annotations
    assert [(each.annotator, each.answers["claims"], each.origin) for each in found] == [
        ("user:1", ("Unsourced claim",), "manual"),
        ("user:2", ("Prediction",), "manual"),
    ]
