"""Tokens in a keyring, and in a file where there is none."""

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import KeyringLocked
from pydantic import SecretStr

from annotate.errors import StudioError
from annotate.studio.tokens import Tokens

URL = "https://Label.Example.org:443/"
SAME = "https://label.example.org"


class MemoryKeyring(KeyringBackend):
    """A keyring that lasts as long as the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedKeyring(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("s3cret")


@pytest.fixture(autouse=True)
def _own_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "annot" / "tokens.json")


def found(tokens: Tokens, url: str) -> str | None:
    token = tokens.find(url)
    return None if token is None else token.get_secret_value()


@pytest.mark.parametrize("backend", [MemoryKeyring, NoKeyring, NullKeyring])
def test_a_token_is_kept_replaced_and_forgotten_by_address(tokens: Tokens, backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    tokens.keep(URL, SecretStr("old"))
    tokens.keep(URL, SecretStr("new"))
    assert [found(tokens, url) for url in (URL, SAME, "https://other.example.org")] == ["new", "new", None]
    assert [tokens.forget(SAME), tokens.forget(SAME), found(tokens, URL)] == [True, False, None]


def test_with_a_keyring_no_file_is_written(tokens: Tokens) -> None:
    keyring.set_keyring(MemoryKeyring())
    assert tokens.keep(URL, SecretStr("s3cret")) == "the system's keyring"
    assert not tokens.file.parent.exists()


def test_without_a_keyring_the_file_is_for_its_owner_alone(tokens: Tokens) -> None:
    keyring.set_keyring(NoKeyring())
    assert tokens.keep(URL, SecretStr("s3cret")) == str(tokens.file)
    assert stat.S_IMODE(tokens.file.stat().st_mode) == 0o600


def test_a_token_of_a_time_without_keyring_is_found_and_forgotten(tokens: Tokens) -> None:
    keyring.set_keyring(NoKeyring())
    tokens.keep(URL, SecretStr("s3cret"))
    keyring.set_keyring(MemoryKeyring())
    assert found(tokens, URL) == "s3cret"
    tokens.keep(URL, SecretStr("other"))
    assert "s3cret" not in tokens.file.read_text("utf-8")


@pytest.mark.parametrize("content", [b"{", b'{"tokens": {"a": 5}}', b'{"s3cret": 1}'])
def test_a_broken_file_is_told_without_what_it_holds(tokens: Tokens, content: bytes) -> None:
    keyring.set_keyring(NoKeyring())
    tokens.file.parent.mkdir()
    tokens.file.write_bytes(content)
    with pytest.raises(StudioError, match=r"tokens\.json: cannot be read; delete it") as refused:
        tokens.find(URL)
    assert "s3cret" not in str(refused.value)


def test_a_locked_keyring_is_told(tokens: Tokens) -> None:
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(StudioError, match=r"^the keyring refuses \(KeyringLocked\); unlock it"):
        tokens.find(URL)
