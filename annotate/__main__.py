"""Run the command line: ``annot``, or ``python -m annotate``."""

import os
import signal
import sys

# Read when torch is loaded. Threads that wait for each other by spinning make training take twice as long while
# anything else runs, such as Label Studio's own start.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from annotate.cli.main import app
from annotate.errors import AnnotError


def main() -> None:
    """Run a command; what the user can mend is one line on standard error and exit code 1."""
    # Whoever ends a command from outside wants it cleaned up after like Ctrl-C.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    try:
        app(prog_name="annot")
    except AnnotError as error:
        sys.stderr.write(f"annot: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
