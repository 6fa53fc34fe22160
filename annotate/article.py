"""Articles and the sentences they are cut into."""

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from annotate.record import Record

Section = Literal["headline", "body", "comment"]
Quotation = Literal["none", "part", "whole"]
Offset = Annotated[int, Field(ge=0)]
UNNAMED = "standard input"  # what the source of an article is called that was read from no file and no address


class Span(Record):
    """A half-open stretch ``[start, end)`` of a text, in Unicode code points."""

    start: Offset
    end: Offset

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts, not {self.start} to {self.end}")
        return self


class Furniture(Span):
    """A stretch of an article that is not running text, such as a byline; ``rule`` says which rule found it."""

    kind: str
    reason: str = ""
    rule: str = ""


class Citation(Record):
    """What tells an article from others to a reader; what is not known is ``None``."""

    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None


class Article(Record):
    """A text exactly as read, with what is known about it; what is not known is ``None``.

    ``source`` names what it was read from, and ``found_in`` says of each field that is known where it was found.
    """

    id: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    source: str | None = None
    found_in: Mapping[str, str] = {}
    text: str
    furniture: tuple[Furniture, ...] = ()

    @property
    def citation(self) -> Citation:
        """What a reader is told of it."""
        return Citation(**{name: getattr(self, name) for name in Citation.model_fields})


class Sentence(Record):
    """The unit that is labelled, learned and scored: ``article.text[start:end] == text``.

    ``paragraph`` counts an article's paragraphs from 1, furniture included. ``quotation`` says how much of the
    sentence stands inside a direct quotation.
    """

    uid: str
    article_id: str
    start: Offset
    end: Offset
    text: str
    paragraph: Annotated[int, Field(ge=1)]
    section: Section
    quotation: Quotation = "none"
    context_before: str = ""
    context_after: str = ""

    @classmethod
    def of_checked(cls, fields: dict[str, Any]) -> Self:
        """Make a sentence of fields that are known to be right: all of them, in order.

        Equal to what the constructor makes, in a fifth of the time; ``model_construct`` is slower than both.
        """
        sentence = cls.__new__(cls)
        object.__setattr__(sentence, "__dict__", fields)
        object.__setattr__(sentence, "__pydantic_fields_set__", set(fields))
        object.__setattr__(sentence, "__pydantic_extra__", None)
        object.__setattr__(sentence, "__pydantic_private__", None)
        return sentence

    @property
    def sentence(self) -> "Sentence":
        """The sentence alone, without what a record of more says of it."""
        return Sentence(**{name: getattr(self, name) for name in Sentence.model_fields})

    @property
    def own_uid(self) -> str:
        """The uid of a sentence that no earlier one stands for: a digest of its article, place and words."""
        return sentence_uid(self.article_id, self.start, self.end, self.text)

    @model_validator(mode="after")
    def _as_long_as_its_span(self) -> Self:
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"a text of {len(self.text)} code points cannot stand at {self.start} to {self.end}")
        return self


def day_of(published: str | None) -> date | None:
    """Return the day of publication, of which the first ten characters are read (ISO 8601), or ``None``."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def web_address(text: str | None) -> str | None:
    """Return an address of the web as it is, or ``None`` for anything else, such as what a browser would run."""
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None


def article_id(text: str) -> str:
    """Name an article by a digest of its text, so that one text read from two places is one article."""
    return _digest(text)


def sentence_uid(article: str, start: int, end: int, text: str) -> str:
    """Name a sentence by its article, place and words, so that unchanged text read again has the same uid."""
    return _digest(f"{article}\0{start}\0{end}\0{text}")


def _digest(text: str) -> str:
    # 64 bits: among a million sentences, a collision has a chance of about 1 in 40 million.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
