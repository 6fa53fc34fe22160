"""The base of every value that is stored."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A value that cannot be changed, and that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
