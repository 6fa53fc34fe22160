"""What the report shows of each article, ready to be laid out: no arithmetic is left to the page."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from annotate.annotation import ScoredSpan, Scores
from annotate.schema import LabelSchema
from annotate.scoring.display import percent, pieces, source_line, title_of, visible
from annotate.scoring.profile import LabelProfile, Profile, Scored, profile

_EXCERPT = 72


class Sign(NamedTuple):
    """A label at one place in the text: its place in the schema, its name, and its probability in percent."""

    place: int
    name: str
    chance: str


class PieceView(NamedTuple):
    """A stretch of text, and the signs of the spans that cover it."""

    text: str
    signs: tuple[Sign, ...]


class SentenceView(NamedTuple):
    """A sentence: ``gap`` stands between it and the one before, ``signs`` are those of the sentence as a whole."""

    anchor: str
    gap: str
    pieces: tuple[PieceView, ...]
    signs: tuple[Sign, ...]


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
    """An article; ``headline`` is its title with the labels it carries, if the text begins with it."""

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


def view_article(scored: Scored, schema: LabelSchema, number: int) -> ArticleView:
    """Prepare the article of that number in the report; raises what ``profile`` raises."""
    article, scores = scored
    summary = profile(scores, schema, article)
    ordered = sorted(scores, key=lambda score: (score.start, score.end))
    anchors = {score.uid: f"a{number}-s{place}" for place, score in enumerate(ordered, start=1)}
    title = title_of(article, ordered)
    own = [score for score in ordered if score.section != "comment"]
    comments = [score for score in ordered if score.section == "comment"]
    blocks = tuple(_blocks(own, schema, anchors))
    repeats_title = bool(blocks) and blocks[0].headline and _plain(blocks[0]) == title
    return ArticleView(
        anchor=f"a{number}",
        title=title,
        headline=blocks[0] if repeats_title else None,
        source=source_line(article),
        url=visible((article.url if article else None) or ""),
        profile=summary,
        rows=tuple(_rows(summary, own, anchors)),
        blocks=blocks[1:] if repeats_title else blocks,
        comments=tuple(_blocks(comments, schema, anchors)),
        has_furniture=bool(article and article.furniture),
    )


def _rows(summary: Profile, own: Sequence[Scores], anchors: Mapping[str, str]) -> Iterator[Row]:
    texts = {score.uid: visible(score.text) for score in own}
    for index, row in enumerate(summary.labels):
        examples = tuple((anchors[uid], _excerpt(texts[uid])) for uid in row.examples)
        yield Row(index, visible(row.label), row, examples)


def _blocks(ordered: Sequence[Scores], schema: LabelSchema, anchors: Mapping[str, str]) -> Iterator[Block]:
    for (_, section), group in groupby(ordered, key=lambda score: (score.paragraph, score.section)):
        scores = list(group)
        # Sentences that touch are written without spaces, as Chinese is.
        gaps = ["", *("" if one.end == other.start else " " for one, other in pairwise(scores))]
        sentences = (_sentence(s, schema, anchors[s.uid], gap) for s, gap in zip(scores, gaps, strict=True))
        yield Block(section == "headline", tuple(sentences))


def _sentence(score: Scores, schema: LabelSchema, anchor: str, gap: str) -> SentenceView:
    places = {label.name: index for index, label in enumerate(schema.labels)}
    in_spans = {span.label for span in score.spans}
    # A span label decided without a span to show for it is told of the whole sentence, so that nothing gets lost.
    whole = sorted(set(score.decided) - in_spans, key=places.__getitem__)
    return SentenceView(
        anchor=anchor,
        gap=gap,
        pieces=tuple(PieceView(visible(text), _signs(spans, places)) for text, spans in pieces(score)),
        signs=tuple(Sign(places[name], visible(name), percent(score.labels.get(name))) for name in whole),
    )


def _signs(spans: Sequence[ScoredSpan], places: Mapping[str, int]) -> tuple[Sign, ...]:
    return tuple(Sign(places[span.label], visible(span.label), percent(span.score)) for span in spans)


def _plain(block: Block) -> str:
    return "".join(s.gap + "".join(piece.text for piece in s.pieces) for s in block.sentences)


def _excerpt(text: str) -> str:
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"
