"""The embedded Label Studio: a server of the workspace's own, on loopback, with nothing to set up."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import psutil
from pydantic import Field, ValidationError

from annotate.corpus.store import locked, write_text
from annotate.errors import StudioError
from annotate.progress import Progress, silent
from annotate.record import Record

HOST = "127.0.0.1"
_USUAL_PORT = 8080
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy cannot reach loopback
_STARTED_WITHIN = 300  # seconds; the first start takes a minute, for the database is made
_STOPPED_WITHIN = 15  # seconds, before a signal that cannot be refused
# Where Label Studio itself sends no request: its own list (label_studio/core/utils/io.py) but for 127.0.0.0/8, where
# `annot serve` listens.
_CLOSED_NETWORKS = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
    *("192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"),
    *("233.252.0.0/24", "240.0.0.0/4", "255.255.255.255/32", "::/128", "::1/128", "::ffff:0:0/96", "::ffff:0:0:0/96"),
    *("64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001:0000::/32", "2001:20::/28", "2001:db8::/32", "2002::/16"),
    *("fc00::/7", "fe80::/10", "ff00::/8"),
)
_ENVIRONMENT = {
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
    "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LANG": "C.UTF-8",
    "USE_DEFAULT_BANNED_SUBNETS": "false",
    "USER_ADDITIONAL_BANNED_SUBNETS": ",".join(_CLOSED_NETWORKS),
}


class Credentials(Record):
    """The account that was made with the server's database."""

    username: str
    password: str
    token: str


class Server(Record):
    """A server process; ``created`` (seconds since the epoch) tells it from a later one of the same number."""

    pid: Annotated[int, Field(gt=0)]
    created: float
    port: int

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://{HOST}:{self.port}"

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        try:
            process = psutil.Process(self.pid)
            return process.create_time() == self.created and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False


class LocalStudio:
    """The embedded server of the workspace whose folder for it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether it was ever started, and so may hold labels."""
        return (self.folder / "credentials.json").is_file() or (self.folder / "data").is_dir()

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.folder / "server.log"

    def credentials(self) -> Credentials:
        """Return the account to log in with; raises ``StudioError`` when its file is lost."""
        path = self.folder / "credentials.json"
        try:
            return Credentials.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise StudioError(f"{path}: missing or broken; it is the key to the labels: restore it") from error

    def running(self) -> Server | None:
        """Return the server if its process is there."""
        try:
            server = Server.model_validate_json((self.folder / "server.json").read_bytes())
        except (OSError, ValidationError):
            return None
        return server if server.runs else None

    def launch(self, port: int | None = None) -> Server:
        """Start the server if it is not running, without waiting until it answers.

        Raises:
            StudioError: Label Studio is not installed, or the port asked for is taken.
        """
        with self._alone():
            server = self.running()
            if server is None:
                server = self._spawn(self._free_port(port))
            elif port not in (None, server.port):
                raise StudioError(f"Label Studio runs at {server.url}; stop it first with `annot studio stop`")
        return server

    def wait(self, server: Server, progress: Progress = silent) -> Server:
        """Wait until the server answers, and is the one that was started.

        Raises:
            StudioError: It ended, something else answers at its port, or it takes too long.
        """
        began = time.monotonic()
        while (waited := time.monotonic() - began) < _STARTED_WITHIN:
            if not server.runs:
                raise StudioError(f"Label Studio ended while starting: {self._last_words()}; see {self.log}")
            if _answers(f"{server.url}/health"):
                self._verify(server)
                return server
            progress("Starting Label Studio", int(waited))
            time.sleep(0.25)
        raise StudioError(f"Label Studio did not start within {_STARTED_WITHIN} seconds; see {self.log}")

    @contextmanager
    def started(
        self, port: int | None = None, progress: Progress = silent, meanwhile: Callable[[], object] | None = None
    ) -> Iterator[Server]:
        """Yield the running server, starting it where needed; ``meanwhile`` is done while it starts.

        One started here is stopped again on an interruption, and on an error before it is up.
        """
        before = self.running()
        server = None
        try:
            server = self.launch(port)
            if meanwhile is not None:
                meanwhile()
            yield self.wait(server, progress)
        except BaseException as error:
            # Once it is up, another command may be using it, and an error of this one is none of theirs.
            is_ready = isinstance(error, Exception) and server is not None and _answers(f"{server.url}/health")
            if before is None and not is_ready:
                self.stop()
            raise

    def stop(self) -> bool:
        """Stop the server, and return whether one was running."""
        if not self.folder.is_dir():
            return False
        with self._alone():
            server = self.running()
            if server is not None:
                with suppress(psutil.NoSuchProcess):  # it may end by itself meanwhile
                    _end(psutil.Process(server.pid))
        return server is not None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other commands of this workspace from starting or stopping the server meanwhile."""
        write_text(self.folder.parent / ".gitignore", ["*\n"])  # the folder holds a password
        with locked(self.folder / "lock"):
            yield

    def _spawn(self, port: int) -> Server:
        if find_spec("label_studio") is None:
            raise StudioError("Label Studio is not installed; pip install 'annotate[studio]', or set LABEL_STUDIO_URL")
        command = [sys.executable, "-m", "label_studio.server", "start", "--no-browser"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                [*command, "--internal-host", HOST, "--port", str(port)],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that it outlives the command, and Ctrl-C to it
            )
        try:
            server = Server(pid=process.pid, created=psutil.Process(process.pid).create_time(), port=port)
            write_text(self.folder / "server.json", [server.model_dump_json(indent=2), "\n"])
        except BaseException:
            process.kill()
            raise
        return server

    def _environment(self) -> dict[str, str]:
        """Return the server's whole environment: it would read USERNAME, PORT and others of the user's."""
        if not self.exists:  # otherwise the account is in the database, whatever a new file would say
            made = Credentials(
                username="annot@localhost", password=secrets.token_urlsafe(12), token=secrets.token_hex(20)
            )
            write_text(self.folder / "credentials.json", [made.model_dump_json(indent=2), "\n"], mode=0o600)
        account = self.credentials()
        return _ENVIRONMENT | {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.folder),
            "LABEL_STUDIO_BASE_DATA_DIR": str(self.folder / "data"),
            "LABEL_STUDIO_USERNAME": account.username,
            "LABEL_STUDIO_PASSWORD": account.password,
            "LABEL_STUDIO_USER_TOKEN": account.token,
        }

    def _free_port(self, wanted: int | None) -> int:
        """Choose a port: the one asked for, else that of last time, the usual one, or any."""
        if wanted is not None:
            if not _is_free(wanted):
                raise StudioError(f"port {wanted} is taken; choose another with --port, or leave it out")
            return wanted
        return next(port for port in (self._last_port(), _USUAL_PORT, _any_port()) if port and _is_free(port))

    def _last_port(self) -> int | None:
        try:
            return Server.model_validate_json((self.folder / "server.json").read_bytes()).port
        except (OSError, ValidationError):
            return None

    def _verify(self, server: Server) -> None:
        # Label Studio moves to the next port without a word when its own is taken in the meantime.
        if not _answers(f"{server.url}/api/current-user/whoami", self.credentials().token):
            raise StudioError(f"{server.url}: another server answers, or the token is not its own; see {self.log}")

    def _last_words(self) -> str:
        lines = self.log.read_text("utf-8", errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "it said nothing"


def _end(process: psutil.Process) -> None:
    process.send_signal(signal.SIGINT)  # the one it stops cleanly on
    try:
        process.wait(_STOPPED_WITHIN)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(_STOPPED_WITHIN)


def _answers(url: str, token: str | None = None) -> bool:
    request = urllib.request.Request(url, headers={"Authorization": f"Token {token}"} if token else {})  # noqa: S310
    try:
        with _DIRECTLY.open(request, timeout=5) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _any_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
