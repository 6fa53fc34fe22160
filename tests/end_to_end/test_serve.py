"""A served model suggests while people label, learns from them, and its successor suggests from then on."""

import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from annotate.corpus.segmentation import read_article
from annotate.models.folder import METRICS
from annotate.models.training_record import read_training_record
from annotate.studio.client import Studio
from annotate.studio.tasks import to_task
from end_to_end.browser import CHROMIUM, chromium, laptop, log_in, photograph
from end_to_end.serving import serving
from end_to_end.user_shell import Annotator, Quickstarted, Shell, choices, loaded

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: install Debian's package chromium")
PEOPLE = ("Ada One", "Bea Two", "Cyd Three")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def login(demo: Quickstarted, browser: Browser) -> StorageState:
    account = demo.local.credentials()
    return log_in(browser, demo.url, account.username, account.password)


@pytest.fixture
def served(shell: Shell, annotator: Annotator, trained: Path, tiny_base: Path) -> Shell:
    """A workspace with a tiny model in use, and thirty sentences of three articles in Label Studio."""
    shutil.copytree(trained / "models", shell.workspace / "models")
    with (shell.workspace / "annot.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\nbase = "{tiny_base}"\n')
    for number in range(3):
        text = [f"The reckless scheme number {number}.{i} will fail." for i in range(5)]
        text += [f"The council met on day {number}.{i}." for i in range(5)]
        (shell.workspace / f"article{number}.txt").write_text("\n".join(text), "utf-8")
    shell.done("push", "--lines", *sorted(shell.workspace.glob("article*.txt")))
    _has_learned_from(shell.workspace / "models" / "tiny", {task["data"]["article_id"] for task in annotator.tasks()})
    return shell


def _has_learned_from(folder: Path, articles: set[str]) -> None:
    """Have a model know articles, so that its successor, which is as small, cannot be found worse on them."""
    record = read_training_record(folder)
    data = record.data.model_copy(update={"articles": tuple(sorted(articles))})
    (folder / METRICS).write_text(record.model_copy(update={"data": data}).model_dump_json(), "utf-8")


def people(demo: Quickstarted) -> list[int]:
    """Return the numbers of three annotators who have accounts."""
    for name in PEOPLE:
        demo.done("annotators", "add", name)
    with Studio(demo.url, demo.local.credentials().token) as studio:
        return [person.id for person in studio.people() if person.name in PEOPLE]


def add_task(annotator: Annotator, text: str) -> int:
    """Add a task without any suggestion, and return its number."""
    (sentence,) = read_article(text).sentences
    annotator.ask("POST", f"projects/{annotator.project['id']}/import", [{"data": to_task(sentence, None)}])
    return annotator.task(text)


def expect_suggested(page: Page, annotator: Annotator, task: int, version: str) -> None:
    """Open a task, and check that what a version suggests is chosen before anybody has done anything."""
    page.goto(f"{annotator.url}/projects/{annotator.project['id']}/data?task={task}")
    expect(page.locator(".sent")).to_be_visible()
    expect(page.locator(".lsf-choice")).to_have_count(3)
    chosen = page.locator(".lsf-choice", has=page.locator("input:checked"))
    expect(chosen.first).to_be_visible()  # one at least: "none" is a choice too
    # The page may draw its choices once more, so what they say is waited for. A choice ends with its key.
    names = suggested(annotator, task, version)
    expect(chosen).to_have_text([re.compile(rf"^{re.escape(name)}\s*\[?\d?\]?$") for name in names])


def suggested(annotator: Annotator, task: int, version: str) -> list[str]:
    """Return what a version suggests for a task: its choices, by Label Studio's own record.

    Where a page asks twice before the first answer is there, Label Studio keeps both answers; they are the same.
    """
    found: dict[str, Any] = annotator.ask("GET", f"tasks/{task}")
    made = [each["result"] for each in found["predictions"] if each["model_version"] == version]
    chosen = [
        [name for item in each if item["type"] == "choices" for name in item["value"]["choices"]] for each in made
    ]
    assert chosen == [chosen[0]] * len(chosen)
    return chosen[0]


def label_all(annotator: Annotator, numbers: list[int]) -> None:
    """Answer every open task, in turn by each of some people; of every label the tiny model knows, some carry it."""
    open_tasks = [task for task in annotator.tasks() if "harbour" not in task["data"]["sentence"]]
    assert len(open_tasks) == 30
    for place, task in enumerate(open_tasks):
        text, by = task["data"]["sentence"], numbers[place % len(numbers)]
        predicts = "reckless" in text
        other = "Unsourced claim" if text.endswith(".0.") else "None of these"
        answer = [loaded(text, "reckless"), choices("Prediction")] if predicts else [choices(other)]
        annotator.submit(task["id"], *answer, completed_by=by)


def test_people_label_a_model_learns_and_its_successor_suggests(
    demo: Quickstarted, served: Shell, annotator: Annotator, browser: Browser, login: StorageState
) -> None:
    numbers = people(demo)
    with serving(served, "--connect", "--after", "30") as server, laptop(browser, login) as page:
        server.heard("connected with project")
        task = add_task(annotator, "Nobody knows the harbour.")
        expect_suggested(page, annotator, task, "tiny")
        label_all(annotator, numbers)
        assert "trained with 30 new annotations: 'v1' is in use" in server.heard("trained with")
        server.heard("'v1' answers from here on")
        server.heard("pre-annotation")
        assert server.ask("/versions").json() == {"versions": ["tiny", "v1"], "in_use": "v1"}
        assert annotator.project["model_version"] == "v1"
        later = add_task(annotator, "Another reckless scheme will fail.")
        expect_suggested(page, annotator, later, "v1")
        photograph(page, "live-suggestion")
        assert served.done("models", "use", "tiny") == "tiny is in use\n"
        server.heard("'tiny' answers from here on")
        server.heard("renewed")
        assert suggested(annotator, later, "tiny")
        assert server.end() == 0
    assert annotator.ask("GET", f"ml/?project={annotator.project['id']}") == []
    assert annotator.ask("GET", f"webhooks/?project={annotator.project['id']}") == []
    assert annotator.project["model_version"] == "tiny"
    assert served.done("pull").startswith("30 annotations, 0 skipped")


def test_a_server_that_is_killed_is_followed_by_the_next(served: Shell, annotator: Annotator) -> None:
    for _ in range(2):
        with serving(served, "--connect", "--after", "0", "--token", "correct-horse-battery") as server:
            server.heard("connected with project")
            task = add_task(annotator, f"Nobody knows the harbour at {server.url}.")
            annotator.ask("GET", f"tasks/{task}")
            assert suggested(annotator, task, "tiny")
            server.end(signal.SIGKILL)
    (left,) = annotator.ask("GET", f"ml/?project={annotator.project['id']}")
    assert left["url"] == server.url
    task = add_task(annotator, "Nobody knows the harbour now.")
    assert annotator.submit(task, choices("None of these"))
    assert "correct-horse" not in "".join(server.said)


def test_a_button_starts_a_training_and_a_kill_of_it_changes_nothing(served: Shell, annotator: Annotator) -> None:
    with serving(served, "--connect", "--after", "0") as server:
        server.heard("connected with project")
        (backend,) = annotator.ask("GET", f"ml/?project={annotator.project['id']}")
        annotator.ask("POST", f"ml/{backend['id']}/train")
        assert "no labels" in server.heard("not done")
        assert server.ask("/versions").json()["in_use"] == "tiny"


def test_a_project_that_asks_something_else_is_refused(served: Shell) -> None:
    schema = (Path(__file__).parents[2] / "labeling_config.xml").read_text("utf-8")
    (served.workspace / "labeling_config.xml").write_text(schema.replace("Prediction", "Forecast"), "utf-8")
    refused = served.annot("serve", "--connect", "--port", "0")
    assert refused.returncode == 1
    assert "does not know 'Forecast'" in refused.stderr


def test_a_person_pastes_a_text_and_sees_it_marked_up(served: Shell, browser: Browser) -> None:
    with serving(served) as server:
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.url)
        page.get_by_role("textbox").fill("The Harbour Plan\n\nThe reckless scheme will fail. <b>Nobody</b> knows.")
        photograph(page, "paste-page")
        page.get_by_role("button", name="Mark it up").click()
        expect(page.get_by_role("heading", name="Profile")).to_be_visible()
        expect(page.get_by_text("Labels suggested by tiny")).to_be_visible()
        expect(page.locator(".sentence", has_text="Nobody")).to_be_visible()
        expect(page.locator(".sentence b")).to_have_count(0)
        photograph(page, "paste-report")
        page.get_by_role("link", name="Mark up another text").click()
        page.get_by_role("textbox").fill(f"{server.url}/")
        page.get_by_role("button", name="Mark it up").click()
        expect(page.get_by_role("alert")).to_contain_text("not a public address")
        assert [text for text in complaints if "400" not in text] == []
        page.close()


def test_what_is_wrong_is_one_line(served: Shell) -> None:
    def line(*options: str) -> str:
        refused = served.annot("serve", *options)
        assert refused.returncode == 1
        (last,) = refused.stderr.splitlines()
        return last

    assert "give a token with --token" in line("--host", "0.0.0.0")
    assert "setting 'serve_token'" in line("--host", "0.0.0.0", "--token", "two words")
    with serving(served) as server:
        assert "choose another with --port" in line("--port", server.url.rpartition(":")[2])
