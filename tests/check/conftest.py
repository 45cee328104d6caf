"""A real episode, made once, and copies of it in which faults are planted."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ..conftest import Workspace
from .planting import Copy

POST = """---
title: The Harbour at Night
author: Field Notes
date: 2026-04-02
url: https://forum.example.org/posts/harbour
---
The lamps along the quay are lit one after the other. Nobody sees who does it, and nobody asks.

## Boats

Most of the boats are small, and they are older than the people who row them.

In winter they lie upside down on the shingle, like a row of sleeping animals.

Children hide below them until somebody calls.

## The ferry

The ferry leaves at dawn. It carries letters, bread and those who could not sleep.

It comes back with fish, newspapers and those who could not stay away.
"""


@pytest.fixture(scope="session")
def made(make_workspace: Callable[[], Workspace]) -> Workspace:
    workspace = make_workspace()
    workspace.show(voice="default")
    workspace.post("harbour.md", POST)
    workspace.episode("posts")
    return workspace


@pytest.fixture
def copy(made: Workspace, tmp_path: Path) -> Copy:
    [folder] = made.out.glob("episodes/*")
    return Copy(Path(shutil.copytree(folder, tmp_path / folder.name)))
