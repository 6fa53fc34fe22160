"""`annot serve` in a process of its own, and what it says."""

import os
import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from end_to_end.user_shell import Shell


@dataclass
class Serving:
    """A server that runs, by what it prints."""

    process: "subprocess.Popen[str]"
    lines: "queue.Queue[str]" = field(default_factory=queue.Queue)
    said: list[str] = field(default_factory=list)
    url: str = ""

    def read(self) -> None:
        """Take lines until there are no more."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip())

    def heard(self, part: str, within: float = 240) -> str:
        """Wait for a line that has a part, and return it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                line = self.lines.get(timeout=0.2)
            except queue.Empty:
                assert self.process.poll() is None, "\n".join(self.said)
                continue
            self.said.append(line)
            if part in line:
                return line
        raise AssertionError(f"never heard {part!r}:\n" + "\n".join(self.said))

    def ask(self, path: str) -> httpx.Response:
        """Get something from the server."""
        return httpx.get(f"{self.url}{path}", timeout=30)

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        """End the server, and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@contextmanager
def serving(shell: Shell, *options: str) -> Iterator[Serving]:
    """Serve a workspace at a free port for as long as the context lasts."""
    running = Serving(shell.start("serve", "--port", "0", *options))
    reader = threading.Thread(target=running.read)
    reader.start()
    try:
        found = re.search(r"http://\S+?(?=;)", running.heard("serving "))
        assert found
        running.url = found[0]
        yield running
    finally:
        if running.process.poll() is None:
            os.kill(running.process.pid, signal.SIGKILL)
        reader.join()
        running.process.communicate()  # which closes the pipes
