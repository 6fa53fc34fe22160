"""The questions asked of every sentence, read from ``labeling_config.xml``.

Nothing else in the package knows a label by name: heads, metrics, tasks and reports all follow from this file.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, Self
from xml.etree.ElementTree import Element

from annotate.errors import ConfigError
from annotate.labeling_xml import parse_config, read_config
from annotate.record import Record

Kind = Literal["spans", "multiple choice", "single choice"]

# The fields of a task that a labeling configuration may show (as ``$field``).
TASK_FIELDS = frozenset(
    ("uid", "article_id", "start", "end", "paragraph", "section", "quotation")
    + ("title", "source_line", "context_before", "sentence", "context_after")
)


class Label(Record):
    """One thing that can be said of a sentence, or of a stretch of it; ``color`` is a CSS colour or ``None``.

    ``signal`` is the address of the credibility signal that the label is an observation of, in some vocabulary.
    ``ledger`` marks the label whose sentences say what will happen, and so can be settled later.
    """

    name: str
    color: str | None = None
    hint: str | None = None
    signal: str | None = None
    ledger: bool = False


class Question(Record):
    """One control tag of the labeling configuration, its labels in document order.

    ``none`` is the choice by which annotators say that no label applies; it is an answer and not a label.
    """

    name: str
    kind: Kind
    labels: tuple[Label, ...]
    none: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the labels."""
        return tuple(label.name for label in self.labels)

    @property
    def must_choose(self) -> bool:
        """Tell whether every answer names a label: that of a single choice does, unless one choice says "none"."""
        return self.kind == "single choice" and self.none is None


class LabelSchema(Record):
    """The questions of a labeling configuration, and the ``Text`` tag that shows the sentence they are asked of."""

    text_name: str
    questions: tuple[Question, ...]
    xml: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a labeling configuration.

        Raises:
            ConfigError: The file cannot be read, or holds no questions that this package can ask.
        """
        return read_config(path, cls.parse)

    @classmethod
    def parse(cls, xml: str) -> Self:
        """Parse a labeling configuration; raises ``ConfigError`` with what is wrong with it."""
        root = parse_config(xml, TASK_FIELDS)
        text_name = _text_name(root)
        questions = tuple(_questions(root, text_name))
        _refuse_doubles(root, questions)
        return cls(text_name=text_name, questions=questions, xml=xml)

    @property
    def span_questions(self) -> tuple[Question, ...]:
        """The questions answered by marking stretches of the sentence."""
        return tuple(q for q in self.questions if q.kind == "spans")

    @property
    def choice_questions(self) -> tuple[Question, ...]:
        """The questions answered for the sentence as a whole."""
        return tuple(q for q in self.questions if q.kind != "spans")

    @property
    def labels(self) -> tuple[Label, ...]:
        """Every label of every question, in document order."""
        return tuple(label for question in self.questions for label in question.labels)

    @property
    def ledger_label(self) -> str:
        """The label whose sentences go into the ledger; raises ``ConfigError`` where none is marked as it."""
        marked = [label.name for label in self.labels if label.ledger]
        if not marked:
            raise ConfigError(
                'labeling_config.xml: no label is marked as the ledger\'s; add ledger="true" to the <Choice> or <Label>'
                " that says what will happen"
            )
        return marked[0]

    def question(self, name: str) -> Question | None:
        """Return the question of that name, or ``None``."""
        return next((q for q in self.questions if q.name == name), None)

    def question_of(self, label: str) -> Question | None:
        """Return the question that has a label of that name, or ``None``."""
        return next((q for q in self.questions if label in q.names), None)

    def asks_the_same_as(self, other: "LabelSchema") -> bool:
        """Tell whether both ask the same questions with the same labels, whatever the page looks like."""
        return self.outline() == other.outline()

    def outline(self) -> dict[str, tuple[str, tuple[str, ...], str | None]]:
        """Return kind, labels and none-choice by question: what a model or a set of labels depends on."""
        return {q.name: (q.kind, q.names, q.none) for q in self.questions}


def _text_name(root: Element) -> str:
    """Return the name of the text that is annotated: the one every question points to."""
    texts = {tag.get("name"): tag.get("value") for tag in root.iter("Text")}
    shown = [name for name, value in texts.items() if name and value == "$sentence"]
    if len(shown) != 1:
        raise ConfigError('one <Text name="…" value="$sentence"/> is needed, for the sentence to be shown')
    return shown[0]


def _questions(root: Element, text_name: str) -> Iterator[Question]:
    for tag in root.iter():
        if tag.tag in ("Labels", "Choices"):
            yield _question(tag, text_name)
        elif tag.get("toName") or tag.tag == "Relations":
            raise ConfigError(f"<{tag.tag}> cannot be learned: use <Labels> and <Choices>")


def _question(tag: Element, text_name: str) -> Question:
    name = tag.get("name")
    if not name:
        raise ConfigError(f"a <{tag.tag}> has no name")
    if tag.get("toName") != text_name:
        raise ConfigError(f'<{tag.tag} name="{name}"> must have toName="{text_name}"')
    if tag.get("perRegion") == "true":
        raise ConfigError(f'<{tag.tag} name="{name}"> asks about a region: ask about the sentence')
    if any(inner.tag in ("Labels", "Choices") for inner in tag.iter() if inner is not tag):
        raise ConfigError(f'<{tag.tag} name="{name}"> has another question in it: put it beside the first')
    if tag.tag == "Labels":
        return Question(name=name, kind="spans", labels=tuple(_label(child, name) for child in tag.iter("Label")))
    choices = list(tag.iter("Choice"))
    none = next((child for child in choices if _says_none(child)), None)
    labels = tuple(_label(child, name) for child in choices if child is not none)
    # One choice alone excludes no other. Its box may be left empty, so the model must be able to leave it out too.
    is_multiple = tag.get("choice") == "multiple" or len(choices) == 1
    kind: Kind = "multiple choice" if is_multiple else "single choice"
    return Question(name=name, kind=kind, labels=labels, none=None if none is None else none.get("value"))


def _label(tag: Element, question: str) -> Label:
    name = tag.get("value")
    if not name:
        raise ConfigError(f"a <{tag.tag}> of '{question}' has no value")
    if tag.get("alias"):
        raise ConfigError(f"'{name}' has an alias, which Label Studio would store in its place: leave the alias out")
    is_ledger = tag.get("ledger") == "true"
    return Label(
        name=name, color=tag.get("background"), hint=tag.get("hint"), signal=tag.get("signal"), ledger=is_ledger
    )


def _says_none(choice: Element) -> bool:
    """Tell whether a choice says that no label applies: it starts with "None", or is marked ``none="true"``."""
    if "none" in choice.attrib:
        return choice.get("none") == "true"
    return (choice.get("value") or "").casefold().split(maxsplit=1)[:1] == ["none"]


def _refuse_doubles(root: Element, questions: tuple[Question, ...]) -> None:
    if not any(question.labels for question in questions):
        raise ConfigError("no question: add <Labels> with a <Label>, or <Choices> with a <Choice>")
    tags = [name for tag in root.iter() if (name := tag.get("name"))]
    double = _double(tags)
    if double:
        raise ConfigError(f"two tags are named '{double}': every name must be its own")
    names = [name for question in questions for name in (*question.names, question.none) if name]
    double = _double(names)
    if double:
        raise ConfigError(f"the label '{double}' stands twice: every label must be its own")
    marked = [label.name for question in questions for label in question.labels if label.ledger]
    if len(marked) > 1:
        raise ConfigError(f"'{marked[0]}' and '{marked[1]}' are both marked as the ledger's: mark one label")
    empty = next((question.name for question in questions if not question.labels), None)
    if empty:
        raise ConfigError(f"question '{empty}' has no label")


def _double(names: Sequence[str]) -> str | None:
    """Return the first of the names that stands there more than once."""
    return next((name for name, number in Counter(names).items() if number > 1), None)
