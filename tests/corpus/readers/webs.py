"""What tests of readers share: a function that reads sources to their end, a page, and a web server of one's own."""

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from annotate.corpus.readers.item import Item, RawText, SourceOptions
from annotate.corpus.readers.reading import read_item
from annotate.corpus.readers.sources import items_of
from annotate.errors import SourceError

SENTENCE = (
    "The army said on Monday that its soldiers had crossed the river, and that the town would fall before winter."
)
PARAGRAPHS = [SENTENCE.replace("Monday", day) for day in ("Monday", "Tuesday", "Friday")]


class Batch(NamedTuple):
    """What came of a batch of sources."""

    items: list[Item]
    texts: list[RawText]
    errors: list[str]
    notes: list[str]


def read(*sources: str | Path, options: SourceOptions | None = None, standard_input: bytes = b"") -> Batch:
    """Read sources to their end, items too."""
    batch = Batch([], [], [], [])
    options = options or SourceOptions()
    for found in items_of([str(s) for s in sources], options, batch.notes.append, BytesIO(standard_input)):
        try:
            if isinstance(found, SourceError):
                raise found
            batch.items.append(found)
            batch.texts.append(read_item(found))
        except SourceError as error:
            batch.errors.append(str(error))
    assert not any("\n" in line for line in batch.errors + batch.notes)
    return batch


class Answer(NamedTuple):
    """What the server answers on a path."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}


Answering = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A web site on this machine; ``asked`` are the requests that it got."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | list[Answer] | Answering] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                answer = site.pages.get(self.path, Answer(status=404))
                answer = answer.pop(0) if isinstance(answer, list) else answer
                if not isinstance(answer, Answer):
                    answer(self)
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


def page(*paragraphs: str, head: str = "", title: str = "Army Crosses River") -> str:
    """Write a page with an article."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html><head><title>{title} | The Daily</title>{head}</head><body>"
        f"<nav><a href='/'>Home</a></nav><article><h1>{title}</h1>{body}</article>"
        "<footer>© The Daily</footer></body></html>"
    )
