"""Scores of many articles, made by hand."""

from collections.abc import Iterator, Sequence
from datetime import date

from annotate.annotation import Scores
from annotate.article import Citation, sentence_uid
from annotate.schema import LabelSchema
from annotate.scoring.corpus import collect
from annotate.scoring.profile import NOTHING_ELSE, Evidence
from annotate.scoring.source_profile import Survey
from annotate.scoring.source_records import SourceProfiles
from annotate.scoring.sources import profile_sources

TODAY = date(2025, 1, 1)


def article(
    name: str, n_claims: int, citation: Citation, n_sentences: int = 10, text: str = "Sentence"
) -> Iterator[Scores]:
    """Yield an article's sentences, of which the first so many carry "Claim"."""
    start = 0
    for number in range(n_sentences):
        words = f"{text} {number} of {name}."
        carries = number < n_claims
        yield Scores(
            uid=sentence_uid(name, start, start + len(words), words),
            article_id=name,
            start=start,
            end=start + len(words),
            text=words,
            paragraph=1,
            section="body",
            model="m",
            labels={"Loaded term": 0.1, "Claim": 0.9 if carries else 0.2},
            decided=("Claim",) if carries else (),
            article=citation,
        )
        start += len(words) + 1


def source(outlet: str, claims: Sequence[int], month: int = 1, text: str = "Sentence", start: int = 0) -> list[Scores]:
    """Return the sentences of an outlet's articles, by how many carry "Claim" in each."""
    return [
        score
        for number, n_claims in enumerate(claims, start=start)
        for score in article(
            f"{outlet}-{month}-{number}",
            n_claims,
            Citation(outlet=outlet, author=f"{outlet}'s author", published=f"2024-{month:02}-{number % 28 + 1:02}"),
            text=text,
        )
    ]


def profiled(
    scores: Sequence[Scores], schema: LabelSchema, survey: Survey | None = None, evidence: Evidence = NOTHING_ELSE
) -> SourceProfiles:
    """Sum up scores by source."""
    survey = survey or Survey(minimum=5, today=TODAY)
    corpus = collect(scores, schema, evidence, survey.today, texts=survey.match == "topic")
    return profile_sources(corpus, schema, evidence, survey)
