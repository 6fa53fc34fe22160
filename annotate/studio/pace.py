"""How fast somebody works."""

from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import NamedTuple

_BREAK = 300  # seconds between two submissions after which somebody was away
_AT_LEAST = 60  # seconds of work below which a pace says nothing


class Submission(NamedTuple):
    """When something was submitted, and for how many seconds its page was open, if that is known."""

    at: datetime
    lead_time: float | None


def median_lead_time(submissions: Iterable[Submission]) -> float | None:
    """Return the median of the seconds that pages were open."""
    known = [each.lead_time for each in submissions if each.lead_time is not None]
    return median(known) if known else None


def per_hour(submissions: Iterable[Submission]) -> float | None:
    """Return submissions an hour of work; ``None`` for less than a minute of it.

    Work is the time since the submission before; after a break, and at the beginning, the time the page was open.
    """
    in_order = sorted(submissions, key=lambda each: each.at)
    worked = 0.0
    for before, each in zip([None, *in_order], in_order, strict=False):
        since = (each.at - before.at).total_seconds() if before else _BREAK + 1
        worked += since if since <= _BREAK else min(each.lead_time or 0, _BREAK)
    return len(in_order) * 3600 / worked if worked >= _AT_LEAST else None
