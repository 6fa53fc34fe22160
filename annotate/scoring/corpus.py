"""The scores of many articles, summed up article by article as they come: memory grows with articles, not sentences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from textwrap import shorten

from annotate.annotation import Scores
from annotate.article import Citation, day_of
from annotate.errors import SourceError
from annotate.record import Record
from annotate.schema import LabelSchema
from annotate.scoring.counts import Counts, count
from annotate.scoring.people import Judged, judge
from annotate.scoring.profile import Evidence
from annotate.wording import counted, visible

_NAMED = 3  # articles that a note names
_LONGEST_NAME = 40  # characters


class Example(Record):
    """A sentence that carries a label, and its article; ``by_people`` where people said so."""

    uid: str
    article_id: str
    text: str
    probability: float
    by_people: bool = False
    article: Citation


@dataclass(frozen=True)
class Tallied:
    """An article's counts, with its strongest example of each label.

    ``said`` is the same for articles of the same sentences; ``text`` is kept only where topics need it.
    """

    id: str
    citation: Citation
    published: date | None
    counts: Counts
    n_sentences: int
    examples: dict[str, Example]
    said: int = 0
    text: str = ""

    @property
    def name(self) -> str:
        """What to call it in a note: its title, or the id where it has none."""
        title = visible(self.citation.title or "").strip()
        return f"“{shorten(title, _LONGEST_NAME, placeholder='…')}”" if title else self.id


@dataclass
class Corpus:
    """Articles scored by one model for one schema, and what a reader must know of what was left out."""

    articles: list[Tallied] = field(default_factory=list)
    model: str | None = None
    notes: list[str] = field(default_factory=list)


def collect(
    scores: Iterable[Scores], schema: LabelSchema, evidence: Evidence, today: date, *, texts: bool = False
) -> Corpus:
    """Sum up scores, those of an article beside each other; a sentence that comes twice counts once.

    Raises:
        SourceError: They are not of one kind.
    """
    corpus = Corpus()
    twice: Counter[str] = Counter()
    seen: set[int] = set()
    places: dict[str, int] = {}
    for name, group in groupby(of_one_kind(scores, schema), key=lambda score: score.article_id):
        own = [score for score in group if _is_new(score, seen, twice)]
        if not own:
            continue
        corpus.model = own[0].model
        tallied = _tally(own, schema, evidence, texts=texts)
        if name in places:
            corpus.articles[places[name]] = _joined(corpus.articles[places[name]], tallied)
        else:
            places[name] = len(corpus.articles)
            corpus.articles.append(tallied)
    corpus.notes += _notes(corpus.articles, twice, today)
    return corpus


def of_one_kind(scores: Iterable[Scores], schema: LabelSchema) -> Iterator[Scores]:
    """Yield scores, and refuse what must not be put together.

    Raises:
        SourceError: They are by two models, or for other labels than the schema's.
    """
    asked, model = {label.name for label in schema.labels}, None
    for score in scores:
        model = model or score.model
        if score.model != model:
            raise SourceError(
                f"sentence {score.uid}: scores of two models, '{model}' and '{score.model}', cannot be put "
                "together: score all articles with one"
            )
        if score.labels.keys() != asked:
            other = min(score.labels.keys() ^ asked)
            raise SourceError(
                f"sentence {score.uid}: scored for other labels than the labeling configuration asks for ('{other}'): "
                "score the articles anew, or use the configuration that they were scored with"
            )
        yield score


def _is_new(score: Scores, seen: set[int], twice: Counter[str]) -> bool:
    key = hash(score.uid)  # a number takes a third of the memory of the uid
    if key in seen:
        twice[score.article_id] += 1
        return False
    seen.add(key)
    return True


def _tally(scores: Sequence[Scores], schema: LabelSchema, evidence: Evidence, *, texts: bool) -> Tallied:
    judged = [judge(score, evidence.people, schema) for score in scores]
    citation = next((score.article for score in scores if score.article), Citation())
    own = [each for each in judged if each.score.section != "comment"]
    return Tallied(
        id=scores[0].article_id,
        citation=citation,
        published=day_of(citation.published),
        counts=count(judged, schema),
        n_sentences=len(own),
        examples=_examples(own, citation),
        said=hash(tuple(each.score.text for each in own)),
        text=" ".join(each.score.text for each in own) if texts else "",
    )


def _examples(own: Sequence[Judged], citation: Citation) -> dict[str, Example]:
    """Return the strongest sentence of each label."""
    best: dict[str, Judged] = {}
    for each in own:
        for label in each.score.decided:
            if label not in best or each.score.labels[label] > best[label].score.labels[label]:
                best[label] = each
    return {
        label: Example(
            uid=each.score.uid,
            article_id=each.score.article_id,
            text=each.score.text,
            probability=each.score.labels[label],
            by_people=label in each.by_people,
            article=citation,
        )
        for label, each in best.items()
    }


def _joined(one: Tallied, other: Tallied) -> Tallied:
    """Put two parts of an article together."""
    stronger = {
        label: max((part.examples[label] for part in (one, other) if label in part.examples), key=_probability)
        for label in one.examples.keys() | other.examples.keys()
    }
    return Tallied(
        id=one.id,
        citation=one.citation,
        published=one.published,
        counts=one.counts + other.counts,
        n_sentences=one.n_sentences + other.n_sentences,
        examples=stronger,
        said=hash((one.said, other.said)),
        text=f"{one.text} {other.text}".strip(),
    )


def _probability(example: Example) -> float:
    return example.probability


def _notes(articles: Sequence[Tallied], twice: Counter[str], today: date) -> Iterator[str]:
    """Tell of what is not as it should be: each is said, and none is averaged away."""
    known = {article.id: article.name for article in articles}
    told = {
        "given twice: each sentence counts once": [known.get(each, each) for each in twice],
        "without a sentence of its own": [article.name for article in articles if not article.n_sentences],
        "without a date: in no month and no trend": [a.name for a in articles if not a.citation.published],
        "with a date that cannot be read: in no month and no trend": [
            article.name for article in articles if article.citation.published and article.published is None
        ],
        "dated in the future: in no month and no trend": [
            article.name for article in articles if article.published and article.published > today
        ],
    }
    return (f"{told_articles(names)} {what}" for what, names in told.items() if names)


def told_articles(names: Sequence[str]) -> str:
    """Write how many articles, and the first of them by name."""
    named = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return f"{counted(len(names), 'article')} ({named})"
