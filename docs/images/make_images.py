"""Make the pictures of the README from a workspace in which `annot quickstart` has run: ``make images``."""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import FloatRect, Page, ViewportSize, sync_playwright

from annotate.annotation import Scores
from annotate.config import Workspace, open_workspace
from annotate.corpus.ingest import Reading
from annotate.corpus.segmentation import Document
from annotate.corpus.store import write_records
from annotate.models.training_record import read_out_of_fold
from annotate.scoring.comparison_page import render_comparison
from annotate.scoring.ledger_page import render_ledger
from annotate.scoring.source_page import render_sources
from annotate.scoring.source_profile import Survey
from annotate.studio.client import Studio
from annotate.studio.local import LocalStudio
from annotate.workflow.articles import Listeners, read_articles
from annotate.workflow.ledger import LedgerOptions, find_predictions, read_ledger
from annotate.workflow.model import chosen_model
from annotate.workflow.profile import profile_articles, read_scores

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PASSAGE = 5  # sentences
PUBLISHED = ("2015-05-12", "2015-05-08", "2015-12-28", "2013-11-13", "2017-06-11")  # as in docs/ledger.md
SHOWN = "In a desperate attempt to end the Syrian war"
SIZE: ViewportSize = {"width": 1280, "height": 720}
PAGE: FloatRect = {"x": 240, "y": 90, "width": 1040, "height": 630}  # without the list of tasks at its side


def main() -> None:
    """Photograph a task as an annotator sees it, and the pages."""
    workspace = open_workspace(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport=SIZE)
        photograph(page, "report", (workspace.root / "report.html").read_text("utf-8"))
        photograph_sources(page, workspace)
        photograph(page, "ledger", ledger(workspace))
        photograph_task(browser.new_page(viewport=SIZE), workspace)
        browser.close()


def photograph(page: Page, name: str, html: str, at: str = "") -> None:
    """Take the picture of a page, from a place on it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.html"
        file.write_text(html, "utf-8")
        page.goto(f"{file.as_uri()}{at}")
        page.screenshot(path=HERE / f"{name}.png")


def photograph_sources(page: Page, workspace: Workspace) -> None:
    """Take the pictures of profiles of sources, which are the authors of the five articles."""
    with TemporaryDirectory() as folder:
        scores = Path(folder) / "scores.jsonl"
        write_records(scores, passages(workspace))
        survey = Survey(by="author", minimum=5, today=date.today())
        made = profile_articles(workspace, read_scores([str(scores)]), survey, with_texts=True)
    photograph(page, "sources", render_sources(made.profiles, made.schema, made.articles), "#source-1")
    photograph(page, "comparison", render_comparison(made.profiles, made.schema), "#label-0")


def passages(workspace: Workspace) -> Iterator[Scores]:
    """Yield scores of the five articles, each cut into passages that stand for articles.

    They are those of cross-validation: what scored an article had not learned from it.
    """
    model = chosen_model(workspace)
    if model is None:
        sys.exit("no model yet: run `annot quickstart` first")
    articles = {document.article.id: document.article for document in seeds(workspace) if document.article}
    own = [score for score in read_out_of_fold(model) if score.section != "comment"]
    for place, score in enumerate(own):
        known = {name: getattr(score, name) for name in Scores.model_fields}
        name = f"{score.article_id}-{place // PASSAGE}"
        yield Scores(**known | {"article_id": name, "article": articles[score.article_id].citation})


def ledger(workspace: Workspace) -> str:
    """Make the page of the ledger, of the days near which the articles were published (see ``docs/ledger.md``)."""
    documents = [
        document.model_copy(update={"article": document.article.model_copy(update={"published": published})})
        for document, published in zip(seeds(workspace), PUBLISHED, strict=True)
        if document.article
    ]
    options = LedgerOptions(date.today())
    entries = read_ledger(workspace, find_predictions(workspace, documents, options), options)
    return render_ledger(entries, [], options.today)


def seeds(workspace: Workspace) -> list[Document]:
    """Read the five articles."""
    return list(read_articles(workspace, [str(ROOT / "seeds")], Reading(), Listeners(), remember=False))


def photograph_task(page: Page, workspace: Workspace) -> None:
    """Log in, open the task of one sentence, and take its picture."""
    local = LocalStudio(workspace.studio)
    server, account = local.wait(local.launch()), local.credentials()
    with Studio(server.url, account.token) as studio:
        project = studio.find_project(workspace.settings.project)
        if project is None:
            sys.exit("no project yet: run `annot quickstart` first")
        task = next(task for task in studio.tasks(project) if task.data["sentence"].startswith(SHOWN))
    page.goto(f"{server.url}/user/login/")
    page.fill("input[name=email]", account.username)
    page.fill("input[name=password]", account.password)
    page.click("button[type=submit]")
    page.wait_for_selector("text=Welcome")
    page.goto(f"{server.url}/projects/{project.id}/data?task={task.id}")
    page.wait_for_selector(".sent")
    page.wait_for_timeout(1000)  # ms; highlights come after the text
    page.screenshot(path=HERE / "labelling.png", clip=PAGE)


if __name__ == "__main__":
    main()
