"""Run the command line: ``annot``, or ``python -m annotate``."""

import os
import signal
import sys

# Read when torch is loaded. Threads that wait for each other by spinning make training take twice as long while
# anything else runs, such as Label Studio's own start.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from annotate.cli.main import app
from annotate.errors import AnnotError, StoreError


def main() -> None:
    """Run a command; what the user can mend is one line on standard error and exit code 1."""
    # Whoever ends a command from outside wants it cleaned up after like Ctrl-C.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        _run()
    except BrokenPipeError:
        sys.exit(1)  # somebody has read enough
    except AnnotError as error:
        sys.stderr.write(f"annot: {error}\n")
        sys.exit(1)


def _run() -> None:
    try:
        try:
            app(prog_name="annot")
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise  # not of standard output
        # What is left in the buffer would fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise StoreError(f"standard output: cannot be written: {error.strerror}") from error


if __name__ == "__main__":
    main()
