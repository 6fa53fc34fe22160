"""Scores for a terminal.

Everything is ``rich.text.Text``: in a plain string, rich would obey square brackets that an article happens to hold.
"""

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from annotate.annotation import Scores
from annotate.schema import LabelSchema
from annotate.scoring.display import interval, model_name, percent, pieces, source_line, title_of
from annotate.scoring.people import Judged, judge
from annotate.scoring.profile import (
    NOTHING_ELSE,
    Evidence,
    LabelProfile,
    Profile,
    Scored,
    carries_something,
    profile_judged,
)
from annotate.wording import counted, visible

# The terminal's own colours, which its user has chosen to be readable.
_COLORS = ("yellow", "cyan", "magenta", "green", "blue", "red")


def to_table(scored: Sequence[Scored], schema: LabelSchema, evidence: Evidence = NOTHING_ELSE) -> Group:
    """Show every article's profile and the sentences that carry something; colour is never the only sign."""
    return Group(*(part for article in scored for part in _article(article, schema, evidence)))


def _article(scored: Scored, schema: LabelSchema, evidence: Evidence) -> Iterator[RenderableType]:
    article, scores = scored
    judged = [judge(score, evidence.people, schema) for score in scores]
    summary = profile_judged(judged, schema, article, evidence)
    yield Text(title_of(article, scores), style="bold")
    about = (source_line(article), f"model {model_name(summary.model)}" if summary.model else "")
    yield Text(" · ".join(part for part in about if part), style="dim")
    yield _profile(summary, schema)
    own = [each for each in judged if each.score.section != "comment"]
    marked = [each for each in own if carries_something(each.score) or each.differs]
    if marked:
        yield _sentences(marked, schema)
    yield Padding(Text(_closing(summary)), (0, 0, 1, 0))


def _profile(summary: Profile, schema: LabelSchema) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Label", no_wrap=True)
    likely = any(row.adjusted_share is not None for row in summary.labels)
    for heading in ("Sentences", "Share", "Likely" if likely else "Expected", "Outside quotes", "per 1,000 words"):
        table.add_column(heading, justify="right", no_wrap=heading == "Likely")
    for row in summary.labels:
        cells = _figures(row, with_likely=likely)
        table.add_row(Text(visible(row.label), style=_styles(schema)[row.label]), *map(Text, cells))
    return table


def _figures(row: LabelProfile, *, with_likely: bool) -> Iterator[str]:
    yield f"{row.n_decided} of {row.n_scored}" if row.n_scored else "not scored"
    yield percent(row.share)
    likely = "" if row.adjusted_share is None else interval(row.adjusted_share)
    yield likely if with_likely else percent(row.expected_share)
    yield row.outside_quotations
    yield "" if row.spans_per_1000_words is None else f"{row.spans_per_1000_words:.1f}"


def _sentences(marked: Sequence[Judged], schema: LabelSchema) -> Table:
    table = Table(box=SIMPLE_HEAD)
    table.add_column("¶", justify="right")
    table.add_column("Labels", min_width=12)
    table.add_column("Sentence", ratio=1)
    for each in marked:
        table.add_row(Text(str(each.score.paragraph)), _labels(each, schema), _text(each.score, schema))
    return table


def _labels(judged: Judged, schema: LabelSchema) -> Text:
    score = judged.score
    carried = {*score.decided, *(span.label for span in score.spans)}
    lines = [
        Text(f"{visible(label.name)} {_told(label.name, judged)}", style=_styles(schema)[label.name])
        for label in schema.labels
        if label.name in carried | judged.differs
    ]
    return Text("\n").join(lines)


def _told(label: str, judged: Judged) -> str:
    """Say how sure the model is; or that a person says so, and what the model says where it differs."""
    suggested = percent(judged.model.labels.get(label))
    if label not in judged.by_people:
        return f"{suggested} unsure" if label in judged.model.unsure else suggested
    by_person = "✓ person" if label in judged.score.decided else "✗ person"
    return f"{by_person} ≠ model {suggested}" if label in judged.differs else by_person


def _text(score: Scores, schema: LabelSchema) -> Text:
    """Write a sentence with its spans in brackets, which name the label where there is more than one to choose from."""
    several = sum(len(question.labels) for question in schema.span_questions) > 1
    text = Text()
    for piece in pieces(score):
        names = list(dict.fromkeys(span.label for span in piece.spans))
        if names:
            of = f" ({', '.join(map(visible, names))})" if several else ""
            style = f"underline {_styles(schema)[names[0]]}"
            text.append("[").append(visible(piece.text), style=style).append(f"{of}]")
        else:
            text.append(visible(piece.text))
    return text


def _styles(schema: LabelSchema) -> dict[str, str]:
    return {label.name: _COLORS[index % len(_COLORS)] for index, label in enumerate(schema.labels)}


def _closing(summary: Profile) -> str:
    if not summary.n_sentences:
        line = "No sentence was scored."
    else:
        line = f"Nothing found in {summary.n_unmarked} of {counted(summary.n_sentences, 'sentence')}."
    if summary.n_by_people:
        line += f" {counted(summary.n_by_people, 'sentence')} by people, who differ in {summary.n_differing}."
    if summary.learned:
        line += " The model has learned from this article."
    left_out = counted(summary.n_comments, "sentence")
    comments = f" Left out: {left_out} of readers' comments." if summary.n_comments else ""
    return line + comments
