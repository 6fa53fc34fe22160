"""From sentences that predict to the entries of a ledger."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from annotate.annotation import Annotation, Scores
from annotate.article import Article, Sentence
from annotate.corpus.near_duplicates import SIMILAR, bands, similarity, sketch
from annotate.ledger.entry import Entry, FoundBy, Statement
from annotate.ledger.horizon import find_horizon
from annotate.ledger.strength import find_strength, is_conditional
from annotate.schema import LabelSchema

LANGUAGES = ("en",)
"""The languages whose words for time and for probability are known."""

_DAYS_APART = 31  # what is said again later than that is said anew
_TURNS = re.compile(
    r"\b(?:not?|never|nor|cannot|without|\w+n['’]t|un\w+|im(?:prob|poss)\w+|doubtful)\b|\d[\d.,]*", re.I
)


class Told(NamedTuple):
    """Who says whether a sentence predicts, and for a model how probable it is that it does."""

    predicts: bool
    by: FoundBy
    annotator: str
    probability: float | None = None


def told_by_label(annotations: Iterable[Annotation], schema: LabelSchema) -> dict[str, Told]:
    """Return by uid what labels say, one annotation a sentence; those that leave it open say nothing."""
    label = schema.ledger_label
    question = schema.question_of(label)
    found: dict[str, Told] = {}
    for annotation in annotations:
        says = None if question is None else annotation.says(question, label)
        if says is not None:
            by: FoundBy = "draft" if annotation.origin == "draft" else "person"
            found[annotation.uid] = Told(says, by, annotation.annotator)
    return found


def told_by_model(score: Scores, schema: LabelSchema) -> Told:
    """Return what a model says of a sentence."""
    label = schema.ledger_label
    predicts = label in score.decided or any(span.label == label for span in score.spans)
    return Told(predicts, "model", score.model, score.labels.get(label))


def make_entries(
    articles: Iterable[tuple[Article | None, Sequence[Sentence]]],
    told: Mapping[str, Told],
    today: date,
    language: str = "en",
) -> list[Entry]:
    """Return the predictions of some articles in order, what was said twice joined.

    A day of publication after ``today`` counts as unknown. In a language whose words are not known, horizon and
    strength are left open.
    """
    entries = [
        _entry(Statement.of(sentence, article), tell, today, knows=language in LANGUAGES)
        for article, sentences in articles
        for sentence in sentences
        if (tell := told.get(sentence.uid)) is not None and tell.predicts
    ]
    return [entry.at(today) for entry in _joined(entries)]


def _entry(statement: Statement, told: Told, today: date, *, knows: bool) -> Entry:
    published = statement.day if statement.day and statement.day <= today else None
    return Entry(
        **dict(statement),
        found_by=told.by,
        annotator=told.annotator,
        probability=told.probability,
        horizon=find_horizon(statement.text, published) if knows else None,
        strength=find_strength(statement.text) if knows else None,
        conditional=knows and is_conditional(statement.text),
    )


class _Group(NamedTuple):
    """Entries that say the same, the one that was published first before the others; ``sketched`` is its text."""

    entries: list[Entry]
    sketched: bytes | None


def _joined(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Join entries that say the same in nearly the same words, under the one that was published first."""
    kept: dict[str, _Group] = {}
    by_mark: dict[tuple[bytes, tuple[str, ...]], list[str]] = {}
    for entry in sorted(entries, key=lambda each: (each.published is None, each.published or "")):
        sketched = sketch(entry.text, sampled=False)
        in_bands = bands(sketched) if sketched else [" ".join(entry.text.casefold().split()).encode("utf-8", "replace")]
        turns = _turns(entry.text)
        marks = [(band, turns) for band in in_bands]
        near = dict.fromkeys(uid for mark in marks for uid in by_mark.get(mark, ()))
        same = next((kept[uid].entries for uid in near if _says_the_same(entry, sketched, kept[uid])), None)
        if same is None:
            kept[entry.uid] = _Group([entry], sketched)
            for mark in marks:
                by_mark.setdefault(mark, []).append(entry.uid)
        elif entry.uid != same[0].uid:
            same.append(entry)
    for group in kept.values():
        first, *others = group.entries
        yield first.model_copy(update={"repeats": tuple(_statement(other) for other in others)})


def _says_the_same(entry: Entry, sketched: bytes | None, group: _Group) -> bool:
    """Tell whether an entry says the same as a group; both have the same turns."""
    if (sketched is None) != (group.sketched is None):
        return False
    if sketched and group.sketched and similarity(sketched, group.sketched) < SIMILAR:
        return False
    first = group.entries[0]
    apart = abs((entry.day - first.day).days) if entry.day and first.day else 0
    return apart <= _DAYS_APART


def _turns(text: str) -> tuple[str, ...]:
    """Return the words that turn a sentence into another with nearly the same letters: denials and numbers."""
    return tuple(sorted(found.casefold() for found in _TURNS.findall(text)))


def _statement(entry: Entry) -> Statement:
    return Statement(**{name: getattr(entry, name) for name in Statement.model_fields})
