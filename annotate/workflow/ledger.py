"""`annot ledger`: what was said would happen, and when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from annotate.article import Article, Sentence
from annotate.config import Workspace
from annotate.corpus.readers.item import Note
from annotate.corpus.segmentation import Document
from annotate.errors import ModelError
from annotate.ledger.entry import Entry
from annotate.ledger.making import LANGUAGES, Told, is_in_the_future, make_entries, told_by_label, told_by_model
from annotate.quality.adjudication import gold
from annotate.schema import LabelSchema
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


def read_ledger(
    workspace: Workspace,
    documents: Sequence[Document],
    options: LedgerOptions,
    listeners: Listeners | None = None,
) -> list[Entry]:
    """Return the predictions of articles with the verdicts that were pulled, overdue ones first.

    A person's label counts before the model in use, and that before labels that were only drafted.

    Raises:
        ConfigError: No label is marked as the ledger's.
        ModelError: There is neither a model nor a label to tell what predicts.
    """
    listeners = listeners or Listeners()
    schema, language = LabelSchema.read(workspace.schema_file), workspace.settings.language
    articles = [
        (document.article, [s for s in document.sentences if options.comments or s.section != "comment"])
        for document in documents
    ]
    told = _told(workspace, schema, [s for _, own in articles for s in own], options, listeners)
    _tell_what_is_missing(articles, options.today, language, listeners.note)
    entries = make_entries(articles, told, options.today, language)
    return with_verdicts(entries, read_verdicts(workspace.verdicts_file), options.today)


def _told(
    workspace: Workspace,
    schema: LabelSchema,
    sentences: Sequence[Sentence],
    options: LedgerOptions,
    listeners: Listeners,
) -> dict[str, Told]:
    """Return who says of which sentence whether it predicts."""
    labelled = _labelled(workspace, schema, options)
    people = {uid: told for uid, told in labelled.items() if told.by == "person"}
    if chosen_model(workspace) is not None:
        model = load_chosen(workspace, listeners.progress)
        return told_by_model(model([s for s in sentences if s.uid not in people]), schema) | people
    if not labelled:
        raise ModelError(
            f"{workspace.root}: no model and no labels, so nothing tells what predicts; make a model with `annot"
            " train`, or name label files with --labels"
        )
    n_told = sum(sentence.uid in labelled for sentence in sentences)
    n_all = counted(len(sentences), "sentence")
    listeners.note(f"no model: only labels tell what predicts, and {n_told} of {n_all} have one")
    return labelled


def _labelled(workspace: Workspace, schema: LabelSchema, options: LedgerOptions) -> dict[str, Told]:
    has_any = options.labels or workspace.label_files or workspace.gold_file.is_file()
    labels = read_labels(workspace, options.labels, schema) if has_any else []
    return told_by_label(gold(labels, schema), schema)


def _tell_what_is_missing(articles: Articles, today: date, language: str, note: Note) -> None:
    known = [article for article, _ in articles if article is not None]
    n_undated = sum(article.published is None for article in known)
    if n_undated:
        note(f"{counted(n_undated, 'article')} without a day of publication: relative horizons stay relative")
    for article in known:
        if is_in_the_future(article.published, today):
            name = article.source or article.id
            note(f"{name}: published {article.published}, which is after {today}: taken as unknown; correct the date")
    if language not in LANGUAGES:
        note(f"language '{language}': no words for time and probability are known, so horizon and strength stay open")
