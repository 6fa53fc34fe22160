"""Profiles of sources as one HTML file, complete in itself, with the texts that their examples are from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from annotate.schema import LabelSchema
from annotate.scoring.corpus import Example
from annotate.scoring.display import percent, place, source_line, visible
from annotate.scoring.page import environment, policy, read_asset
from annotate.scoring.profile import NOTHING_ELSE, Evidence, Scored
from annotate.scoring.report import label_styles
from annotate.scoring.source_formats import told_difference, told_p
from annotate.scoring.source_records import SourceDifference, SourceLabel, SourceProfile, SourceProfiles, TrendPoint
from annotate.scoring.view import view_article

_WIDTH, _HEIGHT, _MARGIN = 300, 64, 6  # of a drawing of a trend


class Drawing(NamedTuple):
    """A trend as coordinates: the band of the intervals, the curve, and its points."""

    band: str
    curve: str
    points: tuple[tuple[float, float], ...]


class ExampleView(NamedTuple):
    """An example; ``anchor`` is its place in the text below, and empty where that is not shown."""

    anchor: str
    text: str
    told: str
    source: str


class LabelView(NamedTuple):
    """A label of a source, and its place in the schema."""

    place: int
    name: str
    record: SourceLabel
    drawing: Drawing | None
    examples: tuple[ExampleView, ...]


class SourceView(NamedTuple):
    """A source and its labels."""

    anchor: str
    name: str
    record: SourceProfile
    labels: tuple[LabelView, ...]


class DifferenceView(NamedTuple):
    """A difference with its label's place in the schema, and its p-value in words."""

    place: int
    name: str
    first: str
    second: str
    record: SourceDifference
    p: str


def render_sources(
    profiles: SourceProfiles, schema: LabelSchema, articles: Sequence[Scored] = (), evidence: Evidence = NOTHING_ELSE
) -> str:
    """Lay out sources, how they differ, and below them the articles that their examples are from."""
    style = "\n".join([*map(read_asset, ("page.css", "report.css", "sources.css")), label_styles(schema)])
    script = read_asset("report.js")
    views = [view_article(scored, schema, number, evidence) for number, scored in enumerate(articles, start=1)]
    anchors = {uid: anchor for view in views for uid, anchor in view.anchors.items()}
    places = {label.name: index for index, label in enumerate(schema.labels)}
    reach = max((abs(end) for each in profiles.differences for end in _ends(each)), default=1.0) or 1.0
    template = environment().get_template("sources.html.j2")
    return template.render(
        profiles=profiles,
        sources=list(_sources(profiles, places, anchors)),
        differences=list(_differences(profiles, places)),
        articles=views,
        labels=[(index, visible(label.name)) for index, label in enumerate(schema.labels)],
        span_labels={visible(name) for question in schema.span_questions for name in question.names},
        difference=told_difference,
        difference_at=lambda value: place(0.5 + value / (2 * reach)),
        share_at=place,
        visible=visible,
        # Neither holds a character of the articles: both are this package's own files and numbers read from colours.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        policy=policy(style, script),
    )


def _sources(profiles: SourceProfiles, places: Mapping[str, int], anchors: Mapping[str, str]) -> Iterator[SourceView]:
    for number, source in enumerate(profiles.sources, start=1):
        labels = (
            LabelView(
                place=places[label.label],
                name=visible(label.label),
                record=label,
                drawing=_draw(label.trend),
                examples=tuple(_example(example, anchors) for example in label.examples),
            )
            for label in source.labels
        )
        yield SourceView(f"source-{number}", visible(source.name), source, tuple(labels))


def _example(example: Example, anchors: Mapping[str, str]) -> ExampleView:
    told = "labelled by a person" if example.by_people else f"probability {percent(example.probability)}"
    title = visible(example.article.title or "")
    about = " · ".join(part for part in (title, source_line(example.article)) if part)
    return ExampleView(anchors.get(example.uid, ""), visible(example.text), told, about)


def _differences(profiles: SourceProfiles, places: Mapping[str, int]) -> Iterator[DifferenceView]:
    ranked = sorted(profiles.differences, key=lambda each: (places[each.label], each.p_adjusted is None, each.p or 0))
    for each in ranked:
        label, first, second = (visible(name) for name in (each.label, each.first, each.second))
        yield DifferenceView(places[each.label], label, first, second, each, told_p(each))


def _ends(difference: SourceDifference) -> Iterator[float]:
    figure = difference.difference
    return (end for end in (figure.value, figure.low, figure.high) if end is not None)


def _draw(trend: Sequence[TrendPoint]) -> Drawing | None:
    """Draw a trend from 0 up to its highest interval; fewer than two months are none."""
    known = [point for point in trend if point.share.value is not None]
    if len(known) <= 1:
        return None
    months = [12 * int(point.month[:4]) + int(point.month[5:]) for point in known]
    top = max(point.share.high or point.share.value or 0 for point in known) or 1.0

    def at(month: int, value: float) -> tuple[float, float]:
        across = (month - months[0]) / (months[-1] - months[0])
        x, y = (_MARGIN + part * (size - 2 * _MARGIN) for part, size in ((across, _WIDTH), (1 - value / top, _HEIGHT)))
        return round(x, 1), round(y, 1)

    values = [point.share.value or 0.0 for point in known]
    upper = [at(m, v if p.share.high is None else p.share.high) for m, v, p in zip(months, values, known, strict=True)]
    lower = [at(m, v if p.share.low is None else p.share.low) for m, v, p in zip(months, values, known, strict=True)]
    middle = [at(month, value) for month, value in zip(months, values, strict=True)]
    return Drawing(_points([*upper, *reversed(lower)]), _points(middle), tuple(middle))


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
