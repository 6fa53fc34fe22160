"""A measured number with its interval, as it is stored and shown."""

import math
from typing import Self

from annotate.quality.bootstrap import Floats, interval
from annotate.record import Record


class Figure(Record):
    """A number and the ends of its 95 % interval; what is undefined is ``None``."""

    value: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def measured(cls, value: float, resampled: Floats, n_articles: int) -> Self:
        """Put a number together with its values on resamples of the articles; ``nan`` is undefined.

        A single article gives no interval, for all its resamples are alike.
        """
        if n_articles > 1:
            return cls.with_interval(value, resampled)
        return cls(value=value if math.isfinite(value) else None)

    @classmethod
    def with_interval(cls, value: float, drawn: Floats) -> Self:
        """Put a number together with values that it could have had; ``nan`` is undefined."""
        if not math.isfinite(value):
            return cls(value=None)
        ends = interval(drawn)
        return cls(value=value) if ends is None else cls(value=value, low=ends.low, high=ends.high)
