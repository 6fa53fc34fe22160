"""HTML that is an article through and through to lines: headings and paragraphs a line each."""

from html.parser import HTMLParser

# What no sentence stands in. Void elements (img, source) hold nothing and need not be named.
_DROPPED = frozenset({"script", "style", "pre", "figure", "table", "iframe", "video", "audio", "svg", "template"})
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "br", "dd", "div", "dl", "dt", "footer", "header", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "html", "li", "main", "nav", "ol", "p", "section", "title", "ul"),
    }
)


def lines_of(html: str) -> str:
    """Return the text without markup, a line for each block; preformatted text, tables and pictures are left out."""
    parser = _Lines()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Lines(HTMLParser):
    """Collects text; a line feed stands where a block starts or ends, and nowhere else."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._dropping: list[str] = []

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag in _DROPPED:
            self._dropping.append(tag)
        self._break_at(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping and tag == self._dropping[-1]:
            self._dropping.pop()
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.parts.append(data.replace("\n", " "))

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002 - as the base class has it
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:  # of no section that Python knows; to HTML it is a comment
            return self.parse_bogus_comment(i)

    def _break_at(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _DROPPED:
            self.parts.append("\n")
