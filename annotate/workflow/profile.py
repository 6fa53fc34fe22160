"""`annot profile`: profiles of the sources of many articles, from articles or from scores of them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from annotate.annotation import Scores
from annotate.article import Article
from annotate.config import Workspace
from annotate.corpus.store import read_records
from annotate.errors import SourceError
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.scoring.corpus import collect
from annotate.scoring.profile import Evidence, Scored
from annotate.scoring.source_profile import Survey
from annotate.scoring.source_records import SourceProfiles
from annotate.scoring.sources import profile_sources
from annotate.workflow.answers import begins_with_scores
from annotate.workflow.evidence import errors_of, known_answers, learned_by, people_of
from annotate.workflow.model import chosen_model

_TELLING_EVERY = 10_000  # sentences

# Reads all scores anew with every call, or only those of some articles, by their ids.
ReadScores = Callable[[Set[str] | None], Iterable[Scores]]
_ARTICLE = re.compile(r'"article_id":"([^"\\]*)"')


@dataclass(frozen=True)
class ProfileResult:
    """The profiles, what they were made with, and the articles of the examples, to be shown beside them."""

    profiles: SourceProfiles
    schema: LabelSchema
    evidence: Evidence
    articles: Sequence[Scored] = ()


def hold_scores(sources: Sequence[str]) -> bool:
    """Tell whether all sources are files of scores.

    Raises:
        SourceError: Some are, and some are not.
    """
    kinds = {begins_with_scores(Path(source)) for source in sources}
    if len(kinds) > 1:
        raise SourceError("files of scores and articles cannot be profiled together: give the one or the others")
    return kinds == {True}


def read_scores(paths: Sequence[str], progress: Progress = silent) -> ReadScores:
    """Return what reads files of scores, one sentence at a time."""

    def read(articles: Set[str] | None) -> Iterator[Scores]:
        wanted = None if articles is None else _are_of(articles)
        found = chain.from_iterable(read_records(Path(path), Scores, wanted) for path in paths)
        for number, score in enumerate(found):
            if number % _TELLING_EVERY == 0:
                progress("Reading scores", number)
            yield score

    return read


def scores_of(scored: Sequence[Scored]) -> ReadScores:
    """Return what reads articles that were scored, each sentence with what is known of its article."""

    def read(articles: Set[str] | None) -> Iterator[Scores]:
        for article, scores in scored:
            known = article.citation if article else None
            for score in scores:
                if articles is None or score.article_id in articles:
                    yield score.model_copy(update={"article": known}) if known else score

    return read


def _are_of(articles: Set[str]) -> Callable[[str], bool]:
    """Return what tells lines of other articles by a look, without parsing them; what it cannot tell is parsed."""

    def wanted(line: str) -> bool:
        found = _ARTICLE.search(line)
        return found is None or found[1] in articles

    return wanted


def profile_articles(
    workspace: Workspace, read: ReadScores, survey: Survey, labels: Sequence[Path] = (), *, with_texts: bool = False
) -> ProfileResult:
    """Sum up scores by source; ``with_texts`` gives the articles of the examples too, for which they are read again.

    Raises:
        SourceError: Scores are broken, by two models, for other labels, or none.
    """
    schema = LabelSchema.read(workspace.schema_file)
    answers = known_answers(workspace, schema, labels)
    people = people_of(answers)
    corpus = collect(read(None), schema, Evidence(people), survey.today, texts=survey.match == "topic")
    model = _model_folder(workspace, corpus.model)
    evidence = Evidence(people, errors_of(model, answers, schema), learned_by(model))
    profiles = profile_sources(corpus, schema, evidence, survey)
    articles = _articles_shown(profiles, read) if with_texts else ()
    return ProfileResult(profiles, schema, evidence, articles)


def _model_folder(workspace: Workspace, model: str | None) -> Path | None:
    """Return the folder of the model that gave the scores, if it is here."""
    if model is None:
        return None
    own = workspace.models / model
    chosen = chosen_model(workspace)
    return own if own.is_dir() else chosen if chosen is not None and chosen.resolve().name == model else None


def _articles_shown(profiles: SourceProfiles, read: ReadScores) -> list[Scored]:
    """Return the articles that examples are from, as far as their scores tell."""
    shown = {
        example.article_id: example.article
        for source in profiles.sources
        for label in source.labels
        for example in label.examples
    }
    scores: dict[str, dict[str, Scores]] = {name: {} for name in shown}
    for score in read(shown.keys()):
        if score.article_id in scores:
            scores[score.article_id].setdefault(score.uid, score)
    return [
        (Article(id=name, text="", **dict(citation)), list(scores[name].values())) for name, citation in shown.items()
    ]
