"""`annot ledger`: what was said would happen, and when it is due."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from annotate.annotation import Scores
from annotate.article import Article, Sentence, day_of
from annotate.config import Workspace
from annotate.corpus.ingest import unheard
from annotate.corpus.readers.item import Note
from annotate.corpus.segmentation import Document
from annotate.errors import ModelError
from annotate.ledger.entry import Entry
from annotate.ledger.making import LANGUAGES, Told, make_entries, told_by_label, told_by_model
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
from annotate.scoring.corpus import of_one_kind
from annotate.wording import counted
from annotate.workflow.articles import Listeners
from annotate.workflow.labels import read_labels
from annotate.workflow.model import chosen_model
from annotate.workflow.score import load_chosen
from annotate.workflow.verdicts import read_verdicts, with_verdicts

Articles = Sequence[tuple[Article | None, Sequence[Sentence]]]


@dataclass(frozen=True)
class LedgerOptions:
    """Which day it is, the files of labels that count beside a model, and whether readers' comments are taken in."""

    today: date
    labels: Sequence[Path] = ()
    comments: bool = False


class Found(NamedTuple):
    """Sentences by article, who says of which whether it predicts, and the ids of all articles that were read."""

    articles: Articles
    told: Mapping[str, Told]
    article_ids: frozenset[str]


def read_ledger(workspace: Workspace, found: Found, options: LedgerOptions, note: Note = unheard) -> list[Entry]:
    """Return the predictions that were found with the verdicts that were pulled, overdue ones first."""
    language = workspace.settings.language
    _tell_what_is_missing(found.articles, options.today, language, note)
    entries = make_entries(found.articles, found.told, options.today, language)
    return with_verdicts(entries, read_verdicts(workspace.verdicts_file), options.today)


def find_predictions(
    workspace: Workspace, documents: Sequence[Document], options: LedgerOptions, listeners: Listeners | None = None
) -> Found:
    """Tell which sentences of articles predict: by a person's label, the model in use, or else a drafted label.

    Raises:
        ConfigError: No label is marked as the ledger's.
        ModelError: There is neither a model nor a label to tell what predicts.
    """
    listeners = listeners or Listeners()
    schema = LabelSchema.read(workspace.schema_file)
    articles = [
        (document.article, [s for s in document.sentences if options.comments or s.section != "comment"])
        for document in documents
    ]
    told = _told(workspace, schema, [s for _, own in articles for s in own], options, listeners)
    return Found(articles, told, frozenset(s.article_id for document in documents for s in document.sentences))


def find_scored_predictions(workspace: Workspace, scores: Iterable[Scores], options: LedgerOptions) -> Found:
    """Tell which sentences predict by a person's label or their scores, of which only those that do are kept.

    Raises:
        ConfigError: No label is marked as the ledger's.
        SourceError: Scores are broken, by two models, or for other labels.
    """
    schema = LabelSchema.read(workspace.schema_file)
    people = _by_people(_labelled(workspace, schema, options))
    told: dict[str, Told] = {}
    articles: dict[str, tuple[Article | None, list[Sentence]]] = {}
    ids: set[str] = set()
    for score in of_one_kind(scores, schema):
        ids.add(score.article_id)
        known = Article(id=score.article_id, text="", **dict(score.article)) if score.article else None
        tell = people.get(score.uid) or told_by_model(score, schema)
        if tell.predicts and score.uid not in told and (options.comments or score.section != "comment"):
            told[score.uid] = tell
            articles.setdefault(score.article_id, (known, []))[1].append(score.sentence)
    return Found(list(articles.values()), told, frozenset(ids))


def _told(
    workspace: Workspace,
    schema: LabelSchema,
    sentences: Sequence[Sentence],
    options: LedgerOptions,
    listeners: Listeners,
) -> dict[str, Told]:
    """Return who says of which sentence whether it predicts."""
    labelled = _labelled(workspace, schema, options)
    people = _by_people(labelled)
    if chosen_model(workspace) is not None:
        model = load_chosen(workspace, listeners.progress)
        scores = model([s for s in sentences if s.uid not in people])
        return {score.uid: told_by_model(score, schema) for score in scores} | people
    if not labelled:
        raise ModelError(
            f"{workspace.root}: no model and no labels, so nothing tells what predicts; make a model with `annot"
            " train`, or name label files with --labels"
        )
    n_told = sum(sentence.uid in labelled for sentence in sentences)
    n_all = counted(len(sentences), "sentence")
    listeners.note(f"no model: only labels tell what predicts, and {n_told} of {n_all} have one")
    return labelled


def _by_people(labelled: Mapping[str, Told]) -> dict[str, Told]:
    return {uid: told for uid, told in labelled.items() if told.by == "person"}


def _labelled(workspace: Workspace, schema: LabelSchema, options: LedgerOptions) -> dict[str, Told]:
    has_any = options.labels or workspace.label_files or workspace.gold_file.is_file()
    labels = read_labels(workspace, options.labels, schema) if has_any else []
    return told_by_label(gold(labels, schema), schema)


def _tell_what_is_missing(articles: Articles, today: date, language: str, note: Note) -> None:
    known = [article for article, _ in articles if article is not None]
    n_undated = sum(not article.published for article in known)
    if n_undated:
        note(f"{counted(n_undated, 'article')} without a day of publication: relative horizons stay relative")
    for article in known:
        day = day_of(article.published)
        if article.published and (day is None or day > today):
            why = f"which is after {today}" if day else "which is no date"
            name = article.source or article.id
            note(f"{name}: published {article.published}, {why}: taken as unknown; correct the date")
    if language not in LANGUAGES:
        note(f"language '{language}': no words for time and probability are known, so horizon and strength stay open")
