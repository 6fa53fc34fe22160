"""Whatever a server answers is one line, and never the token, a cookie or a page of HTML."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket

import pytest

from annotate.errors import StudioBusyError, StudioError
from annotate.studio.client import Studio
from annotate.studio.entities import Project

TOKEN = "3f7a-of-my-account"
PROJECT = Project(1, "annot", "<View/>", "", None)
Serve = Callable[..., Studio]


class _Server(ThreadingHTTPServer):
    """A server that gives one answer to everything, and keeps what it was asked."""

    status = 200
    body = b"{}"
    kind = "application/json"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.tokens: list[str | None] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.tokens.append(self.headers.get("Authorization"))
        self.send_response(self.server.status)
        self.send_header("Content-Type", self.server.kind)
        self.send_header("Set-Cookie", "sessionid=secret-cookie")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - its base looks for them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base calls it so
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def studio(server: _Server) -> Iterator[Studio]:
    with Studio(f"http://127.0.0.1:{server.server_port}/", TOKEN, timeout=10) as studio:
        yield studio


def refusal(ask: Callable[[], object], *secrets: str) -> str:
    """Return the one line by which a request is refused, after a look for what it must not tell."""
    with pytest.raises(StudioError) as refused:
        ask()
    line = str(refused.value)
    assert "\n" not in line
    assert len(line) < 300
    assert not [secret for secret in (TOKEN, "secret-cookie", "sessionid", *secrets) if secret in line]
    assert line.startswith("http://127.0.0.1:")
    return line


def answer(server: _Server, status: int, body: object, kind: str = "application/json") -> None:
    server.status, server.kind = status, kind
    server.body = body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_told_without_it(server: _Server, studio: Studio, status: int) -> None:
    answer(server, status, {"detail": f"Invalid token {TOKEN}."})
    assert "the token is refused; set LABEL_STUDIO_API_KEY" in refusal(lambda: studio.find_project("annot"))
    assert server.tokens == [f"Token {TOKEN}"]


def test_a_page_of_html_is_not_repeated(server: _Server, studio: Studio) -> None:
    answer(server, 500, b"<html><pre>Traceback\n  secret-cookie</pre></html>", "text/html")
    line = refusal(lambda: studio.set_instruction(PROJECT, "<p/>"), "<html>", "Traceback")
    assert line.endswith("Label Studio refuses (HTTP 500): it does not say why")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"validation_errors": {"label_config": ["Unknown tag:\n <Foo>", "No name"], "title": ["Too\tlong"]}},
            "Unknown tag: <Foo>; No name; Too long",
        ),
        (
            {"validation_errors": {"non_field_errors": ["Not in config :: {'echo': 'of the request'}"]}},
            "Not in config",
        ),
        ({"detail": [{"task": ["A field is missing"]}, "Another"]}, "A field is missing; Another"),
        ({"detail": "Not found."}, "Not found."),
        ({"validation_errors": None, "detail": None}, "it does not say why"),
        ({}, "it does not say why"),
        (["a list"], "it does not say why"),
    ],
)
def test_what_a_refusal_says_is_flattened_into_a_line(server: _Server, studio: Studio, body: object, said: str) -> None:
    answer(server, 400, body)
    line = refusal(lambda: studio.set_config(PROJECT, "<View/>"))
    assert line.endswith(f": Label Studio refuses (HTTP 400): {said}")


@pytest.mark.parametrize(
    "ask",
    [
        lambda studio: studio.create_project("annot", "<View/>", ""),
        lambda studio: studio.set_config(PROJECT, "<View/>"),
        lambda studio: studio.show_version(PROJECT, "v1"),
        lambda studio: studio.import_tasks(PROJECT, [{"data": {}}]),
        lambda studio: studio.import_predictions(PROJECT, [{"task": 1, "result": []}]),
        lambda studio: studio.change_task(1, overlap=2),
        lambda studio: studio.delete_tasks(PROJECT, [1]),
        lambda studio: studio.delete_predictions(PROJECT, [1]),
        lambda studio: studio.rename_project(1, "annot"),
    ],
    ids=[
        *("create", "configure", "show", "import tasks", "import predictions"),
        *("change task", "delete tasks", "delete predictions", "rename project"),
    ],
)
def test_what_changes_something_is_asked_for_once(
    server: _Server, studio: Studio, ask: Callable[[Studio], object]
) -> None:
    answer(server, 503, {"detail": "Busy."})
    assert "Busy." in refusal(lambda: ask(studio))
    assert len(server.asked) == 1


@pytest.mark.parametrize(("status", "may_pass"), [(500, True), (503, True), (429, True), (400, False), (404, False)])
def test_a_failure_that_may_pass_is_told_from_a_refusal(
    server: _Server, studio: Studio, status: int, may_pass: bool
) -> None:
    answer(server, status, {})
    with pytest.raises(StudioError) as refused:
        studio.import_tasks(PROJECT, [{"data": {}}])
    assert isinstance(refused.value, StudioBusyError) == may_pass


def test_a_selection_of_no_tasks_is_not_sent(server: _Server, studio: Studio) -> None:
    studio.delete_tasks(PROJECT, [])
    studio.delete_predictions(PROJECT, [])
    assert [*studio.tasks_among(PROJECT, []), *studio.export(PROJECT, [])] == server.asked == []


def test_nobody_at_the_address_is_told() -> None:
    with socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with Studio(f"http://127.0.0.1:{nobody.getsockname()[1]}", TOKEN, timeout=10) as studio:
            line = refusal(lambda: studio.set_instruction(PROJECT, ""))
    assert "Label Studio does not answer (ConnectError); see `annot studio status`" in line


ANSWERS: Sequence[tuple[bytes, str]] = [
    (b"<html>Welcome to my router</html>", "text/html"),
    (b"", "text/plain"),
    (b"[1, 2", "application/json"),
]
# JSON, but none of Label Studio's; and bytes that are text in no encoding.
OTHER_JSON: Sequence[bytes] = [b'{"results": 5, "tasks": 5}', b'"a string"', b"\xff\xfe\x00"]
ASK = pytest.mark.parametrize(
    "ask",
    [
        lambda studio: studio.find_project("annot"),
        lambda studio: list(studio.tasks(PROJECT)),
        lambda studio: studio.create_project("annot", "<View/>", ""),
        lambda studio: list(studio.export(PROJECT)),
    ],
    ids=["find", "tasks", "create", "export"],
)


@pytest.mark.parametrize(("body", "kind"), ANSWERS)
@ASK
def test_an_answer_that_is_not_label_studios_is_told(
    server: _Server, studio: Studio, ask: Callable[[Studio], object], body: bytes, kind: str
) -> None:
    answer(server, 200, body, kind)
    refusal(lambda: ask(studio), "router")


@pytest.mark.parametrize("body", OTHER_JSON)
@ASK
def test_json_of_another_shape_is_told(
    server: _Server, studio: Studio, ask: Callable[[Studio], object], body: bytes
) -> None:
    answer(server, 200, body)
    refusal(lambda: ask(studio))


def test_a_title_that_no_project_has_finds_none(server: _Server, studio: Studio) -> None:
    answer(server, 200, {"count": 0, "results": [], "next": None, "previous": None})
    assert studio.find_project("annot") is None
    assert "title=annot" in server.asked[0]
