"""From articles to sources: shares with intervals by resampling articles, and trends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from annotate.quality.bootstrap import Bootstrap, Floats
from annotate.quality.figure import Figure
from annotate.quality.tallies import ratio
from annotate.schema import LabelSchema, Question
from annotate.scoring.adjusted import Draws, draw
from annotate.scoring.corpus import Example, Tallied
from annotate.scoring.counts import QUOTATIONS, Field
from annotate.scoring.profile import N_EXAMPLES, Evidence
from annotate.scoring.source_records import By, Match, SourceLabel, SourceProfile, TrendPoint

N_RESAMPLES = 1000
_FEWEST_IN_MONTH = 5  # articles, below which a month of a trend is not shown
_YEAR = 365.25  # days


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
            trend=tuple(self._trend(number)),
            change_per_year=self._change(by_article),
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
        decided, scored, people, theirs = (
            resampled[:, field] for field in (Field.DECIDED, Field.SCORED, Field.PEOPLE, Field.PEOPLE_DECIDED)
        )
        by_model = scored - people
        likely = np.where(by_model > 0, by_model * draws.adjust(ratio(decided - theirs, by_model)), 0)
        n_model = total[Field.SCORED] - total[Field.PEOPLE]
        found = draws.adjust_likeliest((total[Field.DECIDED] - total[Field.PEOPLE_DECIDED]) / n_model) if n_model else 0
        value = (total[Field.PEOPLE_DECIDED] + n_model * found) / total[Field.SCORED]
        return Figure.measured(float(value), ratio(theirs + likely, scored), len(self.articles))

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

    def _trend(self, label: int) -> Iterator[TrendPoint]:
        for month, (counts, sums) in self.months.items():
            total = counts[:, label].sum(axis=0)
            share, values = (
                ratio(each[..., Field.DECIDED], each[..., Field.SCORED]) for each in (total, sums[:, label])
            )
            yield TrendPoint(
                month=month,
                n_articles=len(counts),
                n_scored=int(total[Field.SCORED]),
                share=Figure.measured(float(share), values, len(counts)),
            )

    def _change(self, by_article: Floats) -> Figure | None:
        """Return the slope of the share over time, by least squares over articles, weighted by their sentences."""
        if len(set(self.days.values())) <= 1:
            return None
        numbers = np.array(list(self.days))
        first = min(self.days.values())
        years = np.array([(day - first).days / _YEAR for day in self.days.values()])
        scored, decided = (by_article[numbers, field] for field in (Field.SCORED, Field.DECIDED))
        terms = np.stack([scored, scored * years, scored * years**2, decided, decided * years], axis=1)
        values = _slope(self.bootstrap.sums(terms, numbers))
        return Figure.measured(float(_slope(terms.sum(axis=0))), values, len(numbers))


def _slope(terms: Floats) -> Floats:
    n, x, xx, y, xy = np.moveaxis(terms, -1, 0)
    return ratio(n * xy - x * y, n * xx - x**2)


def _strongest(articles: Sequence[Tallied], label: str) -> tuple[Example, ...]:
    """Return the strongest examples, each of another article."""
    found = (article.examples[label] for article in articles if label in article.examples)
    return tuple(sorted(found, key=lambda example: (-example.probability, example.uid))[:N_EXAMPLES])
