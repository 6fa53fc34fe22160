"""One quickstart, and so one Label Studio and one training of the real base encoder, for every test in this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from end_to_end.sync_world import World
from end_to_end.team_server import Team, team_studio, why_not
from end_to_end.user_shell import Annotator, Quickstarted, Shell


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quickstarted]:
    workspace, home = tmp_path_factory.mktemp("workspace"), tmp_path_factory.mktemp("home")
    shell = Shell(workspace, home)
    try:
        yield Quickstarted(workspace, home, shell.annot("quickstart"))
    finally:
        shell.annot("studio", "stop")


@pytest.fixture(scope="session", autouse=True)
def _started_early(request: pytest.FixtureRequest) -> None:
    """Let the team's server make its database, which takes a minute, while other tests run."""
    if why_not() is None and any("team" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("demo")
        request.getfixturevalue("team")


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_studio(tmp_path_factory.mktemp("team")) as team:
        yield team


@pytest.fixture
def annotator(demo: Quickstarted, tmp_path: Path) -> Annotator:
    """The annotator of this test's own project."""
    return Annotator(demo.url, demo.local.credentials().token, tmp_path.name[-50:])


@pytest.fixture
def shell(demo: Quickstarted, annotator: Annotator, tmp_path: Path) -> Shell:
    """A fresh workspace that uses the shared Label Studio, with a project of its own."""
    settings = [
        f'url = "{annotator.url}"',
        f'api_key = "{annotator.token}"',
        f'project = "{annotator.title}"',
        'labels = ["data/labels.jsonl"]',
    ]
    (tmp_path / "annot.toml").write_text("\n".join(settings), "utf-8")
    return Shell(tmp_path, demo.home)


@pytest.fixture
def world(annotator: Annotator, schema: LabelSchema) -> Iterator[World]:
    """This test's own project, without the command line between."""
    with Studio(annotator.url, annotator.token) as studio:
        yield World(studio, schema, annotator.title)
