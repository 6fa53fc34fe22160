"""What a Label Studio server holds, as the rest of the package sees it."""

from dataclasses import dataclass

from annotate.studio.tasks import Json


@dataclass(frozen=True)
class Project:
    """A Label Studio project.

    ``shown_version`` is the model whose pre-annotations annotators see, ``sampling`` the order of its queue in Label
    Studio's words.
    """

    id: int
    title: str
    config: str
    instruction: str
    shown_version: str | None
    created_at: str = ""
    sampling: str = ""


@dataclass(frozen=True)
class Counts:
    """How much a project holds; ``n_submitted`` counts annotations and skips."""

    n_tasks: int
    n_submitted: int


@dataclass(frozen=True)
class Task:
    """A task with its data; ``n_submitted`` counts annotations and skips, ``overlap`` how many people it is for."""

    id: int
    data: Json
    n_submitted: int
    n_predictions: int
    overlap: int
    updated_at: str


@dataclass(frozen=True)
class Person:
    """Somebody who has an account; ``name`` is empty where only the e-mail address is known."""

    id: int
    email: str
    name: str


@dataclass(frozen=True)
class RegisteredBackend:
    """An ML backend that is registered with a project; ``description`` says who registered it."""

    id: int
    url: str
    title: str
    description: str
