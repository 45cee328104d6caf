"""Shared fixtures: a show on disk, the program run as a person runs it, decoded audio."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The suite gives the same answer each time it is run; `make fuzz` looks for what is not known yet.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("suite")

SHOW = """
[show]
title = "Test Show"
author = "Field Notes"
description = "Posts for tests."
language = "en-us"
categories = ["Science"]
base_url = "https://example.org/podcast"
[episode]
voice = "{voice}"
{episode}
[sites]
"forum.example.org" = {{ name = "The Forum", tag = "TF" }}
"""

TONE = """
[voice]
engine = "tone"
language = "en-us"
"""


class Workspace:
    """A show's folder, and the program run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "build"
        self.cache = root / "cache"
        (root / "voices").mkdir()
        (root / "feeds").mkdir()
        (root / "posts").mkdir()
        (root / "voices" / "tone.toml").write_text(TONE)
        self.show()

    def show(self, *, voice: str = "tone", episode: str = "", name: str = "show") -> Path:
        path = self.root / "feeds" / f"{name}.toml"
        path.write_text(SHOW.format(voice=voice, episode=episode))
        return path

    def post(self, name: str, text: str | bytes) -> Path:
        path = self.root / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def run(
        self, *arguments: str | Path, stdin: bytes = b"", check: int | None = 0, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """The real program, in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tts_pipeline", *map(str, arguments)],
            cwd=self.root,
            input=stdin,
            capture_output=True,
            timeout=120,
            check=False,
            env={
                **os.environ,
                "TTS_PIPELINE_CACHE": str(self.cache),
                "XDG_DATA_HOME": str(self.root / "data"),
                "SOURCE_DATE_EPOCH": "1767225600",
                "NO_COLOR": "1",
                **environment,
            },
        )
        result = subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
        )
        assert "Traceback" not in result.stderr, result.stderr
        if check is not None:
            assert result.returncode == check, (result.stdout, result.stderr)
        return result

    def episode(self, *arguments: str | Path, check: int | None = 0, **kw: Any) -> dict[str, Any]:
        """`tts-pipeline episode ... --json`, decoded."""
        done = self.run(
            "episode", *arguments, "--show", "feeds/show.toml", "--json", check=check, **kw
        )
        decoded: dict[str, Any] = json.loads(done.stdout)
        return decoded

    def records(self) -> list[dict[str, Any]]:
        """Each record with its folder, and each segment with its timing."""
        found = []
        for path in sorted(self.out.glob("episodes/*/episode.json")):
            record = json.loads(path.read_text()) | {"folder": path.parent}
            timing = json.loads((path.parent / "timing.json").read_text())
            for segment, timed in zip(record["segments"], timing["segments"], strict=True):
                segment["timing"] = timed
            found.append(record)
        return found

    def timing(self) -> dict[str, Any]:
        """The timing.json of the only episode."""
        [path] = self.out.glob("episodes/*/timing.json")
        decoded: dict[str, Any] = json.loads(path.read_text())
        return decoded

    def tree(self) -> dict[str, bytes]:
        """Every file of the output, with its bytes, but for what is remembered of their times."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(self.out.rglob("*"))
            if path.is_file() and path.relative_to(self.out).parts[0] != "library"
        }


@pytest.fixture(scope="session", autouse=True)
def _no_installed_voices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever runs the tests may have installed voices; the tests see none of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture(scope="session")
def make_workspace(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Workspace]:
    return lambda: Workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], str]]:
    """A file system of so many bytes; where one cannot be mounted, a limit on file sizes fails."""
    mounted: list[Path] = []

    def make(size: int) -> str:
        folder = tmp_path / "disk"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        if done.returncode:
            pytest.skip("mounting a small file system needs root")
        mounted.append(folder)
        return str(folder)

    yield make
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)
