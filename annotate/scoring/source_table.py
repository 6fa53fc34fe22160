"""Profiles of sources for a terminal; colour is never the only sign."""

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from annotate.scoring.display import interval, model_name
from annotate.scoring.source_formats import told_difference, told_p
from annotate.scoring.source_records import SourceLabel, SourceProfile, SourceProfiles
from annotate.wording import counted, visible


def to_table(profiles: SourceProfiles) -> Group:
    """Show every source, how they differ, and what to know beside it."""
    return Group(*_parts(profiles))


def _parts(profiles: SourceProfiles) -> Iterator[RenderableType]:
    by = f", model {model_name(profiles.model)}" if profiles.model else ""
    yield Text(f"{counted(profiles.n_articles, 'article')} by {profiles.by}{by}", style="dim")
    for source in profiles.sources:
        yield from _source(source, profiles.minimum)
    if profiles.differences:
        yield _differences(profiles)
    for note in profiles.notes:
        yield Text(f"note: {visible(note)}")
    yield Text("Style is not truth: shares say how sentences are written, not whether they are true.")


def _source(source: SourceProfile, minimum: int) -> Iterator[RenderableType]:
    dates = f", {source.first} to {source.last}" if source.first else ""
    yield Text(f"\n{visible(source.name)}", style="bold")
    yield Text(
        f"{counted(source.n_articles, 'article')}, {counted(source.n_sentences, 'sentence')}{dates}", style="dim"
    )
    if source.too_few:
        yield Text(f"too few to say: a profile takes {minimum} articles")
        return
    table = Table("Label", box=SIMPLE_HEAD)
    for heading in ("Sentences", "Share", "Likely", "Outside quotations", "per 1,000 words", "points a year"):
        table.add_column(heading, justify="right")
    for label in source.labels:
        table.add_row(*map(Text, _cells(label)))
    yield table


def _cells(label: SourceLabel) -> Iterator[str]:
    yield visible(label.label)
    yield f"{label.n_decided} of {label.n_scored}"
    yield interval(label.share)
    yield "" if label.adjusted_share is None else interval(label.adjusted_share)
    yield interval(label.outside_quotations)
    yield "" if label.spans_per_1000_words is None else interval(label.spans_per_1000_words, 1)
    yield "" if label.change is None else told_difference(label.change)


def _differences(profiles: SourceProfiles) -> Table:
    on = f", same {profiles.match}" if profiles.match else ""
    table = Table("Label", "Sources", box=SIMPLE_HEAD, title=f"Differences in points{on}", title_justify="left")
    for heading in ("Difference", "Likely", "p, corrected"):
        table.add_column(heading, justify="right")
    for each in profiles.differences:
        names = (visible(each.label), f"{visible(each.first)} – {visible(each.second)}")
        figures = (told_difference(each.difference), told_difference(each.adjusted), told_p(each))
        table.add_row(*map(Text, (*names, *figures)))
    return table
