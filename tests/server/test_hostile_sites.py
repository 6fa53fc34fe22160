"""Whatever a site answers to who fetches from it, the server has an answer for who asked."""

import threading
from collections.abc import Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from annotate.corpus.readers import addresses
from server.test_described import FEW

OK = b"HTTP/1.1 200 OK\r\n"
REDIRECTS = (b"http://[", b"//[::1", b"\xff", b"http://", b"//", b"http://127.0.0.1:99999/", b"file:///etc/passwd")
WAITS = (b"1e999", b"\xb2", b"Mon, 99 Foo", b"99999999999999")
BODIES = (b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"\x1f\x8b", b"<rss><channel>", b"<p>" * 10_000, b"WARC/1.0\r\n")
HOSTILE = [
    *(b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\n\r\n" for to in REDIRECTS),
    *(b"HTTP/1.1 429 Wait\r\nRetry-After: " + wait + b"\r\n\r\n" for wait in WAITS),
    *(
        OK + b"Content-Type: text/plain; charset=" + name + b"\r\n\r\n\xff"
        for name in (b"\xff", b"idna", b"hex", b"\0")
    ),
    *(OK + b"Content-Encoding: " + name + b"\r\n\r\n\xff\xfe" for name in (b"gzip", b"br", b"\xff")),
    *(OK + b"\r\n" + body for body in BODIES),
    *(b"", b"\xff", b"HTTP/1.1 99 x\r\n\r\n", OK + b"Content-Length: -1\r\n\r\nA"),
    OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
]


class Site(ThreadingTCPServer):
    """A site that answers every request with the same bytes, and asks nothing of robots."""

    daemon_threads = True
    answer = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/a"


class Handler(StreamRequestHandler):
    server: Site

    def handle(self) -> None:
        asked = b"".join(iter(self.rfile.readline, b"\r\n"))
        self.wfile.write(b"HTTP/1.1 404 Not Found\r\n\r\n" if b"robots.txt" in asked else self.server.answer)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Give a site on this machine, whose address passes for public."""
    monkeypatch.setattr(addresses, "is_public", lambda numeric: numeric == "127.0.0.1")
    with Site(("127.0.0.1", 0), Handler) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        site.shutdown()
        thread.join()


def error_at(client: TestClient, url: str) -> str | None:
    answer = client.post("/score", json={"sources": [{"url": url}]})
    assert answer.status_code == 200, answer.text
    error: str | None = answer.json()["results"][0]["error"]
    return error


def test_an_article_is_read(client: TestClient, site: Site) -> None:
    site.answer = OK + b"Content-Type: text/plain\r\n\r\nThe regime will fall."
    assert error_at(client, site.url) is None


@pytest.mark.parametrize("answer", HOSTILE)
def test_no_answer_makes_the_server_fail(client: TestClient, site: Site, answer: bytes) -> None:
    site.answer = answer
    error_at(client, site.url)


def test_no_header_makes_the_server_fail(client: TestClient, site: Site) -> None:
    @FEW
    @given(st.sampled_from([b"Content-Type", b"Content-Encoding", b"Content-Length"]), st.binary(max_size=20))
    def sent(name: bytes, value: bytes) -> None:
        site.answer = OK + name + b": " + value + b"\r\n\r\nThe regime will fall."
        error_at(client, site.url)

    sent()
