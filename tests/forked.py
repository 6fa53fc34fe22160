"""The command line in a process of its own that need not load it: to load it is most of what a short command does."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryDirectory

from annotate.__main__ import main

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["annotate.__main__", "annotate.workflow.sync", "annotate.studio.client"])
_STREAMS = "given", "said", "told"  # by the number of their descriptor: standard input, output and error


def annot(
    words: Sequence[str | Path], environment: Mapping[str, str], cwd: Path | None = None, given: str = ""
) -> CompletedProcess[str]:
    """Run a command to its end, as ``subprocess.run`` would run ``annot``."""
    command = list(map(str, words))
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in _STREAMS]
        paths[0].write_text(given, "utf-8")
        process = _FORKS.Process(target=_run, args=(command, dict(environment), cwd or Path.cwd(), paths))
        process.start()
        process.join()
        assert process.exitcode is not None
        said, told = (path.read_text("utf-8") for path in paths[1:])
        return CompletedProcess(command, process.exitcode, said, told)


def _run(words: list[str], environment: Mapping[str, str], cwd: Path, paths: list[Path]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for number, path in enumerate(paths):
        opened = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for as long as the process lasts
    sys.argv = ["annot", *words]
    main()
