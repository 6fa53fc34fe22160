"""Articles that change, a model that suggests, and a project to push them to, without the command line between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from annotate.annotation import Answer, Scores
from annotate.article import Article, Sentence, sentence_uid
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project, Task
from annotate.studio.project import open_project
from annotate.studio.pull import Pull
from annotate.studio.push import Push, Pushed, PushOptions
from annotate.studio.tasks import Json, to_pulled

INSTRUCTION = "<p>Read the codebook.</p>"


@dataclass
class Draft:
    """An article in the making: its sentences stand one after the other, and its id stays whatever becomes of them."""

    id: str
    texts: list[str]
    title: str = "Rats"
    section: str = "body"

    @property
    def sentences(self) -> list[Sentence]:
        """Its sentences, each with the one before it as its context."""
        made, at = [], 0
        for before, text in zip(["", *self.texts], self.texts, strict=False):
            place = {"start": at, "end": at + len(text), "text": text, "context_before": before}
            uid = sentence_uid(self.id, at, at + len(text), text)
            fields = {"uid": uid, "article_id": self.id, "paragraph": 1, "section": self.section} | place
            made.append(Sentence.model_validate(fields))
            at += len(text) + 1
        return made

    @property
    def pair(self) -> tuple[Article, Sequence[Sentence]]:
        """The article and its sentences, as a push takes them."""
        return Article(id=self.id, title=self.title, text=" ".join(self.texts)), self.sentences


def many(number: int, article: str = "many") -> Draft:
    """Return an article of many sentences."""
    return Draft(article, [f"Sentence number {place} says what it says." for place in range(number)])


def suggest(sentences: Sequence[Sentence]) -> list[Scores]:
    """Say that every sentence predicts, more surely the longer it is."""
    return [
        Scores(
            **dict(sentence),
            model="stand-in",
            labels={
                "Loaded term": 0.01,
                "Unsourced claim": 0.01,
                "Prediction": min(0.99, 0.5 + len(sentence.text) / 100),
            },
            decided=("Prediction",),
        )
        for sentence in sentences
    ]


@dataclass
class World:
    """One project of a server, as those who push, label and pull see it."""

    studio: Studio
    schema: LabelSchema
    title: str
    settled_on: Project | None = None

    def settled(self) -> "World":
        """Return the same, which does not look for its project again."""
        return replace(self, settled_on=self.project)

    @property
    def project(self) -> Project:
        """The project, made where there is none."""
        return self.settled_on or open_project(self.studio, self.title, self.schema, INSTRUCTION)

    def push(self, *articles: Draft, options: PushOptions | None = None) -> Pushed:
        """Push articles."""
        push = Push(self.studio, self.project, self.schema, options or PushOptions())
        return push([article.pair for article in articles])

    def tasks(self) -> list[Task]:
        """Return what is in the project."""
        return list(self.studio.tasks(self.project))

    def by_text(self) -> dict[str, Task]:
        """Return what is in the project by sentence, of doubled ones the youngest."""
        return {task.data["sentence"]: task for task in self.tasks()}

    def pull(self) -> Pull:
        """Return a pull that does not read again what was touched a while ago."""
        return Pull(self.studio, self.project, self.schema, margin=timedelta())

    def pulled(self) -> list[tuple[str, Answer]]:
        """Return every answer in a fresh pull, by sentence."""
        return [(one.text, one.answers["claims"]) for one in to_pulled(self.pull()()).annotations]


def claim(*names: str) -> list[Json]:
    """Return an answer to the question of the sentence."""
    return [{"from_name": "claims", "to_name": "sentence", "type": "choices", "value": {"choices": list(names)}}]
