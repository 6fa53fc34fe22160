"""On what a benchmark ran, and what a program took there."""

import os
import platform
import subprocess
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """What a program took: seconds of wall time, and bytes of memory at its peak, of its largest process."""

    seconds: float
    memory: int


def cost_of(command: Sequence[str], output: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a program to its end, with its standard output and error in a file, and measure it.

    Raises:
        RuntimeError: It failed.
    """
    began = time.perf_counter()
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)  # noqa: S603 - ours
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {output.read_text()[-500:]}")
    return Cost(time.perf_counter() - began, usage.ru_maxrss * 1024)


def describe(packages: Sequence[str] = ()) -> str:
    """Return a line on the machine and the versions of packages."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, Linux, Python {platform.python_version()}" + (
        f"; {versions}" if versions else ""
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
