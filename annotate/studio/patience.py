"""Trying again, where a server is merely slow or starting anew."""

import time
from collections.abc import Callable
from typing import TypeVar

from annotate.errors import StudioBusyError, StudioError
from annotate.progress import Progress, silent

_ATTEMPTS = 7  # in a row; with the waits between them about a minute, more than a restart takes
_FIRST_WAIT = 1.0  # seconds; each wait is twice the one before it

Result = TypeVar("Result")


class Patience:
    """How often in a row a server has failed."""

    def __init__(self, progress: Progress = silent) -> None:
        self.progress = progress
        self.failures = 0

    def renew(self) -> None:
        """Count anew, for something was achieved."""
        self.failures = 0

    def __call__(self, step: Callable[[], Result]) -> Result:
        """Do a step until the server lets it through, and count anew.

        Raises:
            StudioError: The server refuses, or has failed too often in a row.
        """
        while True:
            try:
                result = step()
            except StudioBusyError as error:
                self._wait(error)
            else:
                self.renew()
                return result

    def attempt(self, step: Callable[[], bool]) -> bool:
        """Do a step once, and return whether all is done; where the server fails it is not: look at what is there.

        Raises:
            StudioError: The server refuses, or has failed too often in a row.
        """
        try:
            return step()
        except StudioBusyError as error:
            self._wait(error)
            return False

    def _wait(self, error: StudioBusyError) -> None:
        self.failures += 1
        if self.failures >= _ATTEMPTS:
            raise StudioError(f"{error}; what was done stays, and the same command does the rest") from error
        self.progress("Label Studio fails or is slow: trying again")
        time.sleep(_FIRST_WAIT * 2 ** (self.failures - 1))
