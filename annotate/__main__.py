"""Run the command line: ``annot``, or ``python -m annotate``."""

import sys

from annotate.cli.main import app
from annotate.errors import AnnotError


def main() -> None:
    """Run a command; what the user can mend is one line on standard error and exit code 1."""
    try:
        app(prog_name="annot")
    except AnnotError as error:
        sys.stderr.write(f"annot: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
