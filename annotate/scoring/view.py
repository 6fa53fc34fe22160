"""What the report shows of each article, ready to be laid out: no arithmetic is left to the page."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from annotate.annotation import ScoredSpan, Scores
from annotate.schema import LabelSchema
from annotate.scoring.display import percent, pieces, source_line, title_of
from annotate.scoring.people import Judged, judge
from annotate.scoring.profile import NOTHING_ELSE, Evidence, LabelProfile, Profile, Scored, profile_judged
from annotate.wording import visible

_EXCERPT = 72


class Sign(NamedTuple):
    """A label at one place in the text: its place in the schema, its name, and what a reader is told of it.

    ``by_people`` marks what people decided, in the place of the model's score.
    """

    place: int
    name: str
    told: str
    by_people: bool = False


class PieceView(NamedTuple):
    """A stretch of text, and the signs of the spans that cover it."""

    text: str
    signs: tuple[Sign, ...]


class SentenceView(NamedTuple):
    """A sentence: ``gap`` stands between it and the one before, ``signs`` are those of the sentence as a whole.

    ``differs`` says on what people and model differ; it is empty where they do not, or people have not answered.
    """

    anchor: str
    gap: str
    pieces: tuple[PieceView, ...]
    signs: tuple[Sign, ...]
    quoted: bool = False
    differs: str = ""


class Block(NamedTuple):
    """A paragraph or a headline."""

    headline: bool
    sentences: tuple[SentenceView, ...]


class Row(NamedTuple):
    """One label of a profile, and its examples as anchor and excerpt."""

    place: int
    name: str
    profile: LabelProfile
    examples: tuple[tuple[str, str], ...]


class ArticleView(NamedTuple):
    """An article; ``headline`` is its title with the labels it carries, if the text begins with it.

    ``anchors`` tells where on the page each sentence is, by its uid.
    """

    anchor: str
    title: str
    headline: Block | None
    source: str
    url: str
    profile: Profile
    rows: tuple[Row, ...]
    blocks: tuple[Block, ...]
    comments: tuple[Block, ...]
    has_furniture: bool
    anchors: Mapping[str, str]


def view_article(scored: Scored, schema: LabelSchema, number: int, evidence: Evidence = NOTHING_ELSE) -> ArticleView:
    """Prepare the article of that number in the report; raises what ``profile`` raises."""
    article, scores = scored
    judged = [judge(score, evidence.people, schema) for score in scores]
    summary = profile_judged(judged, schema, article, evidence)
    ordered = sorted(judged, key=lambda each: (each.score.start, each.score.end))
    anchors = {each.score.uid: f"a{number}-s{place}" for place, each in enumerate(ordered, start=1)}
    title = title_of(article, [each.score for each in ordered])
    own = [each for each in ordered if each.score.section != "comment"]
    comments = [each for each in ordered if each.score.section == "comment"]
    blocks = tuple(_blocks(own, schema, anchors))
    repeats_title = bool(blocks) and blocks[0].headline and _plain(blocks[0]) == title
    return ArticleView(
        anchor=f"a{number}",
        title=title,
        headline=blocks[0] if repeats_title else None,
        source=source_line(article),
        url=visible((article.url if article else None) or ""),
        profile=summary,
        rows=tuple(_rows(summary, [each.score for each in own], anchors)),
        blocks=blocks[1:] if repeats_title else blocks,
        comments=tuple(_blocks(comments, schema, anchors)),
        has_furniture=bool(article and article.furniture),
        anchors=anchors,
    )


def _rows(summary: Profile, own: Sequence[Scores], anchors: Mapping[str, str]) -> Iterator[Row]:
    texts = {score.uid: visible(score.text) for score in own}
    for index, row in enumerate(summary.labels):
        examples = tuple((anchors[uid], _excerpt(texts[uid])) for uid in row.examples)
        yield Row(index, visible(row.label), row, examples)


def _blocks(ordered: Sequence[Judged], schema: LabelSchema, anchors: Mapping[str, str]) -> Iterator[Block]:
    for (_, section), group in groupby(ordered, key=lambda each: (each.score.paragraph, each.score.section)):
        judged = list(group)
        places = [each.score for each in judged]
        # Sentences that touch are written without spaces, as Chinese is.
        gaps = ["", *("" if one.end == other.start else " " for one, other in pairwise(places))]
        sentences = (_sentence(j, schema, anchors[j.score.uid], gap) for j, gap in zip(judged, gaps, strict=True))
        yield Block(section == "headline", tuple(sentences))


def _sentence(judged: Judged, schema: LabelSchema, anchor: str, gap: str) -> SentenceView:
    score = judged.score
    places = {label.name: index for index, label in enumerate(schema.labels)}
    in_spans = {span.label for span in score.spans}
    # A span label decided without a span to show for it is told of the whole sentence, so that nothing gets lost.
    whole = sorted(set(score.decided) - in_spans, key=places.__getitem__)
    return SentenceView(
        anchor=anchor,
        gap=gap,
        pieces=tuple(PieceView(visible(text), _signs(spans, places, judged)) for text, spans in pieces(score)),
        signs=tuple(_sign(name, score.labels.get(name), places, judged) for name in whole),
        quoted=score.quotation == "whole",
        differs=_difference(judged, schema),
    )


def _signs(spans: Sequence[ScoredSpan], places: Mapping[str, int], judged: Judged) -> tuple[Sign, ...]:
    return tuple(_sign(span.label, span.score, places, judged) for span in spans)


def _sign(name: str, probability: float | None, places: Mapping[str, int], judged: Judged) -> Sign:
    by_people = name in judged.by_people
    if not by_people:
        unsure = ", which the model is too unsure of" if name in judged.model.unsure else ""
        return Sign(places[name], visible(name), f"probability {percent(probability)}{unsure}")
    suggested = percent(judged.model.labels.get(name))
    return Sign(places[name], visible(name), f"labelled by a person; the model’s probability {suggested}", by_people)


def _difference(judged: Judged, schema: LabelSchema) -> str:
    differing = [label.name for label in schema.labels if label.name in judged.differs]
    if not differing:
        return ""
    found = ", ".join(visible(name) for name in differing if name in judged.score.decided)
    missed = ", ".join(
        f"{visible(name)} ({percent(judged.model.labels.get(name))})"
        for name in differing
        if name not in judged.score.decided
    )
    parts = (f"people alone: {found}" if found else "", f"the model alone: {missed}" if missed else "")
    return "; ".join(part for part in parts if part)


def _plain(block: Block) -> str:
    return "".join(s.gap + "".join(piece.text for piece in s.pieces) for s in block.sentences)


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"
