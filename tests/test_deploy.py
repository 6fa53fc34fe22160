"""The team server's compose file: as far as it can be known without Docker."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "deploy" / "compose.yaml").read_text("utf-8")
SECRETS = re.compile("PASSWORD|TOKEN|KEY|SECRET")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(TEXT)["services"]
    return found


def example() -> dict[str, str]:
    lines = (ROOT / "deploy" / ".env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", maxsplit=1) for line in lines if line and not line.startswith("#"))


def test_the_variables_asked_for_are_those_of_the_example_and_have_no_default() -> None:
    asked = re.findall(r"\$\{(\w+)([^}]*)\}", TEXT)
    assert {name for name, _ in asked} == set(example())
    assert {rest.startswith(":?") for _, rest in asked} == {True}
    assert set(example().values()) == {""}


def test_no_secret_is_written_down(services: dict[str, Any]) -> None:
    settings = [pair for service in services.values() for pair in service.get("environment", {}).items()]
    secrets = [value for name, value in settings if SECRETS.search(name)]
    assert secrets
    assert {value.startswith("${") for value in secrets} == {True}


def test_label_studio_is_the_version_that_is_tested(services: dict[str, Any]) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    (pinned,) = extras["studio"]
    assert services["label-studio"]["image"].split(":")[1] == pinned.split("==")[1]


def test_label_studio_is_told_of_the_database_that_is_there(services: dict[str, Any]) -> None:
    told, made = services["label-studio"]["environment"], services["database"]["environment"]
    assert told["POSTGRE_HOST"] in services
    assert (told["POSTGRE_NAME"], told["POSTGRE_USER"]) == (made["POSTGRES_DB"], made["POSTGRES_USER"])
    assert told["POSTGRE_PASSWORD"] == made["POSTGRES_PASSWORD"]


def test_only_the_proxy_is_reached_from_outside(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_what_is_kept_lies_in_volumes_that_are_declared(services: dict[str, Any]) -> None:
    used = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert used == set(yaml.safe_load(TEXT)["volumes"])


def test_every_variable_is_explained() -> None:
    told = (ROOT / "docs" / "team-server.md").read_text("utf-8")
    assert not [name for name in example() if f"`{name}`" not in told]
