"""Agreement as one HTML file, complete in itself: no network, no script, and the same bytes for the same labels."""

from itertools import groupby

from markupsafe import Markup

from annotate.quality.agreement.report import AgreementReport, Estimate, PartAgreement
from annotate.scoring.agreement_view import (
    CARE,
    Measured,
    basis,
    measured,
    remarks,
    spread,
    units,
    with_interval,
)
from annotate.scoring.display import visible
from annotate.scoring.page import environment, policy, read_asset


def render_agreement(report: AgreementReport) -> str:
    """Lay out a report of agreement, every figure with its interval drawn beside it."""
    style = "\n".join([read_asset("page.css"), read_asset("agreement.css")])
    template = environment().get_template("agreement.html.j2")
    found = measured(report)
    return template.render(
        report=report,
        measured=found,
        parts=_parts(found),
        basis=basis(report),
        remarks=list(remarks(report)),
        care=CARE,
        with_interval=with_interval,
        spread=spread,
        units=units,
        percent_of=_percent_of,
        visible=visible,
        # This package's own files: they hold no character of the labels.
        style=Markup(style),  # noqa: S704
        policy=policy(style),
    )


def _parts(found: list[Measured]) -> dict[str, list[tuple[str, str, PartAgreement]]]:
    """Return the parts of the sentences by what divides them, each with its name, the label and its figures."""
    rows = [(part.by, visible(part.name), name, part) for name, _, figures in found for part in figures.parts]
    rows.sort(key=lambda row: (row[0], row[1]))
    grouped = {by: [row[1:] for row in group] for by, group in groupby(rows, key=lambda row: row[0])}
    return {by: group for by, group in grouped.items() if len({name for name, _, _ in group}) > 1}


def _percent_of(estimate: Estimate) -> tuple[str, str, str] | None:
    """Return where a figure and the ends of its interval stand between 0 and 1, in percent; below 0 is at 0."""
    if estimate.value is None:
        return None
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    at, start, end = (f"{100 * max(0.0, min(1.0, value)):.1f}%" for value in (estimate.value, low, high))
    return at, start, end
