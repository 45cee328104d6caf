"""Shared by the tests of sources."""

from collections.abc import Iterator

import pytest

from .serving import Site, serve


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as found:
        yield found


@pytest.fixture
def other() -> Iterator[Site]:
    """A second site."""
    with serve() as found:
        yield found
