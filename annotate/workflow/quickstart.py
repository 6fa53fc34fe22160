"""`annot quickstart`: the whole loop on the five seed articles, from nothing."""

from dataclasses import dataclass
from pathlib import Path

from annotate.assets import asset
from annotate.config import Workspace
from annotate.corpus.store import write_text
from annotate.models.folder import in_use, model_names
from annotate.progress import Progress, silent
from annotate.schema import LabelSchema
from annotate.scoring.report import render_report
from annotate.studio.local import LocalStudio
from annotate.studio.pre_annotation import PreAnnotator
from annotate.studio.push import Pushed, PushOptions
from annotate.workflow.articles import read_articles
from annotate.workflow.model import use_model
from annotate.workflow.score import load_chosen, score_documents
from annotate.workflow.studio import connected
from annotate.workflow.sync import PullResult, pull_from, push_to

STARTER = "starter"
REPORT = "report.html"


@dataclass(frozen=True)
class QuickstartResult:
    """What each step did; ``trained`` and ``report_changed`` are false where there was nothing to do."""

    trained: bool
    project_url: str
    pushed: Pushed
    pull: PullResult
    report: Path
    report_changed: bool

    @property
    def summary(self) -> list[str]:
        """What each step came to, a line each."""
        model = f"model: {STARTER} trained on the starter labels" if self.trained else "model: the one in use"
        report = f"report: {self.report}" if self.report_changed else f"report: {self.report}, unchanged"
        pushed = f"pushed: {self.pushed.summary}: {self.project_url}"
        return [model, pushed, f"pulled: {self.pull.summary}", report]

    @property
    def changed(self) -> bool:
        """Whether anything is other than before."""
        return any((self.trained, self.pushed.changed, self.pull.file.changed, self.report_changed))


def quickstart(workspace: Workspace, progress: Progress = silent) -> QuickstartResult:
    """Run the loop once; what is done already is left as it is.

    The starter model is trained while Label Studio starts, and only where no model is in use.
    """
    prepare(workspace)
    needs_model = workspace.settings.model is None and not _has_model(workspace)

    def meanwhile() -> None:
        if needs_model:
            # Only here, for it takes seconds to load and is not needed the second time.
            from annotate.workflow.train import TrainOptions, train

            train(
                workspace,
                [workspace.root / "seeds" / "labels.jsonl"],
                options=TrainOptions(name=STARTER),
                progress=progress,
            )

    documents = read_articles(workspace, sorted(map(str, (workspace.root / "seeds").glob("*.txt"))))
    with connected(workspace, progress, meanwhile) as studio:
        model = load_chosen(workspace, progress)
        options = PushOptions(PreAnnotator(model.config.name, model))
        url, pushed = push_to(studio, workspace, documents, options, progress)
        progress("Pulling labels")
        pulled = pull_from(studio, workspace)
        report = workspace.root / REPORT
        titled = (document for document in documents if document.article and document.article.title)
        shown = next(titled, documents[0])
        changed = write_text(report, [render_report(score_documents(model, [shown]), model.schema)])
    return QuickstartResult(needs_model, url, pushed, pulled, report, changed)


def _has_model(workspace: Workspace) -> bool:
    """Tell whether a model is in use; a starter that was left before it could be is put to use."""
    if in_use(workspace.models) is None and STARTER in model_names(workspace.models):
        use_model(workspace, STARTER)
    return in_use(workspace.models) is not None


def prepare(workspace: Workspace) -> None:
    """Copy into the workspace what it lacks: the labeling configuration, to be edited, and the seed articles."""
    schema = workspace.root / "labeling_config.xml"
    if not schema.exists():
        write_text(schema, [LabelSchema.read(asset("labeling_config.xml")).xml])
    seeds = workspace.root / "seeds"
    for source in sorted(asset("seeds").iterdir()):
        if source.suffix in (".txt", ".jsonl", ".md") and not (seeds / source.name).exists():
            write_text(seeds / source.name, [source.read_bytes().decode("utf-8")])


def embedded_account(workspace: Workspace) -> tuple[str, str] | None:
    """Return user name and password of the embedded server, or ``None`` when another is configured."""
    if workspace.settings.url is not None:
        return None
    account = LocalStudio(workspace.studio).credentials()
    return account.username, account.password
