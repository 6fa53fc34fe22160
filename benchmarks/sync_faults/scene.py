"""A project with answers in it, a push that fails half-way, and a look at what is there in the end."""

from collections import Counter
from dataclasses import dataclass
from uuid import uuid4

from annotate.assets import asset
from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from annotate.studio.entities import Project
from annotate.studio.project import open_project
from annotate.studio.pull import Pull
from annotate.studio.push import Push, Pushed, PushOptions
from annotate.studio.tasks import to_pulled
from benchmarks.sync import corpus

SCHEMA = LabelSchema.read(asset("labeling_config.xml"))
INSTRUCTION = "<p>Read the codebook.</p>"


@dataclass(frozen=True)
class Scene:
    """A project of its own, with ``n_answered`` sentences answered of the ``number`` that are to be there."""

    url: str
    token: str
    number: int = 1500
    n_answered: int = 20
    title: str = ""

    def begun(self) -> "Scene":
        """Make the project, with the answers and nothing else."""
        made = Scene(self.url, self.token, self.number, self.n_answered, f"fault {uuid4().hex[:24]}")
        with Studio(self.url, self.token) as studio:
            studio.import_tasks(made.project(studio), corpus.answered(self.n_answered))
        return made

    def project(self, studio: Studio) -> Project:
        """Find or make the project."""
        return open_project(studio, self.title, SCHEMA, INSTRUCTION)

    def push(self, url: str | None = None, token: str | None = None, timeout: float = 120) -> Pushed:
        """Push all sentences, by way of another address or with another token."""
        with Studio(url or self.url, token or self.token, timeout) as studio:
            return Push(studio, self.project(studio), SCHEMA, PushOptions())(corpus.articles(self.number))

    def losses(self) -> list[str]:
        """Push once more, and say what is missing, doubled or lost then."""
        self.push()
        with Studio(self.url, self.token) as studio:
            found = Counter(str(task.data["uid"]) for task in studio.tasks(self.project(studio)))
            n_answers = len(to_pulled(Pull(studio, self.project(studio), SCHEMA)()).annotations)
        wanted = {one.uid for _, sentences in corpus.articles(self.number) for one in sentences}
        gaps, doubles = wanted - found.keys(), sum(found.values()) - len(found)
        lost = [(len(gaps), "missing"), (doubles, "doubled"), (self.n_answered - n_answers, "answers lost")]
        return [f"{count} {what}" for count, what in lost if count]


def command(scene: Scene) -> list[str]:
    """Return the arguments of Python that push all sentences in a process of its own."""
    return ["-m", "benchmarks.sync.work", "push", scene.url, scene.token, scene.title, str(scene.number)]
