"""How sources differ, as one HTML file: every label on one axis, and the differences that chance does not explain."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from annotate.quality.figure import Figure
from annotate.schema import LabelSchema
from annotate.scoring.display import place
from annotate.scoring.page import render_page
from annotate.scoring.report import label_styles
from annotate.scoring.source_formats import told_difference, told_p
from annotate.scoring.source_records import SourceDifference, SourceLabel, SourceProfile, SourceProfiles
from annotate.wording import visible


class DifferenceView(NamedTuple):
    """A difference with its label's place in the schema, and its p-value in words."""

    place: int
    name: str
    first: str
    second: str
    record: SourceDifference
    p: str


class LabelView(NamedTuple):
    """A label over all sources, the highest share first; ``at`` says where a share stands on their common axis."""

    place: int
    name: str
    rows: Sequence[tuple[SourceProfile, SourceLabel]]
    highest: float
    at: Callable[[float], str]
    differences: Sequence[DifferenceView]


def render_comparison(profiles: SourceProfiles, schema: LabelSchema) -> str:
    """Lay out sources beside each other, label by label."""
    return render_page(
        "comparison.html.j2",
        ["tables.css", "report.css", "sources.css"],
        rules=label_styles(schema),
        profiles=profiles,
        compared=[source for source in profiles.sources if not source.too_few],
        few=[source for source in profiles.sources if source.too_few],
        labels=list(_labels(profiles, schema)),
        difference=told_difference,
        difference_at=difference_axis(profiles),
    )


def view_differences(profiles: SourceProfiles, places: Mapping[str, int]) -> Iterator[DifferenceView]:
    """Yield the differences label by label, the surest first."""
    ranked = sorted(profiles.differences, key=lambda each: (places[each.label], each.p_adjusted is None, each.p or 0))
    for each in ranked:
        label, first, second = (visible(name) for name in (each.label, each.first, each.second))
        yield DifferenceView(places[each.label], label, first, second, each, told_p(each))


def difference_axis(profiles: SourceProfiles) -> Callable[[float], str]:
    """Return what says where a difference stands on the axis of all, which has none in its middle."""
    reach = max((end for each in profiles.differences for end in map(abs, _ends(each.difference))), default=0) or 1.0
    return lambda value: place(0.5 + value / (2 * reach))


def _labels(profiles: SourceProfiles, schema: LabelSchema) -> Iterator[LabelView]:
    places = {label.name: number for number, label in enumerate(schema.labels)}
    differences = list(view_differences(profiles, places))
    for name, number in places.items():
        rows = [(source, label) for source in profiles.sources for label in source.labels if label.label == name]
        rows.sort(key=lambda row: -(row[1].likely.value or 0))
        highest = max((end for _, label in rows for end in _ends(label.likely)), default=0) or 1.0
        mine = [each for each in differences if each.place == number]
        yield LabelView(number, visible(name), rows, highest, partial(_place_below, highest), mine)


def _place_below(highest: float, value: float) -> str:
    return place(value / highest)


def _ends(figure: Figure) -> Iterator[float]:
    return (end for end in (figure.value, figure.low, figure.high) if end is not None)
