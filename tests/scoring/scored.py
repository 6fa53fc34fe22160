"""Scores and schemas built by hand."""

from collections.abc import Mapping
from html.parser import HTMLParser

from annotate.annotation import ScoredSpan, Scores
from annotate.article import Section, sentence_uid
from annotate.schema import LabelSchema

XML = """<View><Text name="t" value="$sentence"/>
<Labels name="terms" toName="t"><Label value="Loaded term" background="#d9480f"/>{more_spans}</Labels>
<Choices name="claims" toName="t" choice="multiple">
<Choice value="Claim"/>{more_choices}<Choice value="None"/></Choices></View>"""

VOID = {"meta", "input", "img", "br", "hr", "link"}


def make_schema(more_spans: str = "", more_choices: str = "") -> LabelSchema:
    return LabelSchema.parse(XML.format(more_spans=more_spans, more_choices=more_choices))


def make_scores(
    text: str,
    labels: Mapping[str, float],
    spans: tuple[ScoredSpan, ...] = (),
    place: tuple[int, int, Section] = (0, 1, "body"),
    model: str = "m",
) -> Scores:
    """Build the scores of a sentence at its place (start, paragraph, section); a half or more is decided."""
    start, paragraph, section = place
    end = start + len(text)
    return Scores(
        uid=sentence_uid("a", start, end, text),
        article_id="a",
        start=start,
        end=end,
        text=text,
        paragraph=paragraph,
        section=section,
        model=model,
        labels=labels,
        spans=spans,
        decided=tuple(name for name, value in labels.items() if value >= 0.5),
    )


def make_span(text: str, part: str, label: str = "Loaded term", score: float = 0.9) -> ScoredSpan:
    start = text.index(part)
    return ScoredSpan(start=start, end=start + len(part), label=label, score=score)


class Page(HTMLParser):
    """A page's elements and text; fails where tags do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.text += data
