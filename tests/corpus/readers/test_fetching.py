"""Fetching is guarded, bounded and gentle."""

import gzip
import socket
import ssl
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from annotate.corpus.readers import addresses
from annotate.corpus.readers.fetch import Fetcher
from annotate.corpus.readers.item import FetchLimits, SourceOptions
from annotate.errors import SourceError
from readers.webs import Answer, Site, page, read

PAGE = Answer(page().encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def redirect(to: str) -> Answer:
    return Answer(status=302, headers={"Location": to})


def test_an_address_is_read_as_an_article(site: Site, near: SourceOptions) -> None:
    site.pages["/a"] = PAGE
    batch = read(f"{site.url}/a", options=near)
    assert (batch.texts[0].known.title, batch.texts[0].known.url) == ("Army Crosses River", f"{site.url}/a")
    assert batch.texts[0].known.found_in == {"title": "markup", "url": "address"}
    assert (batch.items[0].key, batch.errors) == (f"{site.url}/a", [])


def test_a_host_of_this_machine_is_refused_and_not_asked(site: Site) -> None:
    (error,) = read(f"{site.url}/a").errors
    assert error == f"{site.url}/a: leads to 127.0.0.1, which is not a public address; allow it with --allow-private"
    assert site.asked == []


def test_a_redirect_is_checked_like_the_first_address(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # The test's own host passes for public, and nothing else of this machine does.
    monkeypatch.setattr(addresses, "is_public", lambda numeric: numeric == "127.0.0.1")
    port = site.server.server_port
    site.pages["/a"] = redirect(f"http://127.0.0.2:{port}/secret")
    (error,) = read(f"{site.url}/a", options=SourceOptions(limits=FetchLimits(delay=0))).errors
    assert error.startswith(f"http://127.0.0.2:{port}/secret: leads to 127.0.0.2, which is not a public address")
    assert site.paths == ["/a"]


def test_what_was_checked_is_connected_to(site: Site, near: SourceOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that can be resolved once for robots.txt and once for the page, and never for connecting.
    resolve, answers = socket.getaddrinfo, iter(["127.0.0.1", "127.0.0.1"])
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: resolve(next(answers) if host == "a.example" else host, *a, **k)
    )
    site.pages["/a"] = PAGE
    address = f"http://a.example:{site.server.server_port}"
    assert Fetcher(near.limits, allow_private=True).fetch(f"{address}/a").data == PAGE.body
    assert {headers["Host"] for _, headers in site.asked} == {address.removeprefix("http://")}


def test_redirects_are_followed_so_far_and_no_further(site: Site, near: SourceOptions) -> None:
    site.pages |= {"/a": redirect("b"), "/b": redirect("/c"), "/c": PAGE, "/loop": redirect("/loop")}
    assert read(f"{site.url}/a", options=near).texts[0].known.url == f"{site.url}/c"
    assert read(f"{site.url}/loop", options=near).errors == [
        f"{site.url}/loop: redirected more than 5 times; check the address"
    ]


def test_a_redirect_out_of_the_web_is_refused(site: Site, near: SourceOptions) -> None:
    site.pages["/a"] = redirect("file:///etc/passwd")
    (error,) = read(f"{site.url}/a", options=near).errors
    assert error.startswith("file:///etc/passwd: only addresses that begin with")


@pytest.mark.parametrize("drips", ["headers", "body"])
def test_a_server_that_drips_is_given_up(site: Site, drips: str) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if drips == "body" else b""))
        try:
            for _ in range(100):
                handler.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            pass  # the other side has shut the connection

    site.pages["/a"] = drip
    start = time.monotonic()
    with pytest.raises(SourceError, match=r"/a: took longer than 0\.4 seconds"):
        Fetcher(FetchLimits(seconds=0.4, delay=0), allow_private=True).fetch(f"{site.url}/a")
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("packed", [False, True])
def test_a_body_that_is_too_large_is_given_up_also_unpacked(site: Site, packed: bool) -> None:
    body = b"a" * 3_000_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    site.pages["/a"] = Answer(gzip.compress(body) if packed else body, headers=headers)
    with pytest.raises(SourceError, match="/a: over 2 MB, too large to fetch"):
        Fetcher(FetchLimits(largest=2_000_000, delay=0), allow_private=True).fetch(f"{site.url}/a")


def test_a_redirect_to_what_is_no_address_is_told(site: Site, near: SourceOptions) -> None:
    site.pages["/a"] = redirect("http://[")
    (error,) = read(f"{site.url}/a", options=near).errors
    assert error == f"{site.url}/a: redirected to what is no address; check the address"


def test_all_requests_for_an_address_have_one_limit_of_time(site: Site) -> None:
    def slow(request: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        request.send_response(302)
        request.send_header("Location", f"{request.path}a")
        request.end_headers()

    site.pages |= {f"/{'a' * length}": slow for length in range(1, 6)}
    limits = FetchLimits(seconds=5, total=0.5, delay=0)
    with pytest.raises(SourceError, match=r"/a+: (all in all it )?took longer than"):
        Fetcher(limits, allow_private=True).fetch(f"{site.url}/a")
    assert 1 <= len(site.paths) <= 2


def test_robots_txt_is_obeyed_and_asked_for_once(site: Site, near: SourceOptions) -> None:
    site.pages |= {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private/\nDisallow: /*?print=\nAllow: /private/a$"),
        "/private/a": PAGE,
        "/private/b": PAGE,
        "/c?print=1": PAGE,
    }
    batch = read(*(f"{site.url}{path}" for path in ("/private/a", "/private/b", "/c?print=1")), options=near)
    assert [error.partition(": ")[2][:10] for error in batch.errors] == ["robots.txt"] * 2
    assert [path for path, _ in site.asked] == ["/robots.txt", "/private/a"]


def test_a_site_whose_robots_txt_fails_is_left_alone(site: Site, near: SourceOptions) -> None:
    site.pages |= {"/robots.txt": Answer(status=500), "/a": PAGE}
    assert read(f"{site.url}/a", options=near).errors == [
        f"{site.url}/robots.txt: the server answers with status 500; try again later"
    ]
    assert site.paths == []


def test_requests_to_one_host_keep_their_distance(site: Site) -> None:
    site.pages |= {"/a": PAGE, "/b": PAGE}
    fetcher = Fetcher(FetchLimits(delay=0.2), allow_private=True)
    start = time.monotonic()
    for path in ("/a", "/b"):
        fetcher.fetch(site.url + path)
    assert 0.4 <= time.monotonic() - start < 2  # robots.txt is a request too


def test_a_server_that_asks_for_time_gets_it_within_limits(site: Site, near: SourceOptions) -> None:
    busy = Answer(status=429, headers={"Retry-After": "0"})
    site.pages |= {"/a": [busy, PAGE], "/b": Answer(status=503, headers={"Retry-After": "3600"}), "/c": busy}
    batch = read(f"{site.url}/a", f"{site.url}/b", f"{site.url}/c", options=near)
    assert len(batch.texts) == 1
    assert batch.errors == [
        f"{site.url}/b: the server wants 3600 seconds between requests; try again later",
        f"{site.url}/c: the server answers with status 429; check the address",
    ]
    assert site.paths == ["/a", "/a", "/b", "/c", "/c", "/c"]


def test_a_wait_that_is_no_number_is_none(site: Site, near: SourceOptions) -> None:
    site.pages["/a"] = Answer(status=429, headers={"Retry-After": "²"})
    assert read(f"{site.url}/a", options=near).errors == [
        f"{site.url}/a: the server answers with status 429; check the address"
    ]


def test_the_robot_gives_its_name_and_keeps_no_cookies(site: Site, near: SourceOptions) -> None:
    site.pages["/a"] = PAGE._replace(headers={"Set-Cookie": "id=1"})
    read(f"{site.url}/a", f"{site.url}/a", options=near)
    assert all(headers["User-Agent"].startswith("annotate/") and "Cookie" not in headers for _, headers in site.asked)


def test_the_encoding_that_a_server_declares_is_used(site: Site, near: SourceOptions) -> None:
    html = page("Армия перешла реку в понедельник, и город падёт до зимы, сказал генерал журналистам. " * 4)
    site.pages["/a"] = Answer(html.encode("koi8-r", "replace"), headers={"Content-Type": "text/html; charset=koi8-r"})
    assert "сказал генерал" in read(f"{site.url}/a", options=near).texts[0].text


def test_nobody_at_home_is_one_line(site: Site, near: SourceOptions) -> None:
    batch = read("http://127.0.0.1:1/a", "http://no-such-host.invalid/", f"{site.url}/gone", options=near)
    assert [error.split(": ")[0] for error in batch.errors] == [
        "http://127.0.0.1:1/robots.txt",
        "http://no-such-host.invalid/",
        f"{site.url}/gone",
    ]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Give a file with a key and a certificate for ``localhost``, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), 1, now - timedelta(hours=1), now + timedelta(hours=1)
    )
    signed = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(key, SHA256())
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "localhost.pem").write_bytes(plain + signed.public_bytes(Encoding.PEM))
    return tmp_path / "localhost.pem"


def test_a_certificate_must_be_trusted_and_for_the_name_in_the_address(
    site: Site, near: SourceOptions, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)
    site.pages["/a"] = PAGE
    named, numbered = (f"https://{host}:{site.server.server_port}/a" for host in ("localhost", "127.0.0.1"))
    assert "certificate verify failed" in read(named, options=near).errors[0]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert len(read(named, options=near).texts) == 1
    assert "certificate" in read(numbered, options=near).errors[0]
