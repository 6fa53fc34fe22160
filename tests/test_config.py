"""An option wins over the environment, the environment over annot.toml, and that over the defaults."""

import os
from pathlib import Path

import pytest

from annotate.config import open_workspace
from annotate.errors import ConfigError


def test_an_option_wins_over_the_environment_that_over_the_file_and_that_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_workspace(tmp_path).settings.project == "annot"
    (tmp_path / "annot.toml").write_text('project = "of the file"', "utf-8")
    assert open_workspace(tmp_path).settings.project == "of the file"
    monkeypatch.setenv("ANNOT_PROJECT", "of the environment")
    assert open_workspace(tmp_path, project=None).settings.project == "of the environment"
    assert open_workspace(tmp_path, project="of the option").settings.project == "of the option"


def test_label_studios_own_variables_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "https://studio.example.org")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "of-my-account")
    settings = open_workspace(tmp_path).settings
    assert settings.url == "https://studio.example.org"
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "of-my-account"


def test_the_token_is_not_shown(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path, api_key="of-my-account")
    assert "of-my-account" not in f"{workspace!r} {workspace} {workspace.model_dump_json()}"


def test_label_files_in_the_environment_are_separated_like_paths(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.jsonl").touch()
    monkeypatch.setenv("ANNOT_LABELS", os.pathsep.join(("a.jsonl", "b.jsonl")))
    assert open_workspace(tmp_path).settings.labels == ("a.jsonl", "b.jsonl")
    assert open_workspace(tmp_path).label_files == [tmp_path.resolve() / "b.jsonl"]


def test_an_empty_variable_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOT_PROJECT", "")
    assert open_workspace(tmp_path).settings.project == "annot"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'colour = "red"', r"annot\.toml: no such setting: 'colour'; there are url, "),
        (b'language = "English"', "setting 'language': "),
        (b'project = "ab"', "setting 'project': .* at least 3 characters"),
        (b"project = ", r"annot\.toml: not valid TOML: "),
        (b'project = "\xff"', r"annot\.toml: not valid TOML: "),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "annot.toml").write_bytes(content)
    with pytest.raises(ConfigError, match=message) as refused:
        open_workspace(tmp_path)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("code", ["english", "EN", "e", "en-GB", ""])
def test_what_is_no_language_is_refused_with_what_one_is(tmp_path: Path, code: str) -> None:
    with pytest.raises(ConfigError, match=r"'language': not a language; use two or three small letters, such as en$"):
        open_workspace(tmp_path, language=code)
    assert open_workspace(tmp_path, language="deu").settings.language == "deu"


def test_a_refused_token_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "annot.toml").write_text('api_key = ["of-my-account"]', "utf-8")
    with pytest.raises(ConfigError, match="setting 'api_key'") as refused:
        open_workspace(tmp_path)
    assert "of-my-account" not in str(refused.value)


@pytest.mark.parametrize("mark", ["annot.toml", ".annot"])
def test_the_nearest_workspace_above_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str) -> None:
    deep = tmp_path / "outer" / "inner" / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "outer" / "annot.toml").touch()
    inner = tmp_path / "outer" / "inner" / mark
    inner.mkdir() if mark == ".annot" else inner.touch()
    monkeypatch.chdir(deep)
    assert open_workspace().root == (tmp_path / "outer" / "inner").resolve()


def test_without_a_workspace_above_the_current_folder_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert open_workspace().root == tmp_path.resolve()


def test_the_environment_may_name_the_workspace_and_an_option_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, asked = tmp_path / "named", tmp_path / "asked"
    named.mkdir()
    asked.mkdir()
    monkeypatch.setenv("ANNOT_WORKSPACE", str(named))
    assert open_workspace().root == named.resolve()
    assert open_workspace(asked).root == asked.resolve()


def test_a_workspace_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder to work in"):
        open_workspace(tmp_path / "missing")


def test_the_workspaces_own_labeling_configuration_wins(tmp_path: Path, repository: Path) -> None:
    workspace = open_workspace(tmp_path)
    assert workspace.schema_file == repository / "labeling_config.xml"
    own = tmp_path.resolve() / "labeling_config.xml"
    own.touch()
    assert workspace.schema_file == own


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('pattern = "a(", kind = "x"', r"setting 'furniture.0.pattern': not a regular expression: missing \)"),
        ('pattern = "a", kind = "x", zonk = "head"', "setting 'furniture.0.zonk'"),
        ('pattern = "a", kind = "x", zone = "middle"', "setting 'furniture.0.zone'"),
        ('pattern = "a"', "setting 'furniture.0.kind'"),
    ],
)
def test_a_pattern_for_furniture_that_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, table: str, message: str
) -> None:
    (tmp_path / "annot.toml").write_text(f"furniture = [{{ {table} }}]", "utf-8")
    with pytest.raises(ConfigError, match=message) as refused:
        open_workspace(tmp_path)
    assert "\n" not in str(refused.value)


def test_patterns_for_furniture_are_not_read_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOT_FURNITURE", "a.*")
    with pytest.raises(ConfigError, match=r"setting 'furniture': has tables, which stand in annot\.toml alone"):
        open_workspace(tmp_path)
