"""Agreement as one HTML file, complete in itself: no network, no script, and the same bytes for the same labels."""

from itertools import groupby

from annotate.quality.agreement.report import AgreementReport, PartAgreement
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
from annotate.scoring.page import render_page
from annotate.wording import visible


def render_agreement(report: AgreementReport) -> str:
    """Lay out a report of agreement, every figure with its interval drawn beside it."""
    found = measured(report)
    return render_page(
        "agreement.html.j2",
        ["tables.css", "agreement.css"],
        report=report,
        measured=found,
        parts=_parts(found),
        basis=basis(report),
        remarks=list(remarks(report)),
        care=CARE,
        with_interval=with_interval,
        spread=spread,
        units=units,
    )


def _parts(found: list[Measured]) -> dict[str, list[tuple[str, str, PartAgreement]]]:
    """Return the parts of the sentences by what divides them, each with its name, the label and its figures."""
    rows = [(part.by, visible(part.name), name, part) for name, _, figures in found for part in figures.parts]
    rows.sort(key=lambda row: (row[0], row[1]))
    grouped = {by: [row[1:] for row in group] for by, group in groupby(rows, key=lambda row: row[0])}
    return {by: group for by, group in grouped.items() if len({name for name, _, _ in group}) > 1}
