"""One answer a sentence, and how it came about."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from annotate.annotation import Annotation, Answer, Probability, ScoredSpan
from annotate.schema import LabelSchema, Question


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
        """Return both records as one: of each question what the one with answers or votes holds, of two the later."""
        held = [(question, self._holding(later, question)) for question in schema.questions]

        def known(field: str, keys: Callable[[Question], Iterable[str]]) -> dict[str, object]:
            each_key = (
                (getattr(gold, field), key) for question, golds in held for gold in golds for key in keys(question)
            )
            return {key: values[key] for values, key in each_key if key in values}

        return later.model_copy(
            update={
                **{
                    field: known(field, lambda question: [question.name])
                    for field in ("answers", "n_votes", "decided_by")
                },
                **{field: known(field, lambda question: question.names) for field in ("carries", "shares")},
                "word_shares": tuple(
                    span for q, golds in held for gold in golds for span in gold.word_shares if span.label in q.names
                ),
                "disputed": tuple(q.name for q, golds in held if any(q.name in gold.disputed for gold in golds)),
                "corpus": later.corpus or self.corpus,
                "created_at": later.created_at or self.created_at,
            }
        )

    def _holding(self, later: "Gold", question: Question) -> Sequence["Gold"]:
        """Return which record holds for a question; both where neither knows more than ``carries``."""
        voted = [gold for gold in (self, later) if question.name in gold.answers or question.name in gold.n_votes]
        return voted[-1:] or (self, later)

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
