"""What is stored and shown of sources: their profiles, trends and differences."""

from typing import Annotated, Literal

from pydantic import Field

from annotate.annotation import Probability
from annotate.quality.figure import Figure
from annotate.record import Record
from annotate.schema import Kind
from annotate.scoring.corpus import Example
from annotate.scoring.profile import Count

By = Literal["outlet", "author", "month"]
Match = Literal["month", "topic"]


class _Shares(Record):
    """A share by the model's threshold or people's answers, and what is likely there after the model's errors."""

    share: Figure
    adjusted_share: Figure | None

    @property
    def likely(self) -> Figure:
        """The adjusted share where it is known, else the share."""
        return self.share if self.adjusted_share is None else self.adjusted_share


class TrendPoint(_Shares):
    """A month (``2024-05``) of a source, and the share of its sentences that carry the label."""

    month: str
    n_articles: Count
    n_scored: Count


class SourceLabel(_Shares):
    """What the sentences of a source come to for one label; intervals are by resampling articles.

    ``share`` is the part of the sentences that carry it by the model's threshold, or by people, who have answered
    ``n_by_people``. ``adjusted_share`` is what is likely there, with the model's errors in the interval too (see
    ``scoring.adjusted``). ``outside_quotations`` and ``inside_quotations`` are shares as well. ``trend`` has the months
    with enough articles, and ``change_per_year`` is the slope of the share over the days of publication,
    ``adjusted_change_per_year`` that of what is likely there.
    """

    label: str
    kind: Kind
    n_scored: Count
    n_by_people: Count
    n_decided: Count
    outside_quotations: Figure
    inside_quotations: Figure
    spans_per_1000_words: Figure | None
    trend: tuple[TrendPoint, ...]
    change_per_year: Figure | None
    adjusted_change_per_year: Figure | None
    examples: tuple[Example, ...]

    @property
    def is_adjusted(self) -> bool:
        """Whether it can be told what is likely there."""
        return self.adjusted_share is not None and self.adjusted_share.value is not None

    @property
    def course(self) -> list[tuple[str, Figure]]:
        """By month what is likely there where that can be told, else the share."""
        return [(point.month, point.likely if self.is_adjusted else point.share) for point in self.trend]

    @property
    def change(self) -> Figure | None:
        """The slope of that course."""
        return self.adjusted_change_per_year if self.is_adjusted else self.change_per_year


class SourceProfile(Record):
    """A source; ``labels`` is empty where its articles are ``too_few`` to say. ``first`` and ``last`` are days."""

    name: str
    n_articles: Count
    n_sentences: Count
    too_few: bool
    first: str | None
    last: str | None
    labels: tuple[SourceLabel, ...]


class SourceDifference(Record):
    """How much more of the first source's sentences carry a label than of the second's, in shares.

    ``adjusted`` is the difference that is likely there, for a model that errs hides a part of every difference.
    ``p_adjusted`` is the p-value corrected for all comparisons made. With matching, it is the mean over what both
    sources have articles of, ``n_matched`` in all.
    """

    label: str
    first: str
    second: str
    difference: Figure
    adjusted: Figure | None
    p: Probability | None
    p_adjusted: Probability | None
    n_matched: Count
    n_strata: Annotated[int, Field(ge=0)]


class Stratum(Record):
    """A month or topic in which sources are compared, and how many articles each of them has there."""

    name: str
    n_articles: dict[str, Count]


class SourceProfiles(Record):
    """The profiles of sources, by one model, and what a reader must know beside them."""

    model: str | None
    by: By
    match: Match | None
    minimum: Annotated[int, Field(ge=2)]
    n_articles: Count
    sources: tuple[SourceProfile, ...]
    differences: tuple[SourceDifference, ...]
    common_ground: tuple[Stratum, ...]
    notes: tuple[str, ...]
