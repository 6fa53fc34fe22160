"""The status of a project, from exports made by hand."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from annotate.annotation import Scores
from annotate.article import Article, Sentence
from annotate.schema import LabelSchema
from annotate.studio.status import Shown, Status, status
from annotate.studio.submitted import Acceptance
from annotate.studio.tasks import to_task

Json = dict[str, Any]
Make = Callable[..., Sentence]
PAYLOADS = Path(__file__).parents[3] / "shared" / "label-studio" / "payloads"
NAMES = {"user:1": "Ann Smith"}
CLAIM = {"from_name": "claims", "to_name": "sentence", "type": "choices", "value": {"choices": ["Prediction"]}}
SUGGESTED = {"id": 3, "model_version": "v1", "result": [CLAIM]}


def silent(model: str, sentences: Sequence[Sentence]) -> None:
    """Be a model that is gone."""


def predicting(model: str, sentences: Sequence[Sentence]) -> list[Scores]:
    """Suggest of every sentence that it is a prediction, and be the model that was shown."""
    assert model == "v1"
    labels = {"Loaded term": 0.1, "Unsourced claim": 0.1, "Prediction": 0.9}
    return [Scores(**dict(each), model=model, labels=labels, decided=("Prediction",)) for each in sentences]


def answer(who: int, second: int = 0, *, choice: str = "Prediction", **more: object) -> Json:
    """Return what somebody submitted, as exports hold it."""
    at = datetime(2026, 3, 12, 9, tzinfo=UTC) + timedelta(seconds=second)
    result = [CLAIM | {"value": {"choices": [choice]}, "origin": "manual"}]
    made = {"id": 7, "completed_by": who, "result": result, "was_cancelled": False, "lead_time": 4.0}
    return made | {"created_at": at.isoformat(), "parent_prediction": None, "prediction": {}} | more


def accepted(who: int) -> Json:
    """Return a suggestion that somebody submitted as it was."""
    return answer(who, result=[CLAIM | {"origin": "prediction"}], parent_prediction=3, prediction=SUGGESTED)


def corrected(who: int) -> Json:
    changed = [CLAIM | {"value": {"choices": ["None of these"]}, "origin": "prediction-changed"}]
    return answer(who, result=changed, parent_prediction=3, prediction=SUGGESTED)


def project(
    make: Make, schema: LabelSchema, *sentences: Sequence[Json], overlap: int = 1, blind: Sequence[int] = ()
) -> Status:
    """Sum up an article of which each sentence was answered so."""
    made = [make(f"Sentence {number}.") for number in range(len(sentences))]
    article = Article(id="a", title="The Harbour Plan", text="…")
    data = [to_task(each, article) | ({"blind": True} if n in blind else {}) for n, each in enumerate(made)]
    exported = [
        {"id": n, "data": data[n], "annotations": list(mine), "updated_at": "2026-03-12T10:00:00Z"}
        for n, mine in enumerate(sentences)
        if mine
    ]
    suggest = predicting if blind else silent
    return status([Shown(each, overlap) for each in data], exported, schema, NAMES, suggest)


def test_done_left_and_skipped_are_counted_by_article_and_annotator(sentence: Make, schema: LabelSchema) -> None:
    found = project(sentence, schema, [answer(1)], [answer(2)], [answer(1, was_cancelled=True)], [])
    (article,) = found.articles
    assert (article.title, article.n_sentences, article.n_done, article.n_left, article.n_skipped) == (
        "The Harbour Plan", 4, 2, 2, 1,
    )  # fmt: skip
    counts = {each.name: (each.n_done, each.n_left, each.n_skipped) for each in found.annotators}
    assert counts == {"Ann Smith": (1, 1, 1), "user:2": (1, 2, 0)}
    assert [each.annotator for each in article.annotators] == ["user:1", "user:2"]


def test_a_sentence_for_two_is_done_when_two_answered(sentence: Make, schema: LabelSchema) -> None:
    found = project(sentence, schema, [answer(1), answer(2)], [answer(1)], overlap=2)
    assert (found.articles[0].n_done, found.articles[0].n_left) == (1, 1)
    assert {each.annotator: each.n_left for each in found.annotators} == {"user:1": 0, "user:2": 1}


def test_an_article_without_a_title_is_told_by_its_beginning(sentence: Make, schema: LabelSchema) -> None:
    long = "The council sold the old harbour to a shell company last spring and told nobody."
    (article,) = status([Shown(to_task(sentence(long), None), 1)], [], schema, {}, silent).articles
    assert article.title == "The council sold the old harbour to a shell company last…"


def test_a_task_of_somebody_elses_is_not_counted(sentence: Make, schema: LabelSchema) -> None:
    ours = to_task(sentence("He left."), None)
    others = ({"text": "Hi"}, {"uid": "u1", "sentence": "Hi"}, {"uid": 1, "article_id": ["a"], "sentence": "Hi"})
    found = status([Shown(data, 1) for data in (ours, *others)], [], schema, {}, silent)
    assert [article.n_sentences for article in found.articles] == [1]


def test_agreement_is_on_what_two_answered(sentence: Make, schema: LabelSchema) -> None:
    both, split = [answer(1), answer(2)], [answer(1), answer(2, choice="None of these")]
    found = {each.label: each for each in project(sentence, schema, both, split, [answer(1)]).agreement}
    assert (found["Prediction"].n_sentences, found["Prediction"].observed) == (2, 0.5)
    assert (found["Unsourced claim"].observed, found["Unsourced claim"].alpha) == (1, None)


def test_suggestions_left_as_they_were_are_counted(sentence: Make, schema: LabelSchema) -> None:
    (found,) = project(sentence, schema, [accepted(1)], [corrected(1)], [answer(1)]).annotators
    assert found.suggested == Acceptance(n_answers=2, n_as_suggested=1)
    assert found.blind is None


def test_blind_answers_are_compared_with_the_model_that_was_shown(sentence: Make, schema: LabelSchema) -> None:
    others = [answer(1), answer(1, choice="None of these"), answer(1, choice="None of these")]
    found = project(sentence, schema, [accepted(1)], *([each] for each in others), blind=[1, 2, 3])
    assert found.annotators[0].blind == Acceptance(n_answers=3, n_as_suggested=1)
    assert found.annotators[0].suggested == Acceptance(n_answers=1, n_as_suggested=1)


def test_the_pace_is_over_the_time_of_work(sentence: Make, schema: LabelSchema) -> None:
    (found,) = project(sentence, schema, *([answer(1, 40 * number)] for number in range(5))).annotators
    assert found.lead_time == 4
    assert found.per_hour == pytest.approx(5 * 3600 / 164)


def test_nothing_submitted_is_all_left(sentence: Make, schema: LabelSchema) -> None:
    found = project(sentence, schema, [], [])
    assert (found.articles[0].n_left, found.annotators) == (2, ())
    assert {each.n_sentences for each in found.agreement} == {0}


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="no recorded bodies: ../shared is absent")
def test_a_recorded_export_is_summed_up(sentence: Make, schema: LabelSchema) -> None:
    recorded = json.loads((PAYLOADS / "export_json_task.json").read_text("utf-8"))
    recorded["data"] = to_task(sentence(recorded["data"]["sentence"]), None)
    found = status([Shown(recorded["data"], 2)], [recorded], schema, {}, silent)
    assert [(each.annotator, each.n_done, each.lead_time) for each in found.annotators] == [
        ("user:1", 1, 3.2),
        ("user:2", 1, None),
    ]
    assert found.articles[0].n_done == 1
