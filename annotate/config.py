"""Settings and the workspace: what the user chose, and where things lie.

An option wins over the environment, the environment over ``annot.toml``, and that over the defaults.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import regex
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError

from annotate.assets import asset
from annotate.errors import ConfigError
from annotate.record import Record

FILE = "annot.toml"
_STATE = ".annot"
_LABEL_STUDIO = {"LABEL_STUDIO_URL": "url", "LABEL_STUDIO_API_KEY": "api_key"}


Where = Literal["line", "next title", "titles", "list", "everything after", "start", "comments"]
Zone = Literal["head", "below", "foot", "comments", "last"]


def _plain_url(url: str) -> str:
    """Refuse an address with a password in it, for addresses are printed."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address must begin with http:// or https://")
    if parts.username or parts.password:
        raise ValueError("leave name and password out of the address, and set LABEL_STUDIO_API_KEY")
    return url.strip()


def _plain_token(token: SecretStr) -> SecretStr:
    plain = token.get_secret_value().strip()
    if not plain or not plain.isascii() or not plain.isprintable() or " " in plain:
        raise ValueError("not a token; copy it again from Label Studio's account page")
    return SecretStr(plain)


def _plain_secret(secret: SecretStr) -> SecretStr:
    plain = secret.get_secret_value()
    if not plain or not plain.isascii() or not plain.isprintable() or " " in plain:
        raise ValueError("a token has letters, digits and signs of ASCII, and no space")
    return secret


def _regular_expression(pattern: str) -> str:
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


def _language(code: str) -> str:
    if not re.fullmatch("[a-z]{2,3}", code):
        raise ValueError("not a language; use two or three small letters, such as en")
    return code


def _tables(value: object) -> object:
    if isinstance(value, str):
        raise ValueError(f"has tables, which stand in {FILE} alone")
    return value


class FurniturePattern(Record):
    """A user's rule for what is not running text; ``furniture_rules/any.toml`` explains the fields.

    ``outlet`` confines it to an outlet's articles, by its name or by the host of their addresses, as ``example.org``.
    """

    pattern: Annotated[str, Field(min_length=1), AfterValidator(_regular_expression)]
    kind: Annotated[str, Field(min_length=1)]
    where: Where = "line"
    zone: Zone | None = None
    outlet: str | None = None
    reason: str = "a pattern of this workspace"

    def applies_to(self, outlet: str | None, url: str | None) -> bool:
        """Tell whether the rule holds for an article of an outlet or from an address."""
        if self.outlet is None:
            return True
        wanted = self.outlet.casefold()
        host = (urlsplit(url).hostname or "") if url else ""
        return wanted == (outlet or "").casefold() or host == wanted or host.endswith(f".{wanted}")


class Settings(Record):
    """What can be set in ``annot.toml``, or as ``ANNOT_<NAME>`` in the environment.

    With a ``url`` the Label Studio there is used, otherwise the embedded one. ``ca_bundle`` is a file of the
    authorities (PEM) that may sign its certificate, in place of the usual ones. ``labels`` are the files that `train`
    and `evaluate` read, relative to the workspace; those that do not exist are passed over. With ``starter``, few of
    them start from the package's starter labels. ``language`` is an ISO 639-1 code. ``serve_token`` is what `annot
    serve` demands of whoever asks it. ``furniture`` are patterns beside those that come with the package.
    """

    url: Annotated[str, AfterValidator(_plain_url)] | None = None
    api_key: Annotated[SecretStr, AfterValidator(_plain_token)] | None = None
    verify_tls: bool = True
    ca_bundle: Path | None = None
    project: Annotated[str, Field(min_length=3, max_length=50)] = "annot"
    model: str | None = None
    base: str | None = None
    labels: tuple[str, ...] = ("data/labels.jsonl", "seeds/labels.jsonl")
    starter: bool = True
    language: Annotated[str, AfterValidator(_language)] = "en"
    serve_token: Annotated[SecretStr, AfterValidator(_plain_secret)] | None = None
    furniture: Annotated[tuple[FurniturePattern, ...], BeforeValidator(_tables)] = ()


class Workspace(Record):
    """A folder with its settings: where records, models and the embedded Label Studio live."""

    root: Path
    settings: Settings

    @property
    def schema_file(self) -> Path:
        """The labeling configuration: the workspace's own, or the one that comes with the package."""
        own = self.root / "labeling_config.xml"
        return own if own.exists() else asset("labeling_config.xml")

    @property
    def ledger_file(self) -> Path:
        """The page on which predictions are judged: the workspace's own, or the one that comes with the package."""
        own = self.root / "ledger_config.xml"
        return own if own.exists() else asset("ledger_config.xml")

    @property
    def verdicts_file(self) -> Path:
        """Where what people made of predictions goes."""
        return self.root / "data" / "verdicts.jsonl"

    @property
    def codebook(self) -> Path:
        """The annotators' instructions: the workspace's own, or those that come with the package."""
        own = (self.root / name for name in ("codebook.md", "docs/codebook.md"))
        return next((path for path in own if path.is_file()), asset("codebook.md"))

    @property
    def labels_file(self) -> Path:
        """Where pulled labels go."""
        return self.root / "data" / "labels.jsonl"

    @property
    def gold_file(self) -> Path:
        """Where adjudicated labels go."""
        return self.root / "data" / "gold.jsonl"

    @property
    def test_file(self) -> Path:
        """Where the sentences are named that no model learns from."""
        return self.root / "data" / "test.jsonl"

    @property
    def label_files(self) -> list[Path]:
        """The label files that there are."""
        return [path for name in self.settings.labels if (path := self.root / name).is_file()]

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.root / "models"

    @property
    def state(self) -> Path:
        """The folder of what the workspace keeps for itself."""
        return self.root / _STATE

    @property
    def exists(self) -> bool:
        """Whether the folder was made a workspace, by its settings or by what was pushed from it."""
        return (self.root / FILE).is_file() or self.state.is_dir()

    @property
    def catalogue(self) -> Path:
        """Where it is kept which articles were read from which source."""
        return self.state / "articles.db"

    @property
    def studio(self) -> Path:
        """The folder of the embedded Label Studio."""
        return self.state / "studio"


def open_workspace(root: Path | None = None, **options: object) -> Workspace:
    """Open the workspace at ``root``, else at ``ANNOT_WORKSPACE``, else around the current folder.

    Options that are ``None`` count as not given.

    Raises:
        ConfigError: There is no such folder, or a setting has no such name or cannot have that value.
    """
    root = root or (Path(os.environ["ANNOT_WORKSPACE"]) if os.environ.get("ANNOT_WORKSPACE") else _around(Path.cwd()))
    if not root.is_dir():
        raise ConfigError(f"{root}: no such folder to work in; make it first")
    given = {name: value for name, value in options.items() if value is not None}
    chosen = _known(_from_file(root / FILE), root / FILE) | _from_environment(os.environ) | given
    try:
        return Workspace(root=root.resolve(), settings=Settings.model_validate(chosen))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"setting '{'.'.join(map(str, first['loc']))}': {reason}") from error


def user_folder() -> Path:
    """Return where what belongs to the user and not to a workspace is kept."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "annot"


def _known(settings: dict[str, Any], path: Path) -> dict[str, Any]:
    unknown = sorted(settings.keys() - Settings.model_fields.keys())
    if unknown:
        raise ConfigError(f"{path}: no such setting: '{unknown[0]}'; there are {', '.join(Settings.model_fields)}")
    folders = {name: _from_here(path.parent, str(settings[name])) for name in ("model", "base") if name in settings}
    files = {name: path.parent / str(settings[name]) for name in ("ca_bundle",) if name in settings}
    return settings | folders | files


def _from_here(root: Path, value: str) -> str:
    """Return a folder's path as it is meant in ``annot.toml``: from there. Names, as of models, stay names."""
    is_name = (root / "models" / value).is_dir() or not (root / value).is_dir()
    return value if is_name else str(root / value)


def _around(folder: Path) -> Path:
    """Return the nearest folder, this one or above it, that is a workspace; else this one."""
    return next((f for f in (folder, *folder.parents) if (f / FILE).is_file() or (f / _STATE).is_dir()), folder)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    own = {f"ANNOT_{name.upper()}": name for name in Settings.model_fields}
    # In this order: of two variables for one setting, ours wins.
    found: dict[str, Any] = {
        name: environment[key] for key, name in (_LABEL_STUDIO | own).items() if environment.get(key)
    }
    if "labels" in found:
        found["labels"] = found["labels"].split(os.pathsep)
    return found
