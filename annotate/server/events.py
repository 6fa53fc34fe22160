"""What passes between the server and the process in which it trains: an order in, events out, as lines of JSON."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from annotate.record import Record
from annotate.wording import counted


class Order(Record):
    """What is to be done in a workspace, opened with the settings that options gave.

    To train is to pull first, where ``pull``, and then to train if ``after`` annotations are new, or in any case where
    somebody ``asked``. To renew is to give open tasks the suggestions of the model in use.
    """

    kind: Literal["train", "renew"]
    root: str
    settings: Mapping[str, Any] = {}
    pull: bool = False
    asked: bool = False
    after: int = 1


class Told(Record):
    """How far it is."""

    event: Literal["progress"] = "progress"
    activity: str
    done: int = 0
    total: int | None = None

    @property
    def said(self) -> str:
        """What happens, in a line."""
        return self.activity


class NotDue(Record):
    """There are too few new annotations to train."""

    event: Literal["not due"] = "not due"
    n_new: int

    @property
    def said(self) -> str:
        """What happened, in a line."""
        return f"not trained: {counted(self.n_new, 'new annotation')}"


class Trained(Record):
    """A model was trained, and is in use unless the one before does better; ``compared`` says how both do."""

    event: Literal["trained"] = "trained"
    name: str
    in_use: bool
    n_new: int
    compared: str | None = None

    @property
    def said(self) -> str:
        """What happened, in a line."""
        became = f"'{self.name}' is {'in use' if self.in_use else 'kept aside'}"
        compared = "" if self.compared is None else f", {self.compared}"
        return f"trained with {counted(self.n_new, 'new annotation')}: {became}{compared}"


class Renewed(Record):
    """Open tasks have the suggestions of the model in use."""

    event: Literal["renewed"] = "renewed"
    n_changed: int

    @property
    def said(self) -> str:
        """What happened, in a line."""
        return f"{counted(self.n_changed, 'pre-annotation')} renewed"


class Failed(Record):
    """It could not be done; what was before stays as it was."""

    event: Literal["failed"] = "failed"
    reason: str

    @property
    def said(self) -> str:
        """What happened, in a line."""
        return f"not done: {self.reason}"


Event = Annotated[Told | NotDue | Trained | Renewed | Failed, Field(discriminator="event")]
EVENTS: TypeAdapter[Event] = TypeAdapter(Event)
