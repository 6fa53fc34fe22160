"""Articles and the sentences they are cut into."""

from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from annotate.record import Record

Section = Literal["headline", "body", "comment"]
Offset = Annotated[int, Field(ge=0)]


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
    """A stretch of an article that is not running text, such as a byline."""

    kind: str


class Article(Record):
    """A text exactly as read, with what is known about it; what is not known is ``None``."""

    id: str
    title: str | None = None
    outlet: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    text: str
    furniture: tuple[Furniture, ...] = ()


class Sentence(Record):
    """The unit that is labelled, learned and scored: ``article.text[start:end] == text``.

    ``paragraph`` counts an article's paragraphs from 1, furniture included.
    """

    uid: str
    article_id: str
    start: Offset
    end: Offset
    text: str
    paragraph: Annotated[int, Field(ge=1)]
    section: Section
    context_before: str = ""
    context_after: str = ""

    @property
    def sentence(self) -> "Sentence":
        """The sentence alone, without what a record of more says of it."""
        return Sentence(**{name: getattr(self, name) for name in Sentence.model_fields})

    @model_validator(mode="after")
    def _as_long_as_its_span(self) -> Self:
        if self.end - self.start != len(self.text) or not self.text:
            raise ValueError(f"a text of {len(self.text)} code points cannot stand at {self.start} to {self.end}")
        return self


def article_id(text: str) -> str:
    """Name an article by a digest of its text, so that one text read from two places is one article."""
    return _digest(text)


def sentence_uid(article: str, start: int, end: int, text: str) -> str:
    """Name a sentence by its article, place and words: unchanged text keeps its uid, edited text never inherits one."""
    return _digest(f"{article}\0{start}\0{end}\0{text}")


def _digest(text: str) -> str:
    # 64 bits: among a million sentences, a collision has a chance of about 1 in 40 million.
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
