"""From the scores of many articles to profiles of their sources, and how these differ."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from annotate.errors import SourceError
from annotate.schema import LabelSchema
from annotate.scoring.comparison import FEWEST, Strata, compare_sources
from annotate.scoring.corpus import Corpus, Tallied, told_articles
from annotate.scoring.profile import Evidence
from annotate.scoring.source_profile import Survey, profile_source
from annotate.scoring.source_records import SourceDifference, SourceProfile, SourceProfiles, Stratum

_MOST_COMPARED = 20  # sources, for every two of them are compared


def profile_sources(corpus: Corpus, schema: LabelSchema, evidence: Evidence, survey: Survey) -> SourceProfiles:
    """Sum up a corpus by source, those with most articles first; months in order.

    Raises:
        SourceError: There is no article.
    """
    if not corpus.articles:
        raise SourceError("no scores to sum up: score articles first, with `annot score articles/ -o scores.jsonl`")
    notes = list(corpus.notes)
    grouped = _grouped([article for article in corpus.articles if article.n_sentences], survey, notes)
    enough = {name: articles for name, articles in grouped.items() if len(articles) >= survey.minimum}
    compared = _compared(enough, survey, notes)
    strata = _strata(compared, survey)
    profiled = tuple(profile_source(name, mine, schema, evidence, survey) for name, mine in grouped.items())
    untold = _untold(profiled)
    profiles = SourceProfiles(
        model=corpus.model,
        by=survey.by,
        match=survey.match,
        minimum=survey.minimum,
        n_articles=len(corpus.articles),
        sources=profiled,
        differences=tuple(_told(each, untold) for each in compare_sources(compared, schema, evidence, strata)),
        common_ground=tuple(_common_ground(compared, strata or {})),
        notes=tuple(notes),
    )
    return profiles.model_copy(update={"notes": (*notes, *_remarks(profiles, corpus, evidence))})


def _remarks(profiles: SourceProfiles, corpus: Corpus, evidence: Evidence) -> Iterator[str]:
    """Tell what figures there are not, and why."""
    few = [source.name for source in profiles.sources if source.too_few]
    if few:
        yield f"fewer than {profiles.minimum} articles, too few to say: {', '.join(few)}"
    if profiles.match and profiles.differences and not profiles.common_ground:
        yield f"no {profiles.match} in which two sources have {FEWEST} articles each: nothing is compared"
    learned = [article.name for article in corpus.articles if article.id in evidence.learned]
    if learned:
        yield f"the model has learned from {told_articles(learned)}: it errs less there than elsewhere"
    if not evidence.errors:
        yield "how the model errs is not known: shares are as it decides, without adjusting for its errors"
    untold = [f"{label} in {name}" for name, label in _untold(profiles.sources)]
    if untold:
        yield f"what is likely cannot be told from how the model errs: {'; '.join(untold)}"


def _untold(sources: Sequence[SourceProfile]) -> list[tuple[str, str]]:
    """Return the sources and labels of which it cannot be told what is likely there."""
    return [
        (source.name, label.label)
        for source in sources
        for label in source.labels
        if label.adjusted_share is not None and label.adjusted_share.value is None
    ]


def _told(difference: SourceDifference, untold: Sequence[tuple[str, str]]) -> SourceDifference:
    """Leave out what is likely of a difference where it cannot be told of both sources."""
    of_both = {(difference.first, difference.label), (difference.second, difference.label)}
    return difference if of_both.isdisjoint(untold) else difference.model_copy(update={"adjusted": None})


def _grouped(articles: Sequence[Tallied], survey: Survey, notes: list[str]) -> dict[str, list[Tallied]]:
    grouped: dict[str, list[Tallied]] = {}
    nameless: list[str] = []
    again: list[str] = []
    said: set[tuple[str, int]] = set()
    for article in articles:
        name = _source_of(article, survey)
        if name is None:
            nameless.append(article.name)
        elif (name, article.said) in said:
            again.append(article.name)
        else:
            said.add((name, article.said))
            grouped.setdefault(name, []).append(article)
    if again:
        notes.append(f"{told_articles(again)} with the same text as another of that {survey.by}: counted once")
    if nameless and survey.by != "month":
        notes.append(f"{told_articles(nameless)} without {survey.by}: in no profile")
    if survey.by == "month":
        return dict(sorted(grouped.items()))
    return dict(sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])))


def _source_of(article: Tallied, survey: Survey) -> str | None:
    if survey.by == "month":
        return _month(article, survey)
    named = article.citation.outlet if survey.by == "outlet" else article.citation.author
    return named.strip() or None if named else None


def _month(article: Tallied, survey: Survey) -> str | None:
    day = article.published
    return f"{day:%Y-%m}" if day and day <= survey.today else None


def _compared(
    enough: Mapping[str, Sequence[Tallied]], survey: Survey, notes: list[str]
) -> Mapping[str, Sequence[Tallied]]:
    if survey.by == "month":  # its months are compared by the trend
        return {}
    if len(enough) > _MOST_COMPARED:
        notes.append(f"only the {_MOST_COMPARED} sources with most articles are compared")
    return dict(list(enough.items())[:_MOST_COMPARED])


def _common_ground(compared: Mapping[str, Sequence[Tallied]], strata: Strata) -> Iterator[Stratum]:
    """Yield the strata in which at least two sources have articles enough to be compared."""
    counts = {name: Counter(strata.get(article.id) for article in mine) for name, mine in compared.items()}
    for stratum in dict.fromkeys(sorted(strata.values(), key=_in_order)):
        there = {name: count[stratum] for name, count in counts.items() if count[stratum] >= FEWEST}
        if len(there) > 1:
            yield Stratum(name=stratum, n_articles=there)


def _in_order(stratum: str) -> tuple[int, str]:
    """Sort months by time and topics by number, which has no leading zeros."""
    return len(stratum.partition(":")[0]), stratum


def _strata(compared: Mapping[str, Sequence[Tallied]], survey: Survey) -> Strata | None:
    articles = [article for mine in compared.values() for article in mine]
    if survey.match == "month":
        months = ((article.id, _month(article, survey)) for article in articles)
        return {name: month for name, month in months if month}
    if survey.match == "topic":
        from annotate.scoring.topics import topics

        return topics(articles) if articles else {}
    return None
