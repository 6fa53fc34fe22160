"""Disputed sentences as tasks that show every annotator's answer, and what people decide about them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

from annotate.annotation import Annotation, Answer
from annotate.article import Sentence
from annotate.errors import StudioError
from annotate.quality.gold import Decision
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.tasks import Json, to_answered, to_task

# Names that a labeling configuration of the user's is not likely to have: of the panel, and of fields of a task.
_ANSWERS = "annot_answers"
_WHOSE = "annot_whose"
_GIVEN = "annot_given"
_STYLE = """
    .annot-answers { margin: 12px 0; padding: 8px 12px; border: 1px solid #d1d5db; border-radius: 4px; }
    .annot-answers * { white-space: pre-wrap; unicode-bidi: plaintext; }
"""


@dataclass(frozen=True)
class Disputed:
    """A sentence to decide about, and what each annotator answered, in words for people and as it is."""

    sentence: Sentence
    in_words: Mapping[str, str]
    answers: Mapping[str, Mapping[str, Answer]]


@dataclass
class Decisions:
    """What people decided, one decision a sentence, and what was left out."""

    decided: list[Decision] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def to_adjudication_config(schema: LabelSchema) -> str:
    """Return the labeling configuration with a panel that shows the annotators' answers and asks whose stands.

    What the user's configuration requires is not required here: whoever takes an annotator's answer has answered.
    """
    root: Element = fromstring(schema.xml, forbid_dtd=True)
    for tag in root.iter():
        tag.attrib.pop("required", None)
    SubElement(root, "Style").text = _STYLE
    panel = Element("View", className="annot-answers")
    SubElement(panel, "Header", value="What annotators answered", size="5")
    SubElement(panel, "Text", name=_ANSWERS, value=f"${_ANSWERS}", selectionEnabled="false")
    asked = "Whose answer stands? Or answer yourself: what you say takes the place of that part."
    SubElement(panel, "Header", value=asked, size="6")
    SubElement(panel, "Choices", name=_WHOSE, toName=schema.text_name, value=f"${_WHOSE}", showInline="true")
    root.insert(_place_after_sentence(root, schema), panel)
    return tostring(root, encoding="unicode")


def _place_after_sentence(root: Element, schema: LabelSchema) -> int:
    holders = (any(tag.get("name") == schema.text_name for tag in child.iter()) for child in root)
    return 1 + next(place for place, holds in enumerate(holders) if holds)


def to_adjudication_task(disputed: Disputed) -> Json:
    """Return the data of a disputed sentence's task: the answers as plain text, which is shown escaped, and as data."""
    data = to_task(disputed.sentence, None)
    data[_ANSWERS] = "\n".join(f"{name}: {said}" for name, said in disputed.in_words.items())
    data[_WHOSE] = [{"value": name} for name in disputed.answers]
    data[_GIVEN] = {name: _as_json(answers) for name, answers in disputed.answers.items()}
    return data


def push_disputed(studio: Studio, title: str, schema: LabelSchema, disputed: Sequence[Disputed]) -> tuple[Project, int]:
    """Make a task of every disputed sentence that has none, and return the project and how many were made.

    Raises:
        StudioError: The server refuses or is lost. What was made stays, and another push makes the rest.
    """
    config = to_adjudication_config(schema)
    project = studio.find_project(title) or studio.create_project(title, config, "")
    if project.config.strip() != config.strip():
        studio.set_config(project, config)
    there = {task.data.get("uid") for task in studio.tasks(project)}
    new = [each for each in disputed if each.sentence.uid not in there]
    studio.import_tasks(project, [{"data": to_adjudication_task(each)} for each in new])
    return project, len(new)


def pull_decisions(studio: Studio, title: str, schema: LabelSchema) -> Decisions:
    """Return what people decided, of several decisions about a sentence the latest.

    Raises:
        StudioError: There is no such project.
    """
    project = studio.find_project(title)
    if project is None:
        raise StudioError(f"{studio.url}: no project named '{title}'; make it with `annot adjudicate --push`")
    return to_decisions(studio.export(project), schema)


def to_decisions(tasks: Iterable[Json], schema: LabelSchema) -> Decisions:
    """Return the decisions in exported tasks."""
    found = Decisions()
    latest: dict[str, Decision] = {}
    for task in tasks:
        for decision in _decisions(task, schema, found.problems):
            if decision.uid not in latest or (latest[decision.uid].created_at or "") <= (decision.created_at or ""):
                latest[decision.uid] = decision
    found.decided += latest.values()
    return found


def _decisions(task: Json, schema: LabelSchema, problems: list[str]) -> Iterator[Decision]:
    given: Mapping[str, Any] = task["data"].get(_GIVEN) or {}
    for submitted in task["annotations"]:
        whose = [
            name for item in submitted["result"] if item["from_name"] == _WHOSE for name in item["value"]["choices"]
        ]
        own = [item for item in submitted["result"] if item["from_name"] != _WHOSE]
        answered = to_answered(task | {"annotations": [submitted | {"result": own}]}, schema)
        problems += answered.problems
        for annotation in answered.annotations:
            answers = dict(annotation.answers)
            if whose and whose[0] in given:
                taken = _from_json(annotation, given[whose[0]])
                answers = taken | {name: answer for name, answer in answers.items() if _is_said(name, answer, schema)}
            yield Decision(annotation.uid, annotation.annotator, answers, annotation.created_at)


def _is_said(name: str, answer: Answer, schema: LabelSchema) -> bool:
    """Tell whether a person answered a question: spans that nobody marked may just as well not have been looked at."""
    return bool(answer) or all(question.name != name for question in schema.span_questions)


def _as_json(answers: Mapping[str, Answer]) -> Json:
    return {
        name: [item if isinstance(item, str) else item.model_dump() for item in answer]
        for name, answer in answers.items()
    }


def _from_json(annotation: Annotation, answers: Json) -> dict[str, Answer]:
    return dict(Annotation.model_validate(annotation.model_dump() | {"answers": answers}).answers)
