"""Texts and addresses to scores, for programs and for people."""

import asyncio
from pathlib import Path
from urllib.parse import urlencode

import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from annotate.config import Workspace
from annotate.corpus.segmentation import read_article
from annotate.errors import SourceError
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.reading import read_address
from annotate.server.served import NotReadyError, Served
from annotate.workflow.score import load_chosen, score_documents
from server.conftest import Serving

TEXT = "The Harbour Plan\n\nThe desperate regime will fall. Nobody knows <b>why</b>."


def test_a_text_scores_as_on_the_command_line(client: TestClient, workspace: Workspace) -> None:
    ((_, expected),) = score_documents(load_chosen(workspace), [read_article(TEXT)])
    found = client.post("/score", json={"sources": [{"text": TEXT}]}).json()
    assert found["model"] == "tiny"
    (result,) = found["results"]
    assert result["sentences"] == [score.model_dump(mode="json") for score in expected]
    assert result["profile"]["n_sentences"] == len(expected)


def test_a_source_that_cannot_be_read_has_its_error_in_its_place(client: TestClient) -> None:
    sources = [{"url": "http://127.0.0.1:1/"}, {"text": " \n "}, {"text": TEXT}]
    first, second, third = client.post("/score", json={"sources": sources}).json()["results"]
    assert first["error"] == "http://127.0.0.1:1/: not a public address, and no other is fetched here; send the text"
    assert "no sentence" in second["error"]
    assert third["error"] is None
    assert third["sentences"]


@pytest.mark.parametrize(
    "address",
    ["http://localhost/", "http://169.254.169.254/latest", "http://[::1]/", "file:///etc/passwd", "/etc/passwd"],
)
def test_addresses_lead_to_no_file_and_no_private_network(workspace: Workspace, address: str) -> None:
    with pytest.raises(SourceError):
        read_address(address, workspace, 1000)


@pytest.mark.parametrize(
    "body",
    [
        {"sources": []},
        {"sources": [{"text": TEXT}] * 33},
        {"sources": [{"text": "a" * 100_001}]},
        {"sources": [{"text": TEXT, "url": "https://example.org/"}]},
        {"sources": [{"url": "ftp://example.org/"}]},
        {"sources": [{"text": TEXT}], "more": 1},
    ],
)
def test_what_is_not_in_the_description_is_refused(client: TestClient, body: object) -> None:
    assert client.post("/score", json=body).status_code == 422


def test_without_a_model_it_is_said_how_to_get_one(serving: Serving, workspace: Workspace) -> None:
    (workspace.models / "in-use").unlink()
    with serving() as client:
        answer = client.post("/score", json={"sources": [{"text": TEXT}]})
        assert answer.status_code == 503
        assert "annot train" in answer.json()["detail"]
        assert client.post("/predict", json={"tasks": [{"data": {}}]}).json() == {"results": [[]]}
        assert "no model yet" in client.get("/").text


def post(client: TestClient, source: str) -> tuple[int, str]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/", content=urlencode({"source": source}), headers=headers)
    return answer.status_code, answer.text


def test_the_page_shows_a_text_as_the_report_does(client: TestClient) -> None:
    status, html = post(client, TEXT)
    assert status == 200
    assert "Style report" in html
    assert "The Harbour Plan" in html
    assert "&lt;b&gt;why&lt;/b&gt;" in html
    assert 'href="/"' in html


def test_a_text_is_never_taken_for_a_path(client: TestClient, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret will out.", "utf-8")
    for text in (str(secret), f"{secret} is a path."):
        assert "The secret will out" not in post(client, text)[1]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("http://127.0.0.1:1/?q=<script>", "not a public address"),
        ("", "paste the text"),
        ("a " * 60_000, "too long"),
        (" \n ", "paste the text"),
    ],
)
def test_what_is_wrong_is_shown_with_what_was_filled_in(client: TestClient, source: str, said: str) -> None:
    status, html = post(client, source)
    assert status == 400
    assert said in html
    assert "<script>" not in html
    assert str(escape(source)) in html


def test_a_server_that_fetches_nothing_says_so(serving: Serving) -> None:
    with serving(fetch=False) as client:
        assert "or its address" not in client.get("/").text
        (result,) = client.post("/score", json={"sources": [{"url": "https://example.org/"}]}).json()["results"]
        assert "fetches no addresses" in result["error"]


def test_no_more_addresses_are_waited_for_than_may(workspace: Workspace) -> None:
    live = Live(workspace, ServeOptions.model_validate({"limits": {"fetches": 1}}), Served(workspace), Listeners())

    async def both() -> None:
        async with live.turn_to_fetch(), live.turn_to_fetch():
            pass

    with pytest.raises(NotReadyError, match="too many addresses"):
        asyncio.run(both())
    assert live.n_fetching == 0
