"""Label Studio's tasks, pre-annotations and annotations as plain values, to and from our records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from annotate.annotation import Annotation, Answer, LabelledSpan, Origin, Scores, check_answers
from annotate.article import Article, Sentence
from annotate.errors import AnnotError, ConfigError, StudioError
from annotate.models.scores import certainty, to_annotation
from annotate.schema import LabelSchema, Question

Json = dict[str, Any]


def to_task(sentence: Sentence, article: Article | None) -> Json:
    """Return the data of a sentence's task: every field that the labeling configuration may show, none of them null."""
    data = sentence.model_dump()
    data["sentence"] = data.pop("text")
    known = [article.outlet, article.author, article.published] if article else []
    data["title"] = (article.title if article else None) or ""
    data["source_line"] = " · ".join(part for part in known if part)
    return data


def to_prediction(scores: Scores, schema: LabelSchema) -> Json:
    """Return a pre-annotation: the model's answers, and as score how sure it is of the least sure one (0 to 1).

    Raises:
        ConfigError: The model's answers do not fit the questions.
    """
    answers = check_answers(to_annotation(scores, schema).answers, schema)
    score_of = {(span.start, span.end, span.label): span.score for span in scores.spans}
    result = [
        item
        for question in schema.questions
        for item in _results(question, answers[question.name], scores.text, schema.text_name)
    ]
    for item in result:
        value = item["value"]
        if item["type"] == "labels":
            item["score"] = score_of[value["start"], value["end"], value["labels"][0]]
    return {"result": result, "score": certainty(scores), "model_version": scores.model}


def _results(question: Question, answer: Answer, text: str, text_name: str) -> Iterator[Json]:
    head = {"from_name": question.name, "to_name": text_name}
    if question.kind == "spans":
        for number, span in enumerate(span for span in answer if isinstance(span, LabelledSpan)):
            value = {"start": span.start, "end": span.end, "text": text[span.start : span.end], "labels": [span.label]}
            yield head | {"id": f"{question.name}-{number}", "type": "labels", "value": value}
        return
    choices = list(answer) or ([question.none] if question.none else [])
    if choices:
        yield head | {"id": question.name, "type": "choices", "value": {"choices": choices}}


def to_sentence(data: Mapping[str, Any]) -> Sentence:
    """Return the sentence that a task shows; raises ``StudioError`` when the task was not made by this package."""
    # Tasks of an older version lack fields that have a default.
    fields = {name: data[name] for name in Sentence.model_fields if name in data} | {"text": data.get("sentence")}
    try:
        return Sentence.model_validate(fields)
    except ValidationError as error:
        raise StudioError("not a task of annot's") from error


@dataclass
class Pulled:
    """What people answered, and what was left out: skips, and answers at odds with themselves or their text."""

    annotations: list[Annotation] = field(default_factory=list)
    n_skipped: int = 0
    problems: list[str] = field(default_factory=list)


def from_export(tasks: Sequence[Json], schema: LabelSchema) -> Pulled:
    """Return the submitted annotations of exported tasks, in the order of the articles and of the text."""
    pulled = Pulled()
    for task in tasks:
        try:
            sentence = to_sentence(task["data"])
        except StudioError as error:
            pulled.problems.append(f"task {task['id']}: {error}: left out")
            continue
        for submitted in task["annotations"]:
            if submitted.get("was_cancelled"):
                pulled.n_skipped += 1
                continue
            try:
                pulled.annotations.append(_from_submitted(sentence, submitted, schema))
            except AnnotError as error:
                pulled.problems.append(f"task {task['id']}, annotation {submitted['id']}: {error}: left out")
    pulled.annotations.sort(key=lambda a: (a.article_id, a.start, a.end, a.annotator, a.created_at or ""))
    return pulled


def _from_submitted(sentence: Sentence, submitted: Json, schema: LabelSchema) -> Annotation:
    results = [item for item in submitted["result"] if item.get("type") in ("labels", "choices")]
    # Spans can be none by not marking any; a choice that was not made is no answer.
    answers: dict[str, Answer] = {question.name: () for question in schema.span_questions}
    for item in results:
        name = item["from_name"]
        answers[name] = (*answers.get(name, ()), *_given(sentence, item))
    return Annotation(
        **dict(sentence),
        annotator=f"user:{_user_id(submitted['completed_by'])}",
        answers=check_answers(answers, schema),
        created_at=submitted["created_at"],
        lead_time=submitted.get("lead_time"),
        origin=_origin(submitted, results),
    )


def _given(sentence: Sentence, item: Json) -> Answer:
    value = item["value"]
    if item["type"] == "choices":
        return tuple(value["choices"])
    start, end = int(value["start"]), int(value["end"])
    if not 0 <= start < end <= len(sentence.text) or sentence.text[start:end] != value.get("text"):
        raise ConfigError(f"'{value.get('text')}' does not stand at {start} to {end} of the sentence")
    return tuple(LabelledSpan(start=start, end=end, label=label) for label in value["labels"])


def _user_id(completed_by: int | Json) -> int:
    return int(completed_by["id"] if isinstance(completed_by, dict) else completed_by)


def _origin(submitted: Json, results: Sequence[Json]) -> Origin:
    """Tell whether a person started from a pre-annotation, and whether they changed it."""
    if submitted.get("parent_prediction") is None:
        return "manual"
    same = {item.get("origin") for item in results} <= {"prediction"}
    shown = submitted.get("prediction") or {}
    return "prediction" if same and len(results) == len(shown.get("result", results)) else "prediction-changed"
