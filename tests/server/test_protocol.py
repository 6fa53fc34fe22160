"""Label Studio's protocol, by requests in the form of those that it was seen to send."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from annotate.article import Sentence
from annotate.config import Workspace
from annotate.schema import LabelSchema
from annotate.studio.tasks import to_prediction, to_task
from annotate.workflow.score import load_chosen

Make = Callable[..., Sentence]
TOKEN = "handed-over-by-label-studio"


def task(sentence: Sentence, **more: object) -> dict[str, Any]:
    """Return a task as Label Studio sends it, with fields that nobody here reads."""
    return {"id": 7, "data": to_task(sentence, None) | more, "overlap": 1, "annotations": [], "predictions": []}


def ask(client: TestClient, *tasks: dict[str, Any]) -> list[Any]:
    body = {"tasks": tasks, "project": "19.1795298484", "label_config": "<View/>", "params": {"login": None}}
    answer = client.post("/predict", json=body)
    assert answer.status_code == 200, answer.text
    results: list[Any] = answer.json()["results"]
    return results


def test_a_task_gets_what_a_push_would_suggest(client: TestClient, workspace: Workspace, sentence: Make) -> None:
    asked = [sentence(text) for text in ("The regime will fall.", "It is so.", "Ünïcode 🚀 will fly.")]
    model = load_chosen(workspace)
    expected = [[to_prediction(scores, model.schema)] for scores in model(asked)]
    assert ask(client, *map(task, asked)) == expected


def test_blind_tasks_and_those_of_others_get_nothing(client: TestClient, sentence: Make) -> None:
    one = sentence("The regime will fall.")
    others = {"id": 8, "data": {"image": "a.png"}}
    results = ask(client, task(one, blind=True), others, task(one), task(sentence("a" * 20_001)))
    assert [len(result) for result in results] == [0, 0, 1, 0]
    assert results[2][0]["model_version"] == "tiny"


def setup(client: TestClient, xml: str) -> Any:
    body = {"project": "19.1795298484", "schema": xml, "hostname": "http://localhost:8090", "access_token": TOKEN}
    return client.post("/setup", json=body)


def test_a_project_that_asks_the_same_is_set_up(client: TestClient, schema: LabelSchema) -> None:
    restyled = schema.xml.replace("#d9480f", "#000000")
    assert setup(client, restyled).json() == {"model_version": "tiny"}


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        ('value="Prediction"', 'value="Forecast"', "question 'claims': 'Forecast' unknown; 'Prediction' not asked for"),
        ('name="claims"', 'name="other"', "question 'other' is unknown; known are 'terms', 'claims'"),
        ('choice="multiple"', 'choice="single"', "question 'claims' asks for single choice, and is known as multiple"),
        ('value="None of these"', 'value="None"', "question 'claims' calls none of its labels 'None'"),
        ('"sentence"', '"txt"', "the project calls its text 'txt', and labeling_config.xml 'sentence'"),
        ("</View>", "", "not a labeling configuration"),
    ],
)
def test_a_project_that_asks_something_else_is_refused_with_what_differs(
    client: TestClient, schema: LabelSchema, was: str, is_now: str, said: str
) -> None:
    assert was in schema.xml
    answer = setup(client, schema.xml.replace(was, is_now))
    assert answer.status_code == 400
    assert said in answer.json()["detail"]


def test_of_a_project_that_asks_much_else_only_the_first_is_named(client: TestClient, schema: LabelSchema) -> None:
    many = "".join(f'<Choice value="c{number}"/>' for number in range(2_000))
    answer = setup(client, schema.xml.replace("</Choices>", f"{many}</Choices>"))
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith("'c8', 'c9' and 1990 more unknown")


def test_a_labeling_configuration_that_nobody_would_write_is_not_read(client: TestClient, schema: LabelSchema) -> None:
    assert setup(client, schema.xml + " " * 100_000).status_code == 422


def test_the_token_that_label_studio_hands_over_goes_nowhere(
    client: TestClient, workspace: Workspace, schema: LabelSchema, capfd: pytest.CaptureFixture[str]
) -> None:
    answers = [setup(client, schema.xml), setup(client, "<View/>"), client.get("/metrics")]
    assert not any(TOKEN in answer.text for answer in answers)
    files = (path for path in workspace.root.rglob("*") if path.is_file())
    assert not any(TOKEN.encode() in path.read_bytes() for path in files)
    assert TOKEN not in "".join(capfd.readouterr())


def counted(client: TestClient) -> float:
    lines = client.get("/metrics").text.splitlines()
    return float(next(line.split()[-1] for line in lines if line.startswith("annot_annotations_noticed_total")))


def test_webhooks_count_annotations_of_this_project(client: TestClient) -> None:
    project = {"id": 19, "title": "annot", "token": "x"}
    for body in (
        {"action": "ANNOTATION_CREATED", "annotation": {"id": 1, "result": []}, "project": project},
        {"action": "ANNOTATION_UPDATED", "annotation": {"id": 1}, "project": project},
        {"action": "ANNOTATIONS_CREATED", "annotation": [{"id": 2}, {"id": 3}], "project": project},
        {"action": "ANNOTATIONS_DELETED", "annotations": [{"id": 1}], "project": project},
        {"action": "ANNOTATION_CREATED", "annotation": {"id": 9}, "project": project | {"title": "another"}},
        {"action": "TASKS_CREATED", "project": project},
    ):
        assert client.post("/webhook", json=body).status_code == 200
    assert counted(client) == 4


def test_versions_are_listed(client: TestClient) -> None:
    assert client.get("/versions").json() == {"versions": ["tiny"], "in_use": "tiny"}
