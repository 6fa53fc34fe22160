"""Profiles of sources as one HTML file, complete in itself, with the texts that their examples are from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from annotate.quality.figure import Figure
from annotate.schema import LabelSchema
from annotate.scoring.comparison_page import difference_axis, view_differences
from annotate.scoring.corpus import Example
from annotate.scoring.display import percent, source_line
from annotate.scoring.page import render_page
from annotate.scoring.profile import NOTHING_ELSE, Evidence, Scored
from annotate.scoring.report import label_names, label_styles
from annotate.scoring.source_formats import told_difference
from annotate.scoring.source_records import SourceLabel, SourceProfile, SourceProfiles
from annotate.scoring.view import view_article
from annotate.wording import visible

LEFT, RIGHT, TOP, BOTTOM = 30, 294, 8, 66  # of a drawing of a trend, as the page's axes are


class Drawing(NamedTuple):
    """A trend as coordinates: the band of the intervals, the curve, and its points; ``top`` is the share at the top."""

    band: str
    curve: str
    points: tuple[tuple[float, float], ...]
    top: float
    months: tuple[str, str]


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


def render_sources(
    profiles: SourceProfiles, schema: LabelSchema, articles: Sequence[Scored] = (), evidence: Evidence = NOTHING_ELSE
) -> str:
    """Lay out sources, how they differ, and below them the articles that their examples are from."""
    views = [view_article(scored, schema, number, evidence) for number, scored in enumerate(articles, start=1)]
    anchors = {uid: anchor for view in views for uid, anchor in view.anchors.items()}
    places = {label.name: index for index, label in enumerate(schema.labels)}
    return render_page(
        "sources.html.j2",
        ["tables.css", "report.css", "sources.css"],
        rules=label_styles(schema),
        script="report.js",
        profiles=profiles,
        sources=list(_sources(profiles, places, anchors)),
        views=list(view_differences(profiles, places)),
        articles=views,
        labels=label_names(schema),
        difference=told_difference,
        difference_at=difference_axis(profiles),
    )


def _sources(profiles: SourceProfiles, places: Mapping[str, int], anchors: Mapping[str, str]) -> Iterator[SourceView]:
    for number, source in enumerate(profiles.sources, start=1):
        labels = (
            LabelView(
                place=places[label.label],
                name=visible(label.label),
                record=label,
                drawing=_draw(label.course),
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


def _draw(course: Sequence[tuple[str, Figure]]) -> Drawing | None:
    """Draw shares by month, from 0 up to their highest interval; fewer than two months are none."""
    known = [(month, ends) for month, figure in course if (ends := _ends(figure)) is not None]
    if len(known) <= 1:
        return None
    months = [12 * int(month[:4]) + int(month[5:]) for month, _ in known]
    top = max(high for _, (_, _, high) in known) or 1.0

    def at(month: int, value: float) -> tuple[float, float]:
        across = (month - months[0]) / (months[-1] - months[0])
        return round(LEFT + across * (RIGHT - LEFT), 1), round(BOTTOM - value / top * (BOTTOM - TOP), 1)

    lower, middle, upper = (
        [at(month, ends[place]) for month, (_, ends) in zip(months, known, strict=True)] for place in range(3)
    )
    band, curve = _points([*upper, *reversed(lower)]), _points(middle)
    return Drawing(band, curve, tuple(middle), top, (known[0][0], known[-1][0]))


def _ends(figure: Figure) -> tuple[float, float, float] | None:
    """Return the ends of an interval around its value, which are the value itself where there are none."""
    value, low, high = figure.value, figure.low, figure.high
    return None if value is None else (value if low is None else low, value, value if high is None else high)


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
