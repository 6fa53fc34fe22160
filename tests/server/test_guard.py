"""Who is let in, and who is not."""

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from annotate.errors import ConfigError
from annotate.server.options import ServeOptions
from server.conftest import Serving

TOKEN = "correct-horse-battery"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_no_address_but_loopback_is_served_without_a_token(host: str) -> None:
    with pytest.raises(ConfigError, match="--token"):
        ServeOptions(host=host).check()
    ServeOptions(host=host, token=SecretStr(TOKEN)).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.9.9.9"])
def test_loopback_is_served_without_a_token(host: str) -> None:
    ServeOptions(host=host).check()


def test_an_address_outside_is_served_with_a_token_alone() -> None:
    """A proxy on this machine hands on what others ask."""
    with pytest.raises(ConfigError, match=r"annot\.example\.org: other machines .* --token"):
        ServeOptions(address="https://annot.example.org").check()
    ServeOptions(address="https://annot.example.org", token=SecretStr(TOKEN)).check()
    ServeOptions(address="http://localhost:9091").check()


@pytest.mark.parametrize(
    ("host", "studio"),
    [("0.0.0.0", None), ("::", "https://studio.example.org"), ("127.0.0.1", "https://studio.example.org")],
)
def test_where_label_studio_does_not_reach_the_server_an_address_is_asked_for(host: str, studio: str | None) -> None:
    options = ServeOptions(host=host, token=SecretStr(TOKEN), connect=True)
    with pytest.raises(ConfigError, match="--address"):
        options.check(studio)
    options.model_copy(update={"address": "https://annot.example.org"}).check(studio)
    options.model_copy(update={"connect": False}).check(studio)


def test_label_studio_on_this_machine_reaches_a_server_on_loopback() -> None:
    ServeOptions(connect=True).check("http://localhost:8080")


def test_a_name_that_leads_here_reads_nothing(client: TestClient) -> None:
    assert client.get("/versions").status_code == 200
    assert client.get("/versions", headers={"Host": "attacker.example"}).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://attacker.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_pages_of_other_sites_post_nothing(client: TestClient, headers: dict[str, str]) -> None:
    body = {"action": "START_TRAINING"}
    assert client.post("/webhook", json=body, headers=headers).status_code == 403
    own = {"Origin": "http://localhost:9090", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/webhook", json={"action": "PROJECT_UPDATED"}, headers=own).status_code == 200


def test_a_page_cannot_send_json_as_if_it_were_a_form(client: TestClient) -> None:
    answer = client.post("/webhook", content=b'{"action":"START_TRAINING"}', headers={"Content-Type": "text/plain"})
    assert answer.status_code == 422


def test_a_token_is_taken_as_bearer_and_as_password(serving: Serving) -> None:
    with serving(token=TOKEN) as client:
        assert client.get("/versions").headers["WWW-Authenticate"].startswith("Basic")
        assert client.get("/versions", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert client.get("/versions", auth=("annot", TOKEN)).status_code == 200
        assert client.get("/health").status_code == 200


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer x", "Basic !!!", "Basic eA==", "Bearer é", f"Token {TOKEN}"])
def test_anything_else_is_refused(serving: Serving, given: str) -> None:
    with serving(token=TOKEN) as client:
        headers = {b"Authorization": given.encode("utf-8")}
        assert client.get("/versions", headers=headers).status_code == 401


def test_who_guesses_tokens_is_kept_out_for_a_while(serving: Serving) -> None:
    with serving(token=TOKEN, limits={"logins": 2}) as client:
        wrong = [client.get("/versions", auth=("annot", guess)).status_code for guess in ("a", "b", "c")]
        assert wrong == [401, 401, 429]
        assert client.get("/versions", auth=("annot", TOKEN)).status_code == 429


def test_who_gives_no_token_has_guessed_none(serving: Serving) -> None:
    with serving(token=TOKEN, limits={"logins": 2}) as client:
        assert [client.get("/versions").status_code for _ in range(5)] == [401] * 5
        assert client.get("/versions", auth=("annot", TOKEN)).status_code == 200


def test_a_client_that_sends_too_much_is_told_to_wait(serving: Serving) -> None:
    with serving(limits={"scorings": 1}) as client:
        body = {"sources": [{"text": "It will rain."}]}
        assert [client.post("/score", json=body).status_code for _ in range(2)] == [200, 429]
        assert client.get("/versions").status_code == 200
