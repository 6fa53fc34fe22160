"""Where a server listens, whom it lets in, and how much it takes."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from annotate.errors import ConfigError
from annotate.record import Record

PORT = 9090
_SHORT_TOKEN = 16
_ANY_HOST = ("0.0.0.0", "::")  # noqa: S104 - to be refused
Count = Annotated[int, Field(gt=0)]


class Limits(Record):
    """What a request may ask for, and how many a client may send.

    ``body`` is in bytes, ``predict_body`` that of Label Studio's requests for suggestions; ``text`` and ``sentence``
    are in code points. ``requests`` and ``scorings`` are of one client in a minute, ``logins`` failed ones.
    ``waiting`` counts requests that wait to be scored, and ``fetches`` addresses that are fetched or wait for it.
    ``connections`` may be open. ``head_seconds`` and ``body_seconds`` are how long the head of a request, from when a
    connection could have sent it, and its body may take to arrive.
    """

    body: Count = 2_000_000
    predict_body: Count = 4_000_000
    text: Count = 100_000
    sentence: Count = 20_000
    requests: Count = 6_000
    scorings: Count = 300
    logins: Count = 20
    waiting: Count = 64
    fetches: Count = 20
    connections: Count = 512
    head_seconds: Count = 10
    body_seconds: Annotated[float, Field(gt=0)] = 30


class ServeOptions(Record):
    """How to serve.

    ``address`` is where Label Studio reaches the server, unless at its host and port. With ``connect`` it is
    registered with the project. ``after`` is the number of new annotations from which on a model is trained; 0 trains
    only when somebody asks. ``fetch`` lets people have addresses fetched.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = PORT
    token: SecretStr | None = None
    connect: bool = False
    address: str | None = None
    after: Annotated[int, Field(ge=0)] = 50
    fetch: bool = True
    limits: Limits = Limits()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches the server."""
        return is_loopback(self.host) and (self.address is None or is_loopback(_host_of(self.address)))

    @property
    def has_short_token(self) -> bool:
        """Whether the token is one that might be guessed."""
        return self.token is not None and len(self.token.get_secret_value()) < _SHORT_TOKEN

    def check(self, studio: str | None = None) -> None:
        """Raise ``ConfigError`` where others could reach the server and nothing keeps them out.

        To be connected with, the Label Studio at an address, else the embedded one, must reach it.
        """
        if not self.is_loopback and self.token is None:
            reached = self.host if self.address is None else self.address
            raise ConfigError(
                f"{reached}: other machines could reach the server there, read articles and start trainings;"
                " give a token with --token or ANNOT_SERVE_TOKEN, or leave --host and --address out"
            )
        if self.connect and self.address is None:
            self._check_reached_from(studio)

    def _check_reached_from(self, studio: str | None) -> None:
        if self.host in _ANY_HOST:
            raise ConfigError(f"{self.host}: no address that Label Studio could ask; name one with --address")
        if is_loopback(self.host) and studio is not None and not is_loopback(_host_of(studio)):
            raise ConfigError(
                f"{studio}: this Label Studio does not reach {self.host}, which is another machine from there;"
                " name an address that it reaches with --address"
            )


def is_loopback(host: str | None) -> bool:
    """Tell whether a host is this machine, and reached from it alone."""
    try:
        return host == "localhost" or (host is not None and ip_address(host).is_loopback)
    except ValueError:
        return False


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
