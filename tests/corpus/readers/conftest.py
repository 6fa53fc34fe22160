"""Fixtures of the tests of readers."""

from collections.abc import Iterator
from threading import Thread

import pytest

from annotate.corpus.readers.item import FetchLimits, SourceOptions
from readers.webs import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """Give a site that runs for one test."""
    site = Site()
    thread = Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture
def near() -> SourceOptions:
    """Give options under which this machine may be asked, without waiting."""
    return SourceOptions(allow_private=True, limits=FetchLimits(delay=0, seconds=5))
