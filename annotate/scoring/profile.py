"""What the scores of one article come to: counts, shares and examples, and no verdict."""

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Annotated

from pydantic import Field

from annotate.annotation import Probability, Scores
from annotate.article import Article
from annotate.errors import ConfigError, SourceError
from annotate.record import Record
from annotate.schema import Kind, LabelSchema

Scored = tuple[Article | None, Sequence[Scores]]

Count = Annotated[int, Field(ge=0)]

_EXAMPLES = 3


class LabelProfile(Record):
    """What the sentences of an article come to for one label.

    ``n_scored`` sentences have a probability for the label: none of them when the model does not know it. ``n_decided``
    of them carry it; ``share`` is the part that they are, and ``expected_share`` the mean probability. ``n_spans`` and
    ``spans_per_1000_words`` are ``None`` for a label of whole sentences, and all four where nothing was scored.
    ``examples`` are the uids of at most three sentences that carry it, the highest probability first.
    """

    label: str
    kind: Kind
    n_scored: Count
    n_decided: Count
    share: Probability | None
    expected_share: Probability | None
    n_spans: Count | None = None
    spans_per_1000_words: Annotated[float, Field(ge=0.0)] | None = None
    examples: tuple[str, ...] = ()


class Profile(Record):
    """What an article's own sentences come to, label by label in the order of the labeling configuration.

    Of ``n_sentences``, ``n_unmarked`` carry no label and no span. ``n_comments`` more are left out, because they stand
    in readers' comments, which are other authors' text. ``article_id`` and ``model`` are ``None`` when there was
    nothing to tell them from.
    """

    article_id: str | None
    title: str | None
    model: str | None
    n_sentences: Count
    n_words: Count
    n_unmarked: Count
    n_comments: Count
    labels: tuple[LabelProfile, ...]


def profile(scores: Sequence[Scores], schema: LabelSchema, article: Article | None = None) -> Profile:
    """Sum up the scores of one article.

    Raises:
        SourceError: The scores are of two articles, of another article than the one given, or by two models.
        ConfigError: The scores have a label that the schema does not have.
    """
    check_labels(scores, schema)
    given = [] if article is None else [article.id]
    own = [score for score in scores if score.section != "comment"]
    return Profile(
        article_id=_only((*given, *(score.article_id for score in scores)), "article"),
        title=None if article is None else article.title,
        model=_only((score.model for score in scores), "model"),
        n_sentences=len(own),
        n_words=_words(own),
        n_unmarked=sum(not carries_something(score) for score in own),
        n_comments=len(scores) - len(own),
        labels=tuple(_label(own, name, question.kind) for question in schema.questions for name in question.names),
    )


def carries_something(score: Scores) -> bool:
    """Tell whether the model would mark the sentence or a stretch of it."""
    return bool(score.decided or score.spans)


def check_labels(scores: Iterable[Scores], schema: LabelSchema) -> None:
    """Raise ``ConfigError`` if a score has a label that the schema does not have."""
    known = {label.name for label in schema.labels}
    for score in scores:
        unknown = {*score.labels, *score.decided, *(span.label for span in score.spans)} - known
        if unknown:
            raise ConfigError(
                f"the scores by '{score.model}' have the label '{min(unknown)}', which the labeling configuration does "
                "not have: use the configuration that the model was trained with"
            )


def _label(own: Sequence[Scores], label: str, kind: Kind) -> LabelProfile:
    scored = [score for score in own if label in score.labels]
    decided = [score for score in scored if label in score.decided]
    n_spans = None
    if kind == "spans" and scored:
        n_spans = sum(span.label == label for score in scored for span in score.spans)
    words = _words(scored)
    return LabelProfile(
        label=label,
        kind=kind,
        n_scored=len(scored),
        n_decided=len(decided),
        share=len(decided) / len(scored) if scored else None,
        expected_share=fmean(score.labels[label] for score in scored) if scored else None,
        n_spans=n_spans,
        spans_per_1000_words=None if n_spans is None or not words else 1000 * n_spans / words,
        examples=_strongest(decided, label),
    )


def _strongest(decided: Sequence[Scores], label: str) -> tuple[str, ...]:
    ranked = sorted(decided, key=lambda score: (-score.labels[label], score.start))
    return tuple(score.uid for score in ranked[:_EXAMPLES])


def _only(names: Iterable[str], what: str) -> str | None:
    found = sorted(set(names))
    if len(found) > 1:
        raise SourceError(f"a profile is of one {what}, not of '{found[0]}' and '{found[1]}': take one at a time")
    return found[0] if found else None


def _words(scores: Iterable[Scores]) -> int:
    # What stands between spaces and has a letter or a digit in it: a dash alone is no word.
    return sum(any(map(str.isalnum, word)) for score in scores for word in score.text.split())
