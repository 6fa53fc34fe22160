"""Make the pictures of the README from a workspace in which `annot quickstart` has run: ``make images``."""

import os
import shutil
import sys
from collections.abc import Iterator, Set
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import FloatRect, Page, ViewportSize, sync_playwright

from annotate.annotation import Scores
from annotate.config import Workspace, open_workspace
from annotate.schema import LabelSchema
from annotate.scoring.adjusted import Confusion
from annotate.scoring.corpus import collect
from annotate.scoring.profile import Evidence
from annotate.scoring.source_page import render_sources
from annotate.scoring.source_profile import Survey
from annotate.scoring.sources import profile_sources
from annotate.studio.client import Studio
from annotate.studio.local import LocalStudio
from annotate.workflow.profile import profile_articles
from benchmarks.profiles.made_up import scores

HERE = Path(__file__).parent
SHOWN = "In a desperate attempt to end the Syrian war"
SIZE: ViewportSize = {"width": 1280, "height": 720}
PAGE: FloatRect = {"x": 240, "y": 90, "width": 1040, "height": 630}  # without the list of tasks at its side


def main() -> None:
    """Photograph a task as an annotator sees it, and the report."""
    workspace = open_workspace(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        flags = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        photograph_task(browser.new_page(viewport=SIZE), workspace)
        page = browser.new_page(viewport=SIZE)
        page.goto((workspace.root / "report.html").as_uri())
        page.screenshot(path=HERE / "report.png")
        photograph_sources(browser.new_page(viewport=SIZE), workspace)
        browser.close()


def photograph_sources(page: Page, workspace: Workspace) -> None:
    """Take the picture of profiles of sources, with made-up scores."""

    def read(articles: Set[str] | None) -> Iterator[Scores]:
        made = scores(600, LabelSchema.read(workspace.schema_file), n_outlets=4)
        return (score for score in made if articles is None or score.article_id in articles)

    made = profile_articles(workspace, read, Survey(today=date(2025, 1, 1)), with_texts=True)
    errors = {name: Confusion(400, 320, 1600, 100) for name in (label.name for label in made.schema.labels)}
    evidence = Evidence(errors=errors)
    corpus = collect(read(None), made.schema, evidence, date(2025, 1, 1))
    profiles = profile_sources(corpus, made.schema, evidence, Survey(today=date(2025, 1, 1)))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "sources.html"
        file.write_text(render_sources(profiles, made.schema, made.articles), "utf-8")
        page.goto(f"{file.as_uri()}#source-4")
        page.screenshot(path=HERE / "sources.png")


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
