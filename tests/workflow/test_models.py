"""Which model is used: the one that is named, else the one in use."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from annotate.cli.main import app
from annotate.config import Workspace, open_workspace
from annotate.errors import ModelError
from annotate.models.folder import METRICS, in_use_file
from annotate.workflow.model import chosen_model, list_models, named_instead, use_model
from annotate.workflow.score import load_chosen


@pytest.fixture
def root(trained: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own, with the tiny model in use."""
    shutil.copytree(trained / "models", tmp_path / "work" / "models", copy_function=_linked)
    return tmp_path / "work"


def _linked(source: str, target: str) -> None:
    Path(target).hardlink_to(source)


def shown(workspace: Workspace) -> list[tuple[str, bool, bool]]:
    """Return name, whether it is in use and whether it is whole, of every model that is listed."""
    return [(each.name, each.in_use, each.record is not None) for each in list_models(workspace)]


def test_without_any_model_none_is_chosen(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert (chosen_model(workspace), list_models(workspace)) == (None, [])
    with pytest.raises(ModelError, match="no model yet; make one with `annot train`"):
        load_chosen(workspace)


def test_the_one_in_use_is_chosen_unless_another_is_named(root: Path) -> None:
    shutil.copytree(root / "models" / "tiny", root / "models" / "other")
    assert chosen_model(open_workspace(root)) == root.resolve() / "models" / "tiny"
    assert chosen_model(open_workspace(root, model="other")) == root.resolve() / "models" / "other"


def test_a_folder_elsewhere_can_be_named(root: Path, tmp_path: Path) -> None:
    (root / "models" / "tiny").rename(tmp_path / "moved")
    workspace = open_workspace(root, model=str(tmp_path / "moved"))
    assert chosen_model(workspace) == tmp_path / "moved"
    assert load_chosen(workspace).config.name == "moved"


def test_a_name_of_the_workspaces_own_wins_over_a_folder_here(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny").mkdir()
    monkeypatch.chdir(tmp_path)
    assert chosen_model(open_workspace(root, model="tiny")) == root.resolve() / "models" / "tiny"


def test_a_folder_in_the_settings_is_meant_from_where_they_stand(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "models" / "tiny").rename(root / "kept")
    (root / "annot.toml").write_text('model = "kept"', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_chosen(open_workspace(root)).config.name == "kept"


@pytest.mark.parametrize("name", ["v9", "v" * 300, "../v9", "a/b"])
def test_a_model_that_is_not_there_is_refused_in_one_line(root: Path, name: str) -> None:
    with pytest.raises(ModelError, match=r"no such model; `annot models` lists them[^\n]*$"):
        load_chosen(open_workspace(root, model=name))


def test_a_model_is_called_by_its_folder(root: Path) -> None:
    (root / "models" / "tiny").rename(root / "models" / "renamed")
    assert load_chosen(open_workspace(root, model="renamed")).config.name == "renamed"
    assert load_chosen(open_workspace(root, model=str(root / "models" / "." / "renamed"))).config.name == "renamed"


def test_every_model_is_listed_and_what_is_broken_as_broken(root: Path) -> None:
    for name in ("lacks-record", "lacks-all", ".v2.unfinished"):
        (root / "models" / name).mkdir()
    for path in (root / "models" / "tiny").iterdir():
        if path.name != METRICS:
            (root / "models" / "lacks-record" / path.name).hardlink_to(path)
    assert shown(open_workspace(root)) == [
        ("lacks-all", False, False),
        ("lacks-record", False, False),
        ("tiny", True, True),
    ]


def test_a_model_in_use_that_was_deleted_is_told_by_what_needs_it(root: Path) -> None:
    shutil.rmtree(root / "models" / "tiny")
    assert shown(open_workspace(root)) == []
    with pytest.raises(ModelError, match="tiny: no such model"):
        load_chosen(open_workspace(root))


def test_another_model_can_be_put_to_use(root: Path) -> None:
    shutil.copytree(root / "models" / "tiny", root / "models" / "v1")
    use_model(open_workspace(root), "v1")
    assert shown(open_workspace(root)) == [("tiny", False, True), ("v1", True, True)]


def test_a_model_that_the_settings_name_is_the_one_in_use_whatever_is_chosen(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(root / "models" / "tiny", root / "models" / "v1")
    workspace = open_workspace(root, model="tiny")
    use_model(workspace, "v1")
    assert shown(workspace) == [("tiny", True, True), ("v1", False, True)]
    assert (named_instead(workspace, "v1"), named_instead(workspace, "tiny")) == ("tiny", None)
    monkeypatch.chdir(root)
    assert named_instead(open_workspace(root, model="models/tiny"), "tiny") is None
    assert named_instead(open_workspace(root), "v1") is None
    (root / "annot.toml").write_text('model = "tiny"', "utf-8")
    told = CliRunner().invoke(app, ["-w", str(root), "models", "use", "v1"]).stdout
    assert told == "'tiny' stays in use, for the settings name it\n"


@pytest.mark.parametrize("name", ["v9", "", ".", "..", "../models/tiny", "in-use", "broken"])
def test_what_is_no_model_is_not_put_to_use(root: Path, name: str) -> None:
    (root / "models" / "broken").mkdir()
    with pytest.raises(ModelError):
        use_model(open_workspace(root), name)
    assert in_use_file(root / "models").read_text("utf-8") == "tiny\n"


@pytest.mark.parametrize("content", [b"../tiny", b"/tmp", b"models/tiny", b"..", b"", b"\xff", b"tiny\nv1\n"])
def test_a_file_that_names_no_model_of_the_workspace_is_refused(root: Path, content: bytes) -> None:
    path = in_use_file(root / "models")
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(ModelError, match="with `annot models use NAME`"):
        chosen_model(open_workspace(root))
    use_model(open_workspace(root), "tiny")
    assert chosen_model(open_workspace(root)) == root.resolve() / "models" / "tiny"
