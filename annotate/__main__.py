"""Run the command line: ``annot``, or ``python -m annotate``."""

import io
import os
import signal
import sys
from threading import Timer, main_thread
from typing import TYPE_CHECKING

# Read when torch is loaded. Threads that wait for each other by spinning make training take twice as long while
# anything else runs, such as Label Studio's own start.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from annotate.cli.main import app
from annotate.errors import AnnotError, StoreError

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

    from _typeshed import ReadableBuffer


def main() -> None:
    """Run a command; what the user can mend is one line on standard error and exit code 1."""
    # Whoever ends a command from outside wants it cleaned up after like Ctrl-C.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    sys.unraisablehook = _interrupt_again
    try:
        _run()
    except BrokenPipeError:
        sys.exit(1)  # somebody has read enough
    except AnnotError as error:
        sys.stderr.write(f"annot: {error}\n")
        sys.exit(1)


def _interrupt_again(lost: "UnraisableHookArgs") -> None:
    """Repeat an interruption that came where Python only tells of it and goes on: in a callback, as imports have."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
    elif ident := main_thread().ident:
        again = Timer(0.05, signal.pthread_kill, (ident, signal.SIGINT))
        again.daemon = True
        again.start()


class _StandardOutput(io.FileIO):
    """Standard output, whose errors are told from those of anything else."""

    def write(self, data: "ReadableBuffer") -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise StoreError(f"standard output: cannot be written: {error.strerror}") from error


def _run() -> None:
    out = sys.__stdout__
    if out is not None and out is sys.stdout and not out.isatty():
        raw = _StandardOutput(out.fileno(), "wb", closefd=False)
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), out.encoding, out.errors)
    try:
        app(prog_name="annot")
    finally:
        _flush()


def _flush() -> None:
    try:
        sys.stdout.flush()
    except (BrokenPipeError, StoreError):
        # What is left in the buffer would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


if __name__ == "__main__":
    main()
