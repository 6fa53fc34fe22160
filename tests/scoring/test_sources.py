from datetime import date
from itertools import cycle, islice

import numpy as np
import pytest

from annotate.annotation import Annotation, Scores
from annotate.article import Citation
from annotate.errors import SourceError
from annotate.scoring.adjusted import Confusion
from annotate.scoring.profile import Evidence
from annotate.scoring.source_profile import Survey
from annotate.scoring.source_records import SourceDifference, SourceProfiles
from scoring.scored import make_schema
from scoring.sourced import TODAY, article, profiled, source

SCHEMA = make_schema()
CLAIM = 1  # the place of the label


def differing(profiles: SourceProfiles) -> SourceDifference:
    """Return the difference between two sources at "Claim"."""
    (found,) = [each for each in profiles.differences if each.label == "Claim"]
    return found


def spread(mean: int, number: int) -> list[int]:
    return list(islice(cycle([mean - 1, mean, mean + 1]), number))


def test_fewer_articles_than_the_minimum_are_too_few_to_say() -> None:
    profiles = profiled([*source("Small", [9] * 4), *source("Large", [1] * 5)], SCHEMA)
    large, small = profiles.sources
    assert (large.name, large.too_few, len(large.labels)) == ("Large", False, 2)
    assert (small.name, small.n_articles, small.too_few, small.labels) == ("Small", 4, True, ())
    assert not profiles.differences
    assert "fewer than 5 articles, too few to say: Small" in profiles.notes


def test_the_interval_over_articles_covers_the_rate_of_the_source() -> None:
    random = np.random.default_rng(3)
    covered, n_sources = 0, 60
    for _ in range(n_sources):
        # Articles of one source are not alike: rates vary around .3, and so sentences are no independent draws.
        claims = random.binomial(10, random.beta(3, 7, size=60))
        share = profiled(source("Here", claims.tolist()), SCHEMA).sources[0].labels[CLAIM].share
        covered += share.low is not None and share.high is not None and share.low <= 0.3 <= share.high
    assert covered / n_sources > 0.95 - 3 * (0.95 * 0.05 / n_sources) ** 0.5


def test_the_share_is_adjusted_for_the_models_errors() -> None:
    evidence = Evidence(errors={"Claim": Confusion(5000, 4000, 5000, 500)})
    label = profiled(source("Here", [3] * 200), SCHEMA, evidence=evidence).sources[0].labels[CLAIM]
    assert label.share.value == pytest.approx(0.3)
    assert label.adjusted_share is not None
    assert label.adjusted_share.value == pytest.approx(2 / 7, abs=0.001)


def test_peoples_answers_count_in_place_of_the_models() -> None:
    scores = source("Here", [2] * 6)
    people = {
        score.uid: Annotation(**dict(score.sentence), annotator="gold", answers={"claims": ()}, origin="manual")
        for score in scores
    }
    label = profiled(scores, SCHEMA, evidence=Evidence(people)).sources[0].labels[CLAIM]
    assert (label.n_by_people, label.n_decided, label.share.value) == (60, 0, 0.0)


def test_sources_that_differ_are_told_apart_and_those_alike_are_not() -> None:
    claims = source("A", spread(2, 30)), source("B", spread(2, 30)), source("C", spread(6, 30))
    found = {
        (each.first, each.second): each
        for each in profiled([score for each in claims for score in each], SCHEMA).differences
        if each.label == "Claim"
    }
    assert found["A", "B"].p_adjusted == 1.0
    apart = found["A", "C"]
    assert apart.difference.value == pytest.approx(-0.4)
    assert apart.p_adjusted is not None
    assert apart.p is not None
    assert apart.p < apart.p_adjusted < 0.001


def test_few_of_many_comparisons_of_sources_alike_seem_to_differ() -> None:
    random = np.random.default_rng(0)
    scores = [score for n in range(10) for score in source(f"S{n}", random.binomial(10, 0.3, size=30).tolist())]
    differences = [each for each in profiled(scores, SCHEMA).differences if each.label == "Claim"]
    assert len(differences) == 45
    assert sum((each.p or 1) < 0.05 for each in differences) > 0
    assert not [each for each in differences if (each.p_adjusted or 1) < 0.05]


@pytest.mark.parametrize("match", ["month", "topic"])
def test_on_common_ground_a_difference_of_subjects_is_none_of_sources(match: str) -> None:
    war, sport = "tanks shelled the border town", "the striker scored a late goal"
    months = {war: 1, sport: 2}
    # Both write of war with 6 claims in 10 and of sport with 2, but A mostly of war and B mostly of sport.
    numbers = {("A", war): 30, ("A", sport): 6, ("B", war): 6, ("B", sport): 30}
    scores = [
        score
        for (outlet, text), number in numbers.items()
        for score in source(outlet, spread(6 if text == war else 2, number), months[text], text)
    ]
    raw = differing(profiled(scores, SCHEMA))
    matched = differing(profiled(scores, SCHEMA, Survey(match=match, minimum=5, today=TODAY)))  # type: ignore[arg-type]
    assert raw.difference.value == pytest.approx(0.267, abs=0.01)
    assert raw.p_adjusted is not None
    assert raw.p_adjusted < 0.05
    assert matched.difference.value == pytest.approx(0.0, abs=0.01)
    assert matched.n_strata == 2


def test_sources_without_common_ground_are_not_compared() -> None:
    scores = [*source("A", spread(2, 6), month=1), *source("B", spread(6, 6), month=2)]
    profiles = profiled(scores, SCHEMA, Survey(match="month", minimum=5, today=TODAY))
    found = differing(profiles)
    assert (found.difference.value, found.p, found.n_matched) == (None, None, 0)
    assert "no month in which two sources have 2 articles each: nothing is compared" in profiles.notes


def test_a_trend_has_its_months_and_the_slope_of_least_squares() -> None:
    scores = [score for month in range(1, 13) for score in source("Here", spread(1 + month // 2, 6), month)]
    label = profiled(scores, SCHEMA).sources[0].labels[CLAIM]
    assert [point.month for point in label.trend] == [f"2024-{month:02}" for month in range(1, 13)]
    years = [(date(2024, month, day) - TODAY).days / 365.25 for month in range(1, 13) for day in range(1, 7)]
    shares = [claims / 10 for month in range(1, 13) for claims in spread(1 + month // 2, 6)]
    assert label.change_per_year is not None
    assert label.change_per_year.value == pytest.approx(np.polyfit(years, shares, 1)[0])
    assert label.change_per_year.low is not None
    assert label.change_per_year.low > 0.4


def test_a_trend_is_of_what_is_likely_there() -> None:
    scores = [score for month in range(1, 13) for score in source("Here", spread(3 + month // 3, 6), month)]
    evidence = Evidence(errors={"Claim": Confusion(50_000, 40_000, 50_000, 5_000)})
    label = profiled(scores, SCHEMA, evidence=evidence).sources[0].labels[CLAIM]
    for point in label.trend:
        assert point.likely.value == pytest.approx(((point.share.value or 0) - 0.1) / 0.7, abs=0.001)
    assert label.change_per_year is not None
    assert label.change is not None
    assert label.change.value == pytest.approx((label.change_per_year.value or 0) / 0.7, rel=0.001)


def test_shares_that_the_models_errors_cannot_explain_are_not_adjusted() -> None:
    evidence = Evidence(errors={"Claim": Confusion(5000, 4000, 5000, 2500)})  # half of what is none of it is an alarm
    profiles = profiled([*source("A", spread(2, 30)), *source("B", spread(7, 30))], SCHEMA, evidence=evidence)
    assert [source.labels[CLAIM].likely.value is None for source in profiles.sources] == [True, False]
    assert differing(profiles).adjusted is None
    assert any(note.endswith("how the model errs: Claim in A") for note in profiles.notes)


def test_nothing_is_likely_where_a_model_may_be_no_better_than_chance() -> None:
    evidence = Evidence(errors={"Claim": Confusion(10, 4, 20, 5)})
    profiles = profiled([*source("A", spread(2, 30)), *source("B", spread(3, 30))], SCHEMA, evidence=evidence)
    assert [source.labels[CLAIM].likely.value for source in profiles.sources] == [None, None]
    assert differing(profiles).adjusted is None
    alone = profiled(source("A", spread(2, 30)), SCHEMA, evidence=Evidence(errors={"Claim": Confusion(10, 9, 200, 5)}))
    assert alone.sources[0].labels[CLAIM].likely.value is not None


def test_months_are_sources_in_order_and_not_compared() -> None:
    scores = [score for month in (3, 1) for score in source("Here", spread(2, 6), month)]
    profiles = profiled(scores, SCHEMA, Survey(by="month", minimum=5, today=TODAY))
    assert [each.name for each in profiles.sources] == ["2024-01", "2024-03"]
    assert not profiles.differences


def test_authors_are_sources() -> None:
    profiles = profiled(source("Here", [1] * 5), SCHEMA, Survey(by="author", minimum=5, today=TODAY))
    assert [each.name for each in profiles.sources] == ["Here's author"]


def test_two_models_are_refused() -> None:
    scores = [*source("A", [1]), *(score.model_copy(update={"model": "n"}) for score in source("B", [1]))]
    with pytest.raises(SourceError, match="two models, 'm' and 'n'"):
        profiled(scores, SCHEMA)


def test_scores_for_other_labels_are_refused() -> None:
    other = source("A", [1])[0].model_copy(update={"labels": {"Irony": 0.2, "Claim": 0.1, "Loaded term": 0.1}})
    with pytest.raises(SourceError, match="'Irony'"):
        profiled([*source("B", [1]), other], SCHEMA)


def test_an_article_given_twice_counts_once_and_is_told() -> None:
    scores = source("Here", [1] * 5)
    once, twice = (profiled(given, SCHEMA) for given in (scores, [*scores, *scores[:20]]))
    assert twice.sources == once.sources
    assert "2 articles (Here-1-0, Here-1-1) given twice: each sentence counts once" in twice.notes


def test_the_same_text_under_another_name_counts_once_and_is_told() -> None:
    scores = source("Here", [1] * 5)
    copies = [score.model_copy(update={"article_id": "copy", "uid": f"copy {score.uid}"}) for score in scores[:10]]
    profiles = profiled([*scores, *copies], SCHEMA)
    assert profiles.sources == profiled(scores, SCHEMA).sources
    assert "1 article (copy) with the same text as another of that outlet: counted once" in profiles.notes


def test_an_article_in_two_places_of_a_file_is_one() -> None:
    scores = source("Here", [1] * 5)
    parted = [*scores[:5], *scores[10:], *scores[5:10]]
    one, other = (profiled(given, SCHEMA).sources[0] for given in (scores, parted))
    assert one.n_articles == other.n_articles == 5
    assert one.labels[CLAIM].n_decided == other.labels[CLAIM].n_decided


@pytest.mark.parametrize(
    ("citation", "told"),
    [
        (Citation(outlet="Here"), "1 article (x) without a date: in no month and no trend"),
        (Citation(outlet="Here", title="A long\nway"), "1 article (“A long way”) without a date: in no month"),
        (Citation(outlet="Here", title="so " * 30), f"1 article (“{'so ' * 12}so…”) without a date"),
        (Citation(outlet="Here", published="spring"), "1 article (x) with a date that cannot be read"),
        (Citation(outlet="Here", published="2031-01-01"), "1 article (x) dated in the future"),
        (Citation(published="2024-01-01"), "1 article (x) without outlet: in no profile"),
        (Citation(outlet=" ", published="2024-01-01"), "1 article (x) without outlet: in no profile"),
    ],
)
def test_what_is_missing_or_impossible_is_told(citation: Citation, told: str) -> None:
    profiles = profiled([*source("Here", [1] * 5), *article("x", 1, citation)], SCHEMA)
    assert any(note.startswith(told) for note in profiles.notes)
    assert profiles.sources[0].last == "2024-01-05"


def test_an_article_of_comments_alone_is_told_and_left_out() -> None:
    comments = [score.model_copy(update={"section": "comment"}) for score in article("x", 9, Citation(outlet="Here"))]
    profiles = profiled([*source("Here", [1] * 5), *comments], SCHEMA)
    assert profiles.sources[0].n_articles == 5
    assert "1 article (x) without a sentence of its own" in profiles.notes


def test_no_scores_are_no_profile() -> None:
    nothing: list[Scores] = []
    with pytest.raises(SourceError, match="no scores to sum up"):
        profiled(nothing, SCHEMA)


def test_examples_are_the_strongest_of_different_articles() -> None:
    label = profiled(source("Here", [3] * 5), SCHEMA).sources[0].labels[CLAIM]
    assert len({example.article_id for example in label.examples}) == 3
    assert {example.probability for example in label.examples} == {0.9}
