"""Made-up scores: articles of outlets that differ a little, with words enough to be told apart by topic."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from annotate.annotation import ScoredSpan, Scores
from annotate.article import Citation, article_id, sentence_uid
from annotate.schema import LabelSchema

_TOPICS = (
    "harbour ship crane dock council port cargo quay",
    "budget tax deficit minister treasury spending loan bond",
    "match goal coach league stadium striker referee season",
    "army border troops general missile ceasefire siege convoy",
)
_FILLERS = ("the", "a", "of", "in", "and", "to", "for", "with", "from", "that", "which", "after", "before")
_FIRST_DAY = date(2023, 1, 1)
_DAYS = 730


def scores(
    n_articles: int, schema: LabelSchema, n_outlets: int = 20, n_sentences: int = 30, seed: int = 0
) -> Iterator[Scores]:
    """Yield the scores of articles, one after the other."""
    random = Random(seed)  # noqa: S311 - not for secrets
    for number in range(n_articles):
        outlet = number % n_outlets
        topic = _TOPICS[random.randrange(len(_TOPICS))].split()
        name = article_id(f"article {number}")
        citation = Citation(
            title=f"Report {number} on {topic[0]}",
            outlet=f"Outlet {outlet + 1}",
            author=f"Author {random.randrange(3 * n_outlets) + 1}",
            published=(_FIRST_DAY + timedelta(days=random.randrange(_DAYS))).isoformat(),
            url=f"https://outlet{outlet + 1}.example/{number}",
        )
        level = 0.1 + 0.3 * outlet / n_outlets + random.gauss(0, 0.05)
        start = 0
        for place in range(n_sentences):
            score = _sentence(random, schema, topic, (name, start, place), level)
            start = score.end + 1
            yield score.model_copy(update={"article": citation})


def _sentence(
    random: Random, schema: LabelSchema, topic: list[str], where: tuple[str, int, int], level: float
) -> Scores:
    name, start, place = where
    words = [random.choice(random.choice((topic, _FILLERS))) for _ in range(random.randrange(8, 30))]
    text = f"{' '.join(words).capitalize()}."
    probabilities = {label.name: round(random.betavariate(1, 3) * 0.8, 6) for label in schema.labels}
    decided = [label.name for label in schema.labels if random.random() < level]
    probabilities |= {label: round(random.uniform(0.5, 1), 6) for label in decided}
    in_spans = {label for question in schema.span_questions for label in question.names}
    spans = [
        ScoredSpan(start=0, end=len(words[0]), label=label, score=probabilities[label])
        for label in decided
        if label in in_spans
    ]
    return Scores(
        uid=sentence_uid(name, start, start + len(text), text),
        article_id=name,
        start=start,
        end=start + len(text),
        text=text,
        paragraph=place // 3 + 1,
        section="headline" if place == 0 else "body",
        quotation=random.choices(("none", "part", "whole"), (8, 1, 1))[0],
        model="starter",
        labels=probabilities,
        spans=tuple(spans),
        decided=tuple(decided),
    )
