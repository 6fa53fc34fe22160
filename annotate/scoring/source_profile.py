"""From articles to sources: shares with intervals by resampling articles, and trends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from annotate.quality.bootstrap import Bootstrap, Floats, interval, ratio
from annotate.quality.figure import Figure
from annotate.schema import LabelSchema, Question
from annotate.scoring.adjusted import Draws, draw
from annotate.scoring.corpus import Example, Tallied
from annotate.scoring.counts import QUOTATIONS, Field, by_model
from annotate.scoring.profile import N_EXAMPLES, Evidence
from annotate.scoring.source_records import By, Match, SourceLabel, SourceProfile, TrendPoint

N_RESAMPLES = 1000
_FEWEST_IN_MONTH = 5  # articles, below which a month of a trend is not shown
_YEAR = 365.25  # days
_SHORTEST = 90  # days, below which there is no change per year


@dataclass(frozen=True)
class Survey:
    """What sources are, and how they are summed up: by what, matched on what, from how many articles on, and when."""

    by: By = "outlet"
    match: Match | None = None
    minimum: int = 15
    today: date = date.max


def profile_source(
    name: str, articles: Sequence[Tallied], schema: LabelSchema, evidence: Evidence, survey: Survey
) -> SourceProfile:
    """Sum up the articles of a source; fewer than the minimum are counted, and nothing is said of them."""
    today = survey.today
    days = sorted(article.published for article in articles if article.published and article.published <= today)
    too_few = len(articles) < survey.minimum
    return SourceProfile(
        name=name,
        n_articles=len(articles),
        n_sentences=sum(article.n_sentences for article in articles),
        too_few=too_few,
        first=days[0].isoformat() if days else None,
        last=days[-1].isoformat() if days else None,
        labels=() if too_few else tuple(_Source(articles, schema, evidence, today).labels()),
    )


class _Source:
    """A source's counts with its resamples, drawn once."""

    def __init__(self, articles: Sequence[Tallied], schema: LabelSchema, evidence: Evidence, today: date) -> None:
        self.articles = articles
        self.schema = schema
        self.counts = np.stack([article.counts for article in articles])
        self.bootstrap = Bootstrap(len(articles), N_RESAMPLES)
        self.draws = {label: draw(confusion, N_RESAMPLES) for label, confusion in evidence.errors.items()}
        self.days = {
            number: article.published
            for number, article in enumerate(articles)
            if article.published and article.published <= today
        }
        self.months = self._by_month()

    def labels(self) -> "list[SourceLabel]":
        names = [(question, name) for question in self.schema.questions for name in question.names]
        return [self._label(number, question, name) for number, (question, name) in enumerate(names)]

    def _label(self, number: int, question: Question, name: str) -> SourceLabel:
        counts = self.counts[:, number]  # (articles, sections, quotations, fields)
        by_article = counts.sum(axis=(1, 2))
        total, resampled = by_article.sum(axis=0), self.bootstrap.sums(by_article)
        by_quotation = counts.sum(axis=1)
        outside, inside = (by_quotation[:, QUOTATIONS.index(each)] for each in ("none", "whole"))
        return SourceLabel(
            label=name,
            kind=question.kind,
            n_scored=int(total[Field.SCORED]),
            n_by_people=int(total[Field.PEOPLE]),
            n_decided=int(total[Field.DECIDED]),
            share=self._share(total, resampled),
            adjusted_share=self._adjusted(total, resampled, self.draws.get(name)),
            outside_quotations=self._share(outside.sum(axis=0), self.bootstrap.sums(outside)),
            inside_quotations=self._share(inside.sum(axis=0), self.bootstrap.sums(inside)),
            spans_per_1000_words=self._rate(total, resampled) if question.kind == "spans" else None,
            trend=tuple(self._trend(number, name)),
            change_per_year=self._change(by_article, None),
            adjusted_change_per_year=self._change(by_article, self.draws[name]) if name in self.draws else None,
            examples=_strongest(self.articles, name),
        )

    def _share(self, total: Floats, resampled: Floats) -> Figure:
        value, values = (ratio(each[..., Field.DECIDED], each[..., Field.SCORED]) for each in (total, resampled))
        return Figure.measured(float(value), values, len(self.articles))

    def _rate(self, total: Floats, resampled: Floats) -> Figure:
        value, values = (1000 * ratio(each[..., Field.SPANS], each[..., Field.WORDS]) for each in (total, resampled))
        return Figure.measured(float(value), values, len(self.articles))

    def _adjusted(self, total: Floats, resampled: Floats, draws: Draws | None) -> Figure | None:
        """Adjust each resample for error rates drawn beside it, so that both uncertainties are in the interval."""
        if draws is None or not total[Field.SCORED]:
            return None
        decided, n_decided_of = by_model(resampled)
        scored, theirs = (resampled[:, field] for field in (Field.SCORED, Field.PEOPLE_DECIDED))
        likely = np.where(n_decided_of > 0, n_decided_of * draws.adjust(ratio(decided, n_decided_of)), 0)
        n_decided, n_model = map(float, by_model(total))
        found = draws.adjust_likeliest(n_decided / n_model) if n_model else 0
        value = (total[Field.PEOPLE_DECIDED] + n_model * found) / total[Field.SCORED]
        values = ratio(theirs + likely, scored)
        if interval(values) is None:
            return Figure(value=None)
        figure = Figure.measured(float(value), values, len(self.articles))
        # Error rates that leave nothing but 0, or but 1, are not those of the model here.
        is_cut_off = 0 < n_decided < n_model and figure.low is not None and figure.low == figure.high
        return Figure(value=None) if is_cut_off or (n_model and not draws.hold(n_decided, n_model)) else figure

    def _by_month(self) -> dict[str, tuple[Floats, Floats]]:
        """Return the counts of each month's articles, and their sums over resamples, of the months with enough."""
        months: dict[str, list[int]] = {}
        for number, day in self.days.items():
            months.setdefault(f"{day:%Y-%m}", []).append(number)
        counts = {
            month: self.counts[numbers].sum(axis=(2, 3))
            for month, numbers in sorted(months.items())
            if len(numbers) >= _FEWEST_IN_MONTH
        }
        return {month: (mine, Bootstrap(len(mine), N_RESAMPLES).sums(mine)) for month, mine in counts.items()}

    def _trend(self, number: int, name: str) -> Iterator[TrendPoint]:
        for month, (counts, sums) in self.months.items():
            total, resampled = counts[:, number].sum(axis=0), sums[:, number]
            yield TrendPoint(
                month=month,
                n_articles=len(counts),
                n_scored=int(total[Field.SCORED]),
                share=self._share(total, resampled),
                adjusted_share=self._adjusted(total, resampled, self.draws.get(name)),
            )

    def _change(self, by_article: Floats, draws: Draws | None) -> Figure | None:
        """Return the slope of the share over time, by least squares over articles, weighted by their sentences.

        With draws of the model's error rates, it is that of what is likely there: each article's count is adjusted.
        """
        if not self.days or (max(self.days.values()) - min(self.days.values())).days < _SHORTEST:
            return None
        numbers = np.array(list(self.days))
        first = min(self.days.values())
        years = np.array([[(day - first).days / _YEAR] for day in self.days.values()])
        mine = by_article[numbers]
        scored, decided, theirs = (mine[:, [each]] for each in (Field.SCORED, Field.DECIDED, Field.PEOPLE_DECIDED))
        counts = np.concatenate([decided, theirs, *(each[:, np.newaxis] for each in by_model(mine))], axis=1)
        moments = np.concatenate([scored, scored * years, scored * years**2, counts, counts * years], axis=1)
        value = _change(_slopes(moments.sum(axis=0)), draws and draws.point)
        values = _change(_slopes(self.bootstrap.sums(moments, numbers)), draws)
        return Figure.measured(float(np.squeeze(value)), values, len(numbers))


def _slopes(moments: Floats) -> Floats:
    """Return the slopes of counts, from the sums of weights, times, squared times, counts, and counts by times."""
    n, x, xx = (moments[..., [place]] for place in range(3))
    y, xy = np.split(moments[..., 3:], 2, axis=-1)
    spread = n * xx - x**2
    slopes: Floats = (n * xy - x * y) / np.where(spread, spread, np.nan)
    return slopes


def _change(slopes: Floats, draws: Draws | None) -> Floats:
    """Return the slope of what was decided, or of what is likely there: what people say, and the model's adjusted."""
    decided, theirs, n_by_model, n_model = np.moveaxis(slopes, -1, 0)
    slope: Floats = decided if draws is None else theirs + draws.undo(n_by_model, n_model)
    return slope


def _strongest(articles: Sequence[Tallied], label: str) -> tuple[Example, ...]:
    """Return the strongest examples, each of another article."""
    found = (article.examples[label] for article in articles if label in article.examples)
    return tuple(sorted(found, key=lambda example: (-example.probability, example.uid))[:N_EXAMPLES])
