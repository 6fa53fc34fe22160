"""Profiles add up: parts to articles, articles to sources."""

from datetime import date
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.annotation import Annotation, ScoredSpan, Scores
from annotate.article import Citation, sentence_uid
from annotate.scoring.corpus import collect
from annotate.scoring.profile import Evidence, Profile, profile
from annotate.scoring.source_profile import Survey
from annotate.scoring.sources import profile_sources
from scoring.scored import make_schema

SCHEMA = make_schema()
NAMES = [label.name for label in SCHEMA.labels]
WORD = st.sampled_from(["regime", "–", "said", "the", "2024", "will"])


@st.composite
def scored_sentences(draw: st.DrawFn) -> list[Scores]:
    """Draw the sentences of a few articles."""
    found = []
    for article in range(draw(st.integers(1, 5))):
        start = 0
        for _ in range(draw(st.integers(1, 8))):
            text = " ".join([str(article), *draw(st.lists(WORD, min_size=1, max_size=8))])
            decided = draw(st.sets(st.sampled_from(NAMES)))
            spans = (ScoredSpan(start=0, end=1, label=NAMES[0], score=0.9),) if NAMES[0] in decided else ()
            found.append(
                Scores(
                    uid=sentence_uid(str(article), start, start + len(text), text),
                    article_id=str(article),
                    start=start,
                    end=start + len(text),
                    text=text,
                    paragraph=1,
                    section=draw(st.sampled_from(["headline", "body", "comment"])),
                    quotation=draw(st.sampled_from(["none", "part", "whole"])),
                    model="m",
                    labels={name: draw(st.floats(0, 1)) for name in NAMES},
                    spans=spans,
                    decided=tuple(name for name in NAMES if name in decided),
                    article=Citation(outlet=draw(st.sampled_from(["Here", "There"])) if start else None),
                )
            )
            start += len(text) + 1
    outlets = {score.article_id: f"Outlet {int(score.article_id) % 2}" for score in found}
    return [score.model_copy(update={"article": Citation(outlet=outlets[score.article_id])}) for score in found]


def evidence_of(scores: list[Scores], answered: set[int]) -> Evidence:
    people = {}
    for number in answered & set(range(len(scores))):
        score = scores[number]
        answers = {"terms": (), "claims": ("Claim",)}
        people[score.uid] = Annotation(**dict(score.sentence), annotator="gold", answers=answers, origin="manual")
    return Evidence(people)


def by_article(scores: list[Scores], evidence: Evidence) -> list[Profile]:
    groups = groupby(scores, key=lambda score: score.article_id)
    return [profile(list(group), SCHEMA, evidence=evidence) for _, group in groups]


@given(scored_sentences(), st.sets(st.integers(0, 40)))
@settings(max_examples=60, deadline=None)
def test_parts_add_up_to_the_article(scores: list[Scores], answered: set[int]) -> None:
    for summary in by_article(scores, evidence_of(scores, answered)):
        for label in summary.labels:
            assert label.n_scored == summary.n_sentences
            assert label.n_decided <= label.n_scored
            for parts in (label.by_section, label.by_quotation):
                assert sum(part.n_scored for part in parts) == label.n_scored
                assert sum(part.n_decided for part in parts) == label.n_decided
                assert sum(part.n_words for part in parts) == summary.n_words
                if label.n_spans is not None:
                    assert sum(part.n_spans or 0 for part in parts) == label.n_spans


@given(scored_sentences(), st.sets(st.integers(0, 40)))
@settings(max_examples=40, deadline=None)
def test_articles_add_up_to_their_source(scores: list[Scores], answered: set[int]) -> None:
    evidence = evidence_of(scores, answered)
    articles = [each for each in by_article(scores, evidence) if each.n_sentences]
    corpus = collect(scores, SCHEMA, evidence, date(2024, 1, 1))
    survey = Survey(minimum=2, today=date(2024, 1, 1))
    sources = profile_sources(corpus, SCHEMA, evidence, survey).sources
    assert sum(source.n_articles for source in sources) == len(articles)
    assert sum(source.n_sentences for source in sources) == sum(each.n_sentences for each in articles)
    for source in sources:
        mine = [each for each in articles if f"Outlet {int(each.article_id or 0) % 2}" == source.name]
        for number, label in enumerate(source.labels):
            theirs = [each.labels[number] for each in mine]
            assert label.n_decided == sum(each.n_decided for each in theirs)
            assert label.n_by_people == sum(each.n_by_people for each in theirs)
            assert label.share.value == label.n_decided / label.n_scored
