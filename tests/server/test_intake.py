"""How much is taken in, and how answers are sealed."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from server.conftest import Serving


def test_bodies_are_bounded_whatever_they_say_of_themselves(serving: Serving) -> None:
    def dripping() -> Iterator[bytes]:
        yield from [b" " * 60, b" " * 60]

    with serving(limits={"body": 100}) as client:
        headers = {"Content-Type": "application/json"}
        assert client.post("/score", content=b" " * 101, headers=headers).status_code == 413
        assert client.post("/score", content=dripping(), headers=headers).status_code == 413
        assert client.post("/score", content=b" " * 99, headers=headers).status_code != 413


@pytest.mark.parametrize("path", ["/", "/health", "/versions", "/metrics", "/openapi.json", "/nowhere"])
def test_every_answer_is_sealed(client: TestClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://attacker.example"}).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert not [name for name in headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", ["/", "/health", "/versions", "/metrics", "/openapi.json"])
def test_what_can_be_read_can_be_asked_for_its_head(client: TestClient, path: str) -> None:
    head, whole = client.head(path), client.get(path)
    assert (head.status_code, head.headers["Content-Type"]) == (200, whole.headers["Content-Type"])


def test_what_is_wrong_is_told_without_what_was_sent(client: TestClient) -> None:
    answer = client.post("/setup", json={"access_token": "secret-of-label-studio", "schema": 7})
    assert answer.status_code == 422
    assert "schema" in answer.json()["detail"]
    assert "secret" not in answer.text


def test_figures_name_routes_and_never_paths(client: TestClient) -> None:
    client.get("/secret-path")
    client.get("/versions")
    found = client.get("/metrics").text
    assert 'annot_requests_total{method="GET",route="/versions",status="200"} 1.0' in found
    assert 'annot_model_in_use{version="tiny"} 1.0' in found
    assert "secret-path" not in found
