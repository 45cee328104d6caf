"""Shared by the tests of sync."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Workspace
from tests.post.sources.serving import serve

from .library import Library


@pytest.fixture(scope="session")
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def library(workspace: Workspace, _cache: Path) -> Iterator[Library]:
    with serve() as site:
        yield Library(workspace, site, _cache)
