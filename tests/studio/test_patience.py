"""How often a server may fail in a row."""

from collections.abc import Iterator

import pytest

from annotate.errors import StudioBusyError, StudioError
from annotate.studio import patience
from annotate.studio.patience import Patience


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_FIRST_WAIT", 0.0)


def failing(*times: int) -> Iterator[bool]:
    """Yield whether a step fails: so many times in a row each, with a success after."""
    for number in times:
        yield from [True] * number
        yield False


def step_of(fails: Iterator[bool]) -> str:
    if next(fails):
        raise StudioBusyError("busy")
    return "done"


def test_failures_count_in_a_row_only() -> None:
    fails, patient = failing(6, 6, 6), Patience()
    assert [patient(lambda: step_of(fails)) for _ in range(3)] == ["done"] * 3


def test_a_server_that_fails_on_is_given_up() -> None:
    fails, patient = failing(7), Patience()
    with pytest.raises(StudioError, match="the same command does the rest"):
        patient(lambda: step_of(fails))
