"""The faults, each tried on a scene of its own: what happened, in words, and what was lost."""

import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from socket import socket

import httpx
import psutil

from annotate.errors import StudioError
from annotate.studio.client import Studio
from annotate.studio.local import LocalStudio
from annotate.studio.pull import Pull
from annotate.studio.tasks import to_stamp
from annotate.wording import counted
from benchmarks.sync_faults import proxy as networks
from benchmarks.sync_faults.proxy import Fault, Proxy, running
from benchmarks.sync_faults.scene import SCHEMA, Scene, command

_PATIENT = 5.0  # seconds a client waits for an answer that does not come


@dataclass
class Outcome:
    """What came of one fault, tried several times."""

    name: str
    happened: Counter[str]
    lost: list[str]


@dataclass(frozen=True)
class Trial:
    """What faults are tried on: the embedded server, a project not yet begun, and how often."""

    local: LocalStudio
    scene: Scene
    times: int
    random: Random

    def outcomes(self) -> Iterator[Outcome]:
        """Try every fault."""
        yield self._several("the command is killed (SIGKILL)", lambda: self._signalled(signal.SIGKILL))
        yield self._several("the command is interrupted (Ctrl-C)", lambda: self._signalled(signal.SIGINT))
        yield self._several("the server is killed, and started again", self._server_killed)
        yield self._once("three pushes at the same moment", self._together)
        for name, fault in (
            ("the server answers 500, and did nothing", networks.error_500),
            ("the server answers 500, and did it", networks.error_500_afterwards),
            ("the connection is reset half-way through a request", networks.reset),
            ("the connection is reset instead of an answer", networks.reset_afterwards),
            ("the answer does not come in time", networks.silence),
        ):
            yield self._once(name, partial(self._through, fault))
        yield self._once("the token is wrong", self._refused)
        yield self._once("the project is deleted during the push", self._deleted)
        yield self._once("the disk is full during a pull", self._full_disk)
        yield self._once("the server's clock was a day ahead", lambda: self._clock(timedelta(days=1)))
        yield self._once("the server's clock was a day behind", lambda: self._clock(timedelta(days=-1)))
        yield self._once(
            "the token expires during the push", self._expired
        )  # the last, for the server has another then

    def _once(self, name: str, fault: Callable[[], tuple[str, list[str]]]) -> Outcome:
        said, lost = fault()
        return Outcome(name, Counter([said]), lost)

    def _several(self, name: str, fault: Callable[[], tuple[str, list[str]]]) -> Outcome:
        tried = [fault() for _ in range(self.times)]
        return Outcome(name, Counter(said for said, _ in tried), [what for _, lost in tried for what in lost])

    def _at_a_moment(self, scene: Scene, act: Callable[["subprocess.Popen[bytes]"], None]) -> tuple[int, int]:
        """Do something while a push runs; return its exit code, and how many tasks there were when it had ended."""
        n_there = self.random.randrange(scene.n_answered, scene.number)
        with (
            subprocess.Popen(  # noqa: S603 - ours
                [sys.executable, *command(scene)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=_hear_interruptions,  # noqa: PLW1509 - it runs no thread of its own yet
            ) as push,
            Studio(scene.url, scene.token) as studio,
        ):
            project = scene.project(studio)
            while studio.counts(project).n_tasks < n_there and push.poll() is None:
                time.sleep(0.02)
            time.sleep(self.random.uniform(0, 0.5))
            act(push)
        with Studio(scene.url, scene.token) as studio:
            return push.returncode, studio.counts(project).n_tasks

    def _signalled(self, number: signal.Signals) -> tuple[str, list[str]]:
        scene = self.scene.begun()
        code, n_there = self._at_a_moment(scene, lambda push: push.send_signal(number))
        if code == 0:
            return "it had ended already", scene.losses()
        part = "all" if n_there == scene.number else "none" if n_there == scene.n_answered else "some"
        return f"{part} of the sentences were there; the next push made the rest", scene.losses()

    def _server_killed(self) -> tuple[str, list[str]]:
        scene = self.scene.begun()

        def kill(_: object) -> None:
            server = self.local.running()
            if server:
                process = psutil.Process(server.pid)
                process.kill()
                process.wait()
            self.local.wait(self.local.launch(server.port if server else None))

        code, _ = self._at_a_moment(scene, kill)
        return (
            "the push went on by itself" if code == 0 else "the push ended; the next one made the rest",
            scene.losses(),
        )

    def _together(self) -> tuple[str, list[str]]:
        scene = self.scene.begun()
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda _: scene.push(), range(3)))
        with Studio(scene.url, scene.token) as studio:
            n_there = studio.counts(scene.project(studio)).n_tasks
        return f"all three ended, with {n_there} tasks for {scene.number} sentences", scene.losses()

    def _through(self, fault: Fault) -> tuple[str, list[str]]:
        scene = self.scene.begun()
        port = int(scene.url.rpartition(":")[2])
        with running(Proxy(("127.0.0.1", port), fault, seed=self.random.randrange(1000))) as proxy:
            try:
                scene.push(url=proxy.url, timeout=_PATIENT)
                said = "the push arrived"
            except StudioError:
                said = "the push gave up; the next one made the rest"
        return f"{said} ({counted(proxy.n_spoilt, 'request')} failed)", scene.losses()

    def _refused(self) -> tuple[str, list[str]]:
        scene = self.scene.begun()
        return _told(lambda: scene.push(token="0" * 40)), scene.losses()

    def _meanwhile(self, scene: Scene, act: Callable[[], object]) -> str:
        """Push, and do something before the first request that changes anything arrives."""

        def first(client: socket, server: socket, request: bytes) -> None:
            act()
            networks.error_500(client, server, request)

        port = int(scene.url.rpartition(":")[2])
        with running(Proxy(("127.0.0.1", port), first, share=0)) as proxy:
            return _told(lambda: scene.push(url=proxy.url))

    def _deleted(self) -> tuple[str, list[str]]:
        scene = self.scene.begun()
        with Studio(scene.url, scene.token) as studio:
            address = f"{scene.url}/api/projects/{scene.project(studio).id}/"
        said = self._meanwhile(scene, lambda: httpx.delete(address, headers=_authorized(scene), timeout=60))
        return said, replace(scene, n_answered=0).losses()  # the answers went with the project

    def _expired(self) -> tuple[str, list[str]]:
        scene, made = self.scene.begun(), []

        def renew() -> None:
            address = f"{scene.url}/api/current-user/reset-token/"
            made.append(httpx.post(address, headers=_authorized(scene)).json()["token"])

        said = self._meanwhile(scene, renew)
        return said, replace(scene, token=made[0]).losses()

    def _full_disk(self) -> tuple[str, list[str]]:
        scene = self.scene.begun()
        folder = self.local.folder.parent / "full"
        folder.mkdir(exist_ok=True)
        settings = f'url = "{scene.url}"\napi_key = "{scene.token}"\nproject = "{scene.title}"\n'
        (folder / "annot.toml").write_text(settings, "utf-8")
        pull = [sys.executable, "-m", "annotate", "--workspace", str(folder), "pull"]
        subprocess.run(pull, check=True, capture_output=True)  # noqa: S603 - ours
        labels = folder / "data" / "labels.jsonl"
        kept = labels.read_bytes()
        labels.write_bytes(kept[: len(kept) // 2].rsplit(b"\n", 1)[0] + b"\n")
        before = labels.read_bytes()
        limited = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 1,) * 2)  # noqa: E731
        full = subprocess.run(pull, check=False, capture_output=True, text=True, preexec_fn=limited)  # noqa: S603
        lost = [] if labels.read_bytes() == before else ["the old labels"]
        return _wording(full.stderr.strip().splitlines()[-1].removeprefix("annot: "), str(folder)), lost

    def _clock(self, shift: timedelta) -> tuple[str, list[str]]:
        """Let a pull remember times that a clock which was wrong would have given."""
        scene = self.scene.begun()
        with Studio(scene.url, scene.token) as studio:
            pull = Pull(studio, scene.project(studio), SCHEMA, margin=timedelta())
            known = pull()
            now = studio.clock
            stale = [one.model_copy(update={"updated_at": to_stamp(now + shift)}) for one in known] if now else []
            is_whole = pull(stale) == known
        return "the next pull read everything anew", [] if is_whole else ["an answer"]


def _hear_interruptions() -> None:
    """Undo what a shell does to commands in the background: they would not hear Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _authorized(scene: Scene) -> dict[str, str]:
    return {"Authorization": f"Token {scene.token}"}


def _told(push: Callable[[], object]) -> str:
    try:
        push()
    except StudioError as error:
        return _wording(str(error), str(Path.cwd()))
    return "nothing was said"


def _wording(line: str, folder: str) -> str:
    """Return what a line says, without the address or folder of this run in front."""
    return (
        f"one line: “{line.split(': ', 1)[1]}”"
        if line.startswith(("http", "/"))
        else f"one line: “{line}”".replace(folder, "…")
    )
