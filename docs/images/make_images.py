"""Make the pictures of the README from a workspace in which `annot quickstart` has run: ``make images``."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import FloatRect, Page, ViewportSize, sync_playwright

from annotate.config import Workspace, open_workspace
from annotate.studio.client import Studio
from annotate.studio.local import LocalStudio

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
        browser.close()


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
