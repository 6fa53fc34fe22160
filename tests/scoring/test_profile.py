import pytest

from annotate.article import Article
from annotate.errors import ConfigError, SourceError
from annotate.scoring.profile import profile
from scoring.scored import make_schema, make_scores, make_span

SCHEMA = make_schema()


def test_counts_shares_and_means_add_up() -> None:
    scores = [
        make_scores(f"Sentence {n}.", {"Claim": p}, place=(n * 20, 1, "body")) for n, p in enumerate([0.9, 0.5, 0.1])
    ]
    claim = profile(scores, SCHEMA).labels[1]
    assert (claim.n_scored, claim.n_decided) == (3, 2)
    assert claim.share == pytest.approx(2 / 3)
    assert claim.expected_share == pytest.approx(0.5)


def test_spans_are_counted_per_thousand_words() -> None:
    text = "The regime and the filth — at last."
    spans = (make_span(text, "regime"), make_span(text, "filth"))
    summary = profile([make_scores(text, {"Loaded term": 0.9}, spans)], SCHEMA)
    assert summary.n_words == 7
    assert summary.labels[0].n_spans == 2
    assert summary.labels[0].spans_per_1000_words == pytest.approx(2000 / 7)
    assert summary.labels[1].n_spans is None


def test_examples_are_the_three_strongest_that_were_decided() -> None:
    chances = [0.6, 0.9, 0.4, 0.7, 0.8]
    scores = [make_scores("A claim.", {"Claim": p}, place=(n * 20, 1, "body")) for n, p in enumerate(chances)]
    assert profile(scores, SCHEMA).labels[1].examples == (scores[1].uid, scores[4].uid, scores[3].uid)


def test_comments_are_counted_apart() -> None:
    scores = [
        make_scores("Ours.", {"Claim": 0.1}),
        make_scores("Theirs, at length.", {"Claim": 0.9}, place=(10, 2, "comment")),
    ]
    summary = profile(scores, SCHEMA)
    assert (summary.n_sentences, summary.n_words, summary.n_unmarked, summary.n_comments) == (1, 1, 1, 1)
    assert summary.labels[1].n_decided == 0


def test_a_label_that_was_not_scored_has_no_share() -> None:
    loaded, claim = profile([make_scores("Words.", {"Claim": 0.0})], SCHEMA).labels
    assert (loaded.n_scored, loaded.share, loaded.expected_share, loaded.n_spans) == (0, None, None, None)
    assert (claim.n_scored, claim.share) == (1, 0.0)


def test_nothing_scored_is_a_profile_without_shares() -> None:
    summary = profile([], SCHEMA)
    assert (summary.article_id, summary.model, summary.n_sentences) == (None, None, 0)
    assert [label.share for label in summary.labels] == [None, None]


def test_two_models_are_refused() -> None:
    with pytest.raises(SourceError, match="one model, not of 'm' and 'n'"):
        profile([make_scores("One.", {}), make_scores("Two.", {}, model="n")], SCHEMA)


def test_scores_of_another_article_are_refused() -> None:
    with pytest.raises(SourceError, match="one article"):
        profile([make_scores("One.", {})], SCHEMA, Article(id="b", text="Another."))


def test_a_label_that_the_schema_does_not_have_is_refused() -> None:
    with pytest.raises(ConfigError, match="the label 'Irony'"):
        profile([make_scores("One.", {"Irony": 0.2})], SCHEMA)


def test_an_added_label_is_profiled() -> None:
    schema = make_schema(more_choices='<Choice value="Irony"/>')
    summary = profile([make_scores("Sure.", {"Irony": 0.8})], schema)
    assert [(label.label, label.n_decided) for label in summary.labels][-1] == ("Irony", 1)
