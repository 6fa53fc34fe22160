"""What the scores of one article come to: counts, shares and examples, and no verdict."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated

from pydantic import Field as Limits

from annotate.annotation import Probability, Scores
from annotate.article import Article
from annotate.errors import SourceError
from annotate.quality.bootstrap import Floats
from annotate.quality.figure import Figure
from annotate.record import Record
from annotate.schema import Kind, LabelSchema
from annotate.scoring.adjusted import Draws, Errors, adjusted_share, draw
from annotate.scoring.counts import QUOTATIONS, SECTIONS, Counts, Field, count, word_count
from annotate.scoring.people import Judged, People, judge

Scored = tuple[Article | None, Sequence[Scores]]

Count = Annotated[int, Limits(ge=0)]
Rate = Annotated[float, Limits(ge=0.0)]

N_EXAMPLES = 3
# A quoted insult is not the writer's: which part of an article stands in somebody else's words.
_QUOTATION_NAMES = {"none": "outside quotations", "part": "partly quoted", "whole": "inside quotations"}


@dataclass(frozen=True)
class Evidence:
    """What is known beside a model's scores: people's answers, and how the model errs at each label.

    The errors are those on articles that the model has not learned from; ``learned`` holds the ids of those it has.
    """

    people: People = field(default_factory=dict)
    errors: Errors = field(default_factory=dict)
    learned: Set[str] = frozenset()

    @cached_property
    def draws(self) -> Mapping[str, Draws]:
        """Draws of the model's error rates by label."""
        return {label: draw(confusion) for label, confusion in self.errors.items()}


NOTHING_ELSE = Evidence()


class Part(Record):
    """What the sentences of one section, or of one kind of quotation, come to for a label."""

    part: str
    n_scored: Count
    n_decided: Count
    share: Probability | None
    n_words: Count
    n_spans: Count | None = None
    spans_per_1000_words: Rate | None = None


class LabelProfile(Record):
    """What the sentences of an article come to for one label.

    ``n_scored`` sentences have a probability for the label, or the answer of a person, which takes the place of the
    model's: ``n_by_people`` of them. ``n_decided`` carry it; ``share`` is the part that they are, and
    ``expected_share`` the mean probability. ``adjusted_share`` and ``adjusted_count`` are what is likely there, with
    the model's errors and sampling in the interval (see ``scoring.adjusted``); ``None`` where the errors are not known.
    ``n_spans`` and ``spans_per_1000_words`` are ``None`` for a label of whole sentences. All are ``None`` where
    nothing was scored. The parts of ``by_section`` and of ``by_quotation`` add up to the whole. ``examples`` are the
    uids of at most three sentences that carry it, the highest probability first.
    """

    label: str
    kind: Kind
    n_scored: Count
    n_by_people: Count = 0
    n_decided: Count
    share: Probability | None
    expected_share: Probability | None
    adjusted_share: Figure | None = None
    adjusted_count: Figure | None = None
    n_spans: Count | None = None
    spans_per_1000_words: Rate | None = None
    by_section: tuple[Part, ...] = ()
    by_quotation: tuple[Part, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def outside_quotations(self) -> str:
        """How many of the sentences outside quotations carry it, in words."""
        outside = next((part for part in self.by_quotation if part.part == _QUOTATION_NAMES["none"]), None)
        return "none" if outside is None else f"{outside.n_decided} of {outside.n_scored}"


class Profile(Record):
    """What an article's own sentences come to, label by label in the order of the labeling configuration.

    Of ``n_sentences``, ``n_unmarked`` carry no label and no span, and people have answered ``n_by_people``, with
    another outcome than the model's in ``n_differing``. ``n_comments`` more are left out, because they stand in
    readers' comments, which are other authors' text. ``article_id`` and ``model`` are ``None`` when there was nothing
    to tell them from. Where the model has ``learned`` from the article, nothing is adjusted, for its errors there are
    not those elsewhere.
    """

    article_id: str | None
    title: str | None
    model: str | None
    n_sentences: Count
    n_words: Count
    n_unmarked: Count
    n_comments: Count
    n_by_people: Count = 0
    n_differing: Count = 0
    learned: bool = False
    labels: tuple[LabelProfile, ...]


def profile(
    scores: Sequence[Scores], schema: LabelSchema, article: Article | None = None, evidence: Evidence = NOTHING_ELSE
) -> Profile:
    """Sum up the scores of one article.

    Raises:
        SourceError: The scores are of two articles, of another article than the one given, or by two models.
        ConfigError: The scores have a label that the schema does not have.
    """
    return profile_judged([judge(score, evidence.people, schema) for score in scores], schema, article, evidence)


def profile_judged(
    judged: Sequence[Judged], schema: LabelSchema, article: Article | None = None, evidence: Evidence = NOTHING_ELSE
) -> Profile:
    """Sum up one article, with people's answers in their places already (see ``profile``)."""
    counts = count(judged, schema)
    given = [] if article is None else [article.id]
    article_id = _only((*given, *(each.score.article_id for each in judged)), "article")
    learned = article_id in evidence.learned
    draws = {} if learned else evidence.draws
    own = [each for each in judged if each.score.section != "comment"]
    kinds = [(name, question.kind) for question in schema.questions for name in question.names]
    return Profile(
        article_id=article_id,
        title=None if article is None else article.title,
        model=_only((each.score.model for each in judged), "model"),
        n_sentences=len(own),
        n_words=sum(word_count(each.score.text) for each in own),
        n_unmarked=sum(not carries_something(each.score) for each in own),
        n_comments=len(judged) - len(own),
        n_by_people=sum(bool(each.by_people) for each in own),
        n_differing=sum(bool(each.differs) for each in own),
        learned=learned,
        labels=tuple(
            _label(name, kind, counts[number], draws.get(name)).model_copy(update={"examples": _strongest(own, name)})
            for number, (name, kind) in enumerate(kinds)
        ),
    )


def carries_something(score: Scores) -> bool:
    """Tell whether the model would mark the sentence or a stretch of it."""
    return bool(score.decided or score.spans)


def _label(label: str, kind: Kind, counts: Counts, draws: Draws | None) -> LabelProfile:
    total = counts.sum(axis=(0, 1))
    n_scored = int(total[Field.SCORED])
    whole = _part("", kind, total)
    share = _adjusted(total, draws)
    sections = zip(SECTIONS, counts.sum(axis=1), strict=True)
    quotations = zip(QUOTATIONS, counts.sum(axis=0), strict=True)
    return LabelProfile(
        label=label,
        kind=kind,
        n_scored=n_scored,
        n_by_people=int(total[Field.PEOPLE]),
        n_decided=whole.n_decided,
        share=whole.share,
        expected_share=min(1.0, total[Field.PROBABILITY] / n_scored) if n_scored else None,
        adjusted_share=share,
        adjusted_count=None if share is None else _times(share, n_scored),
        n_spans=whole.n_spans,
        spans_per_1000_words=whole.spans_per_1000_words,
        by_section=tuple(_part(name, kind, mine) for name, mine in sections if mine[Field.SCORED]),
        by_quotation=tuple(
            _part(_QUOTATION_NAMES[name], kind, mine) for name, mine in quotations if mine[Field.SCORED]
        ),
    )


def _part(name: str, kind: Kind, counts: Floats) -> Part:
    n_scored, n_decided, n_words = (int(counts[each]) for each in (Field.SCORED, Field.DECIDED, Field.WORDS))
    n_spans = int(counts[Field.SPANS]) if kind == "spans" and n_scored else None
    return Part(
        part=name,
        n_scored=n_scored,
        n_decided=n_decided,
        share=n_decided / n_scored if n_scored else None,
        n_words=n_words,
        n_spans=n_spans,
        spans_per_1000_words=None if n_spans is None or not n_words else 1000 * n_spans / n_words,
    )


def _adjusted(total: Floats, draws: Draws | None) -> Figure | None:
    if draws is None or not total[Field.SCORED]:
        return None
    scored, decided, people, theirs = (
        int(total[each]) for each in (Field.SCORED, Field.DECIDED, Field.PEOPLE, Field.PEOPLE_DECIDED)
    )
    return adjusted_share(decided - theirs, scored - people, (theirs, people), draws)


def _times(share: Figure, number: int) -> Figure:
    ends = (share.value, share.low, share.high)
    value, low, high = (None if end is None else end * number for end in ends)
    return Figure(value=value, low=low, high=high)


def _strongest(own: Sequence[Judged], label: str) -> tuple[str, ...]:
    decided = [each.score for each in own if label in each.score.decided and label in each.score.labels]
    ranked = sorted(decided, key=lambda score: (-score.labels[label], score.start))
    return tuple(score.uid for score in ranked[:N_EXAMPLES])


def _only(names: Iterable[str], what: str) -> str | None:
    found = sorted(set(names))
    if len(found) > 1:
        raise SourceError(f"a profile is of one {what}, not of '{found[0]}' and '{found[1]}': take one at a time")
    return found[0] if found else None
