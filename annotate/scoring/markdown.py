"""Profiles as Markdown (CommonMark with GitHub's tables); what articles say stays text."""

from collections.abc import Iterable, Iterator, Sequence

from annotate.schema import LabelSchema
from annotate.scoring.display import interval, model_name, percent, source_line, title_of
from annotate.scoring.people import judge
from annotate.scoring.profile import NOTHING_ELSE, Evidence, LabelProfile, Scored, carries_something, profile_judged
from annotate.wording import counted, escaped

LIMITS = (
    "**Style is not truth.** The labels say how a sentence is written. A sentence with a label may be true, and one "
    "without may be false."
)


def to_markdown(scored: Sequence[Scored], schema: LabelSchema, evidence: Evidence = NOTHING_ELSE) -> str:
    """Write every article's profile and the sentences that carry something."""
    parts = ["# Style report", LIMITS, *(part for each in scored for part in _article(each, schema, evidence))]
    return "\n\n".join(parts) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out cells that are Markdown already."""
    lines = [headings, ["---", *["--:"] * (len(headings) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _article(scored: Scored, schema: LabelSchema, evidence: Evidence) -> Iterator[str]:
    article, scores = scored
    judged = [judge(score, evidence.people, schema) for score in scores]
    summary = profile_judged(judged, schema, article, evidence)
    yield f"## {escaped(title_of(article, scores))}"
    about = (escaped(source_line(article)), f"model {escaped(model_name(summary.model))}" if summary.model else "")
    if any(about):
        yield " · ".join(part for part in about if part)
    yield table(
        ("Label", "Sentences", "Share", "Likely", "Outside quotations", "By people", "Spans per 1,000 words"),
        (_row(row) for row in summary.labels),
    )
    marked = [each for each in judged if each.score.section != "comment" and carries_something(each.score)]
    if marked:
        yield "\n".join(f"- {escaped(', '.join(each.score.decided))}: {escaped(each.score.text)}" for each in marked)
    yield f"Nothing found in {summary.n_unmarked} of {counted(summary.n_sentences, 'sentence')}."


def _row(row: LabelProfile) -> tuple[str, ...]:
    rate = row.spans_per_1000_words
    return (
        escaped(row.label),
        f"{row.n_decided} of {row.n_scored}",
        percent(row.share),
        "" if row.adjusted_share is None else escaped(interval(row.adjusted_share)),
        row.outside_quotations,
        str(row.n_by_people),
        "" if rate is None else f"{rate:.1f}",
    )
