"""Label Studio as a team runs it: on PostgreSQL, in a cluster of the tests' own."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

# Debian keeps them off the path, a version a folder.
BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
_OWNER = "postgres"
_QUICKLY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=127.0.0.1")


def why_not() -> str | None:
    """Return why there can be no cluster here, or ``None``."""
    if BINARIES is None:
        return "no PostgreSQL: install Debian's package postgresql"
    if os.geteuid() == 0 and _OWNER not in {user.pw_name for user in pwd.getpwall()}:
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server that runs."""

    port: int
    password: str

    def connect(self) -> psycopg.Connection[Any]:
        """Connect as its owner."""
        return psycopg.connect(host="127.0.0.1", port=self.port, user=_OWNER, password=self.password, dbname=_OWNER)

    @property
    def environment(self) -> Mapping[str, str]:
        """What Label Studio is told about it."""
        return {
            "DJANGO_DB": "default",
            "POSTGRE_HOST": "127.0.0.1",
            "POSTGRE_PORT": str(self.port),
            "POSTGRE_USER": _OWNER,
            "POSTGRE_PASSWORD": self.password,
            "POSTGRE_NAME": _OWNER,
        }


@dataclass(frozen=True)
class Team:
    """A Label Studio that is starting or runs on a cluster, with the token of its first account."""

    url: str
    token: str
    cluster: Cluster
    process: subprocess.Popen[bytes]
    log: Path

    def wait(self) -> None:
        """Wait until it answers; its first start makes the database."""
        deadline = time.monotonic() + 300
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health", timeout=5).is_success:
                    return
            time.sleep(0.25)
        raise AssertionError(self.log.read_text("utf-8")[-2000:])


@contextmanager
def team_studio(folder: Path) -> Iterator[Team]:
    """Yield a Label Studio on a cluster of its own, without waiting until it answers."""
    port, token = free_port(), secrets.token_hex(20)
    command = [sys.executable, "-m", "label_studio.server", "start", "--no-browser"]
    with cluster() as database, (folder / "log").open("wb") as log:
        environment = {
            **database.environment,
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LABEL_STUDIO_BASE_DATA_DIR": str(folder / "data"),
            "LABEL_STUDIO_USERNAME": "team@localhost",
            "LABEL_STUDIO_PASSWORD": secrets.token_urlsafe(12),
            "LABEL_STUDIO_USER_TOKEN": token,
            "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
            "COLLECT_ANALYTICS": "false",
            "LATEST_VERSION_CHECK": "false",
            "SENTRY_DSN": "",
            "FRONTEND_SENTRY_DSN": "",
        }
        process = subprocess.Popen(
            [*command, "--internal-host", "127.0.0.1", "--port", str(port)], env=environment, stdout=log, stderr=log
        )
        try:
            yield Team(f"http://127.0.0.1:{port}", token, database, process, folder / "log")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Yield a new cluster with nothing in it, and take it away afterwards."""
    assert BINARIES is not None
    # Root's folders are closed to the user that it runs as.
    folder = Path(tempfile.mkdtemp(prefix="annot-postgres-"))
    own: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER, _OWNER)
        own |= {"user": _OWNER, "group": _OWNER, "extra_groups": []}
    made = Cluster(free_port(), secrets.token_hex(16))
    (folder / "password").write_text(made.password, "utf-8")
    (folder / "password").chmod(0o644)
    options = [
        "--username",
        _OWNER,
        "--auth",
        "scram-sha-256",
        "--pwfile",
        "password",
        "--no-sync",
        "--encoding",
        "UTF8",
    ]
    subprocess.run([BINARIES / "initdb", "-D", "data", *options], check=True, capture_output=True, **own)
    settings = [part for setting in _QUICKLY for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [BINARIES / "postgres", "-D", "data", "-p", str(made.port), "-k", folder, *settings],
            stdout=log,
            stderr=log,
            **own,
        )
    try:
        _wait(made)
        yield made
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder)


def _wait(made: Cluster) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with closing(made.connect()):
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def free_port() -> int:
    """Return a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
