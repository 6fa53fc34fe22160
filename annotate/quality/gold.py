"""One answer a sentence, and how it came about."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from annotate.annotation import Annotation, Answer, Probability, ScoredSpan
from annotate.schema import LabelSchema

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Decision:
    """What a person (``user:<id>``) decided about a sentence, by question."""

    uid: str
    annotator: str
    answers: Mapping[str, Answer]
    created_at: str | None


class Gold(Annotation):
    """The answers that stand for a sentence; ``annotator`` is ``gold``.

    By question, ``n_votes`` counts who answered, and ``decided_by`` says who or what decided: ``majority``,
    ``dawid-skene``, ``mace`` or ``user:<id>``. ``shares`` holds by label the share of those who say whether the
    sentence carries it, by an answer or by ``carries``, that say it does; of a single choice, of those who answered it.
    ``word_shares`` holds, of those who answered, that of each word that anybody marked. ``disputed`` names the
    questions that the votes leave open: they are unanswered, or for spans without the words on which votes are tied.
    """

    n_votes: Mapping[str, int]
    shares: Mapping[str, Probability]
    word_shares: tuple[ScoredSpan, ...] = ()
    decided_by: Mapping[str, str]
    disputed: tuple[str, ...] = ()

    @property
    def annotation(self) -> Annotation:
        """The answers alone."""
        return Annotation.model_construct(**{name: getattr(self, name) for name in Annotation.model_fields})

    @property
    def decisions(self) -> list[Decision]:
        """What people decided about the sentence, one decision a person."""
        by_person: dict[str, dict[str, Answer]] = {}
        for name, who in self.decided_by.items():
            if who.startswith("user:"):
                by_person.setdefault(who, {})[name] = self.answers[name]
        return [Decision(self.uid, who, answers, self.created_at) for who, answers in by_person.items()]

    def joined(self, later: "Gold", schema: LabelSchema) -> "Gold":
        """Return both records as one: of a question that both know the answers or votes to, what the later holds."""
        left = [q for q in schema.questions if q.name not in later.answers and q.name not in later.n_votes]
        names, labels = {q.name for q in left}, {label for q in left for label in q.names}
        known = {
            "answers": {**_only(names, self.answers), **later.answers},
            "carries": {**_only(labels, self.carries), **later.carries},
            "corpus": later.corpus or self.corpus,
            "created_at": later.created_at or self.created_at,
            "n_votes": {**_only(names, self.n_votes), **later.n_votes},
            "shares": {**_only(labels, self.shares), **later.shares},
            "word_shares": (*(span for span in self.word_shares if span.label in labels), *later.word_shares),
            "decided_by": {**_only(names, self.decided_by), **later.decided_by},
            "disputed": (*(name for name in self.disputed if name in names), *later.disputed),
        }
        return later.model_copy(update=known)

    def decided(self, decisions: Iterable[Decision]) -> "Gold":
        """Return the sentence with people's decisions in the place of the votes; the votes themselves are kept."""
        gold = self
        for decision in decisions:
            changes = {
                "answers": {**gold.answers, **decision.answers},
                "decided_by": {**gold.decided_by, **dict.fromkeys(decision.answers, decision.annotator)},
                "disputed": tuple(name for name in gold.disputed if name not in decision.answers),
                "created_at": decision.created_at,
                "origin": "manual",
            }
            gold = gold.model_copy(update=changes)
        return gold


def _only(keys: Collection[str], values: Mapping[str, _Value]) -> dict[str, _Value]:
    return {key: value for key, value in values.items() if key in keys}
