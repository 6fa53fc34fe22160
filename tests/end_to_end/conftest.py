"""One Label Studio for the tests in this folder; that of the quickstart, which is a newcomer's, has its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotate.schema import LabelSchema
from annotate.studio.client import Studio
from end_to_end.sync_world import World
from end_to_end.team_server import Team, free_port, team_studio, why_not
from end_to_end.user_shell import Annotator, Quickstarted, Shell, quickstarted


@pytest.fixture(scope="session")
def demo(
    tmp_path_factory: pytest.TempPathFactory, tiny_base: Path, request: pytest.FixtureRequest
) -> Iterator[Quickstarted]:
    """A workspace in which `annot quickstart` has trained a tiny base encoder, for nobody asks what it is worth."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "annot.toml").write_text(f'base = "{tiny_base}"\n', "utf-8")
    # Not at the usual port, at which the newcomer's server may be starting in another process.
    with quickstarted(workspace, tmp_path_factory.mktemp("home"), free_port()) as demo:
        assert demo.result.returncode == 0, demo.result.stderr
        # The team's server makes its database, which takes a minute, while other tests run.
        if why_not() is None and any("team" in getattr(item, "fixturenames", ()) for item in request.session.items):
            request.getfixturevalue("team")
        yield demo


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    with team_studio(tmp_path_factory.mktemp("team")) as team:
        yield team


@pytest.fixture
def annotator(demo: Quickstarted, tmp_path: Path) -> Annotator:
    """The annotator of this test's own project."""
    return demo.annotator(tmp_path.name)


@pytest.fixture
def shell(demo: Quickstarted, annotator: Annotator, tmp_path: Path) -> Shell:
    """A fresh workspace that uses the shared Label Studio, with a project of its own."""
    return demo.shell(annotator, tmp_path)


@pytest.fixture
def world(annotator: Annotator, schema: LabelSchema) -> Iterator[World]:
    """This test's own project, without the command line between."""
    with Studio(annotator.url, annotator.token) as studio:
        yield World(studio, schema, annotator.title)
