"""Scores made fit to be shown, on a page or a terminal."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from annotate.annotation import ScoredSpan, Scores
from annotate.article import UNNAMED, Article, Citation
from annotate.quality.figure import Figure
from annotate.wording import visible


class Piece(NamedTuple):
    """A stretch of a sentence's text, and the spans that cover the whole of it."""

    text: str
    spans: tuple[ScoredSpan, ...]


def pieces(score: Scores) -> tuple[Piece, ...]:
    """Cut a sentence where its spans start and end, so that spans that overlap can be shown."""
    edges = {0, len(score.text)} | {edge for span in score.spans for edge in (span.start, span.end)}
    return tuple(
        Piece(score.text[start:end], tuple(span for span in score.spans if span.start <= start and end <= span.end))
        for start, end in pairwise(sorted(edges))
    )


def title_of(article: Article | None, scores: Sequence[Scores]) -> str:
    """Return what to call an article: its title, else the address or the name of the file that it was read from."""
    source = (article.source if article is not None else None) or UNNAMED
    if article is not None and (article.title or source != UNNAMED):
        return visible(article.title or (source if "://" in source else PurePath(source).name))
    name = article.id if article is not None else next((score.article_id for score in scores), None)
    return f"Untitled text {visible(name)}" if name else "Untitled text"


def source_line(article: Article | Citation | None) -> str:
    """Return outlet, author and date, as far as they are known."""
    if article is None:
        return ""
    return " · ".join(visible(part) for part in (article.outlet, article.author, article.published) if part)


def model_name(model: str) -> str:
    """Return a model's name, without the mark that tells it from people."""
    return visible(model.removeprefix("model:"))


def percent(value: float | None) -> str:
    """Write a share for people: 0.254 is 25%, what is nearly none or nearly all never looks like it, ``None`` is –."""
    if value is None:
        return "–"
    if 0 < value < 0.005:  # noqa: PLR2004
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else f"{value:.0%}"  # noqa: PLR2004


def interval(figure: Figure, digits: int | None = None) -> str:
    """Write a figure with its 95 % interval in brackets: as percent, or as a number with so many decimals."""
    if figure.value is None:
        return "not to be told"
    value, *ends = (
        percent(end) if digits is None else f"{end:,.{digits}f}"
        for end in (figure.value, figure.low, figure.high)
        if end is not None
    )
    return f"{value} [{', '.join(ends)}]" if ends else value


def place(value: float) -> str:
    """Write where a share stands between 0 and 1, for a drawing."""
    return f"{100 * max(0.0, min(1.0, value)):.1f}%"
