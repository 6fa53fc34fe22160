"""Tokens of Label Studio accounts: in the system's keyring, or else in a file that only the user can read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import keyring
from keyring.errors import KeyringError
from pydantic import SecretStr, ValidationError

from annotate.corpus.store import locked, write_text
from annotate.errors import StudioError
from annotate.record import Record

_SERVICE = "annot"


class _Kept(Record):
    """Tokens by address."""

    tokens: Mapping[str, str] = {}


class Tokens:
    """The tokens of a user, one an address; ``file`` is for where there is no keyring."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def find(self, url: str) -> SecretStr | None:
        """Return the token that is kept for an address."""
        address = _address(url)
        kept = _from_keyring(address) or self._read().get(address)
        return None if kept is None else SecretStr(kept)

    def keep(self, url: str, token: SecretStr) -> str:
        """Keep a token in place of an earlier one, and return where."""
        self.forget(url)
        if _has_keyring():
            with _refusal_told():
                keyring.set_password(_SERVICE, _address(url), token.get_secret_value())
            return "the system's keyring"
        with locked(self.file.with_suffix(".lock")):
            self._write({**self._read(), _address(url): token.get_secret_value()})
        return str(self.file)

    def forget(self, url: str) -> bool:
        """Forget the token of an address wherever it is kept, and return whether there was one."""
        address = _address(url)
        in_keyring = _from_keyring(address) is not None
        if in_keyring:
            with _refusal_told():
                keyring.delete_password(_SERVICE, address)
        kept = self._read()
        if address in kept:
            with locked(self.file.with_suffix(".lock")):
                self._write({other: token for other, token in self._read().items() if other != address})
        return in_keyring or address in kept

    def _read(self) -> Mapping[str, str]:
        try:
            return _Kept.model_validate_json(self.file.read_bytes()).tokens
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            # What the validation says would repeat what is in the file.
            raise StudioError(f"{self.file}: cannot be read; delete it, and log in again with `annot login`") from error

    def _write(self, tokens: Mapping[str, str]) -> None:
        write_text(self.file, [_Kept(tokens=tokens).model_dump_json(indent=2), "\n"], mode=0o600)


def _address(url: str) -> str:
    return str(httpx.URL(url)).rstrip("/")  # host in small letters, without the usual port


def _has_keyring() -> bool:
    return keyring.get_keyring().priority > 0  # those that keep nothing have none


def _from_keyring(address: str) -> str | None:
    if not _has_keyring():
        return None
    with _refusal_told():
        return keyring.get_password(_SERVICE, address)


@contextmanager
def _refusal_told() -> Iterator[None]:
    try:
        yield
    except KeyringError as error:
        raise StudioError(
            f"the keyring refuses ({type(error).__name__}); unlock it, or set LABEL_STUDIO_API_KEY"
        ) from error
