"""Label Studio's tasks, pre-annotations and annotations as plain values, to and from our records."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from annotate.annotation import Annotation, Answer, LabelledSpan, Origin, Scores, check_answers
from annotate.article import Article, Sentence
from annotate.errors import AnnotError, ConfigError, StudioError
from annotate.models.scores import certainty, to_annotation
from annotate.record import Record
from annotate.schema import LabelSchema, Question

Json = dict[str, Any]

BLIND = "blind"  # true in the data of a task that is to be labelled without a pre-annotation
OF_THE_ARTICLE = ("title", "source_line")  # what the data of a task says of the article, and not of the sentence


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
    unknown = {span.label for span in scores.spans} | set(scores.decided)
    unknown -= {label.name for label in schema.labels}
    if unknown:
        raise ConfigError(f"model '{scores.model}' says '{min(unknown)}', which is no label here")
    answers = check_answers(to_annotation(scores, schema).answers, schema)
    score_of = {(span.start, span.end, span.label): span.score for span in scores.spans}
    result = [
        item
        for question in schema.questions
        for item in _results(question, answers.get(question.name, ()), scores.text, schema.text_name)
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
    # Fields with a default may be missing.
    fields = {name: data[name] for name in Sentence.model_fields if name in data} | {"text": data.get("sentence")}
    try:
        return Sentence.model_validate(fields)
    except ValidationError as error:
        raise StudioError("not a task of annot's") from error


def is_annots(data: Mapping[str, Any]) -> bool:
    """Tell whether the data of a task was made by this package, and not by another that has some of the same names."""
    return all(isinstance(data.get(name), str) for name in ("uid", "article_id", "sentence"))


class Answered(Record):
    """What people did with one task: answers, skips (by annotator), and what is left out, with the reason."""

    task: int
    updated_at: str
    annotations: tuple[Annotation, ...] = ()
    skipped: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    n_submitted: int = 0


@dataclass
class Pulled:
    """What people answered, and what was left out.

    That is skips (``skipped``, by annotator), sentences that were begun and not submitted (``n_drafts``), and answers
    at odds with themselves or their text (``problems``).
    """

    annotations: list[Annotation] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    n_drafts: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def n_skipped(self) -> int:
        """How often a sentence was skipped."""
        return self.skipped.total()


def to_stamp(moment: datetime) -> str:
    """Write a moment as the server reads it; of two, the later one sorts behind the other."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_pulled(answered: Iterable[Answered], n_drafts: int = 0) -> Pulled:
    """Put together what people did, in the order of the articles and of the text."""
    pulled = Pulled(n_drafts=n_drafts)
    for one in sorted(answered, key=lambda each: each.task):
        pulled.annotations += one.annotations
        pulled.skipped.update(one.skipped)
        pulled.problems += one.problems
    pulled.annotations.sort(key=lambda a: (a.article_id, a.start, a.end, a.annotator, a.created_at or ""))
    return pulled


def to_answered(task: Json, schema: LabelSchema) -> Answered:
    """Return what people did with an exported task."""
    submitted = task["annotations"]
    touched = to_stamp(datetime.fromisoformat(task["updated_at"]))
    kept: dict[str, Any] = {"task": task["id"], "updated_at": touched, "n_submitted": len(submitted)}
    try:
        sentence = to_sentence(task["data"])
    except StudioError as error:
        return Answered(**kept, problems=(f"task {task['id']}: {error}: left out",))
    annotations, problems = [], []
    for each in submitted:
        if each.get("was_cancelled"):
            continue
        try:
            annotations.append(_from_submitted(sentence, each, schema, is_blind=bool(task["data"].get(BLIND))))
        except AnnotError as error:
            problems.append(f"task {task['id']}, annotation {each['id']}: {error}: left out")
    skipped = tuple(annotator_of(each) for each in submitted if each.get("was_cancelled"))
    return Answered(**kept, annotations=tuple(annotations), skipped=skipped, problems=tuple(problems))


def _from_submitted(sentence: Sentence, submitted: Json, schema: LabelSchema, *, is_blind: bool) -> Annotation:
    results = [item for item in submitted["result"] if item.get("type") in ("labels", "choices")]
    # Spans can be none by not marking any; a choice that was not made is no answer.
    answers: dict[str, Answer] = {question.name: () for question in schema.span_questions}
    for item in results:
        name = item["from_name"]
        answers[name] = (*answers.get(name, ()), *_given(sentence, item))
    return Annotation(
        **dict(sentence),
        annotator=annotator_of(submitted),
        answers=check_answers(answers, schema),
        created_at=submitted["created_at"],
        lead_time=submitted.get("lead_time"),
        origin=_origin(submitted, results),
        shown=(submitted.get("prediction") or {}).get("model_version"),
        blind=is_blind,
    )


def _given(sentence: Sentence, item: Json) -> Answer:
    value = item["value"]
    if item["type"] == "choices":
        return tuple(value["choices"])
    start, end = int(value["start"]), int(value["end"])
    if not 0 <= start < end <= len(sentence.text) or sentence.text[start:end] != value.get("text"):
        raise ConfigError(f"'{value.get('text')}' does not stand at {start} to {end} of the sentence")
    return tuple(LabelledSpan(start=start, end=end, label=label) for label in value["labels"])


def annotator_of(submitted: Json) -> str:
    """Return who submitted something, as annotations name people."""
    by = submitted["completed_by"]
    return f"user:{int(by['id'] if isinstance(by, dict) else by)}"


def _origin(submitted: Json, results: Sequence[Json]) -> Origin:
    """Tell whether a person started from a pre-annotation, and whether they changed it."""
    origins = {item.get("origin") for item in results}
    # Who deletes a pre-annotation takes the pointer to it away, but not what came of it.
    if submitted.get("parent_prediction") is None and not origins & {"prediction", "prediction-changed"}:
        return "manual"
    same = origins <= {"prediction"}
    shown = submitted.get("prediction") or {}
    return "prediction" if same and len(results) == len(shown.get("result", results)) else "prediction-changed"
