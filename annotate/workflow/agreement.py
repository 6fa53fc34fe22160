"""`annot agreement`: how far annotators agree."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from annotate.article import Article
from annotate.config import Workspace
from annotate.corpus.store import read_records
from annotate.progress import Progress, silent
from annotate.quality.agreement.measure import Parts, measure
from annotate.quality.agreement.panel import Panel
from annotate.quality.agreement.report import AgreementReport
from annotate.quality.competence import competence, week_of
from annotate.schema import LabelSchema
from annotate.workflow.labels import read_answers


def agreement(
    workspace: Workspace,
    labels: Sequence[Path] = (),
    articles: Path | None = None,
    *,
    with_competence: bool = False,
    progress: Progress = silent,
) -> AgreementReport:
    """Measure how far people agree, in label files or else in the workspace's.

    Where there are only models' drafts, these are measured, and the report says so. ``articles`` is a file of article
    records, from which outlets are known.

    Raises:
        TrainingError: There are no labels.
        SourceError: A file is broken, or holds answers to other questions.
    """
    schema = LabelSchema.read(workspace.schema_file)
    answers = read_answers(workspace, labels, schema)
    people = [annotation for annotation in answers if annotation.origin != "draft"]
    outlets = {article.id: article.outlet for article in read_records(articles, Article)} if articles else {}
    panel = Panel(people or answers)
    report = measure(panel, schema, _parts(panel, outlets), drafts=not people, progress=progress)
    if not with_competence:
        return report
    return report.model_copy(update={"competence": tuple(competence(panel, schema, progress))})


def _parts(panel: Panel, outlets: Mapping[str, str | None]) -> list[Parts]:
    # A sentence counts in the week in which its last answer was submitted: before, there was less to agree on.
    weeks = [max(filter(None, map(week_of, given.values())), default=None) for given in panel.given]
    return [Parts("outlet", [outlets.get(sentence.article_id) for sentence in panel.sentences]), Parts("week", weeks)]
