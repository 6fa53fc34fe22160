"""Processes share work, and its order stays."""

import os
from collections.abc import Iterator

import pytest

from annotate.corpus.workers import Workers
from annotate.errors import AnnotError


def process_of(value: int) -> tuple[int, int]:
    return value, os.getpid()


def end_the_process(value: int) -> int:
    os._exit(value)


def test_results_come_in_the_order_of_the_values_from_several_processes() -> None:
    with Workers(2) as workers:
        results = list(workers.map(process_of, range(200)))
    assert [value for value, _ in results] == list(range(200))
    assert os.getpid() not in {process for _, process in results}


def test_values_are_taken_no_faster_than_results_are_used() -> None:
    taken: list[int] = []

    def values() -> Iterator[int]:
        for value in range(100_000):
            taken.append(value)
            yield value

    with Workers(2) as workers:
        next(workers.map(process_of, values()))
    assert len(taken) < 200


def test_one_process_does_the_work_itself() -> None:
    with Workers(1) as workers:
        assert list(workers.map(process_of, [1])) == [(1, os.getpid())]


def test_a_process_that_was_killed_is_one_line() -> None:
    with Workers(2) as workers, pytest.raises(AnnotError, match="a process was killed"):
        list(workers.map(end_the_process, [1]))
