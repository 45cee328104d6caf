"""Shared by the tests of sync."""

from collections.abc import Iterator

import pytest

from tests.conftest import Workspace
from tests.post.sources.serving import serve

from .library import Library


@pytest.fixture
def library(workspace: Workspace) -> Iterator[Library]:
    with serve() as site:
        yield Library(workspace, site)
