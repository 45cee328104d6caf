"""A server that speaks, and packages that bring engines."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tts_pipeline.speech import plugins

from .server import SpeechServer

ROOT = Path(__file__).parent.parent.parent
Install = Callable[..., Path]


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    """One a test: a worker that another test has stopped may still be asking."""
    server = SpeechServer()
    yield server
    server.close()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package that brings an engine, here and in every process that is started."""
    folder = tmp_path / "site-packages"

    def installed(name: str, value: str, package: str = "our-engines") -> Path:
        info = folder / f"{package.replace('-', '_')}-1.2.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[{plugins.GROUP}]\n{name} = {value}\n")
        return folder

    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(folder), str(ROOT))))
    plugins._entry.cache_clear()
    yield installed
    plugins._entry.cache_clear()
