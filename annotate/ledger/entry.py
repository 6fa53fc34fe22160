"""What the ledger holds: statements about the future, what they come to, and what people made of them."""

from datetime import date
from typing import Literal, Self

from annotate.annotation import Probability
from annotate.article import Article, Citation, Sentence, day_of
from annotate.ledger.horizon import Horizon
from annotate.ledger.strength import Strength
from annotate.record import Record

FoundBy = Literal["person", "model", "draft"]
Outcome = Literal["came true", "did not", "partly", "cannot be decided", "too early"]


class Statement(Citation, Sentence):  # pydantic puts the fields of the last base first
    """A sentence with what is known of its article."""

    @classmethod
    def of(cls, sentence: Sentence, article: Article | None) -> Self:
        """Put a sentence and its article together."""
        known = article.citation if article else Citation()
        return cls(**dict(sentence), **dict(known))

    @property
    def day(self) -> date | None:
        """The day of publication, as far as it can be read."""
        return day_of(self.published)


class Verdict(Record):
    """What a person (``user:<id>``) found that a prediction came to, and where that can be read."""

    outcome: Outcome
    evidence: str | None = None
    note: str | None = None
    judged_by: str
    judged_at: str


class Entry(Statement):
    """A prediction: the sentence in which it was read first, until when and how firmly it is put, and what came of it.

    ``found_by`` tells whose word it is that the sentence predicts: a ``person``'s, a ``model``'s (``annotator`` has its
    name, and ``probability`` what it gives), or a ``draft``'s, which no person has checked. ``conditional`` marks what
    depends on something else, ``overdue`` that the last day has passed without a verdict. ``repeats`` are the same
    words elsewhere.
    """

    found_by: FoundBy
    annotator: str
    probability: Probability | None = None
    horizon: Horizon | None = None
    strength: Strength | None = None
    conditional: bool = False
    overdue: bool = False
    repeats: tuple[Statement, ...] = ()
    verdict: Verdict | None = None

    @property
    def due(self) -> date | None:
        """The last day of its horizon."""
        return self.horizon.end if self.horizon else None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Itself, and where else the same was said."""
        return (self, *self.repeats)

    @property
    def uids(self) -> frozenset[str]:
        """The uids of all its sentences."""
        return frozenset(statement.uid for statement in self.statements)

    @property
    def is_open(self) -> bool:
        """Whether nobody has judged it, or only that it is too early to."""
        return self.verdict is None or self.verdict.outcome == "too early"

    def at(self, today: date) -> "Entry":
        """Return the entry as it stands on a day."""
        return self.model_copy(update={"overdue": self.is_open and self.due is not None and self.due < today})


def in_order(entry: Entry) -> tuple[bool, date, bool, str, str, int]:
    """Sort overdue predictions first, the longest overdue before others; then by last day, those without one last."""
    published = entry.published or ""
    return (not entry.overdue, entry.due or date.max, not published, published, entry.article_id, entry.start)
