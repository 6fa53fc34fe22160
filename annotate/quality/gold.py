"""One answer a sentence, and how it came about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from annotate.annotation import Annotation, Answer, Probability, ScoredSpan


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
    ``dawid-skene``, ``mace`` or ``user:<id>``. ``shares`` holds the share of votes by label, for spans of those who
    marked anything; ``word_shares`` that of each word that anybody marked. ``disputed`` names the questions that the
    votes leave open: they are unanswered, or for spans without the words on which votes are tied.
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
