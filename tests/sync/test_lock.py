"""One run at a time, and a lock that goes with its process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Workspace
from tts_pipeline.errors import BusyError, OutputError
from tts_pipeline.sync import lock

HOLD = """
import sys
from pathlib import Path
from tts_pipeline.sync import lock
with lock.held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holding(out: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock, until its standard input ends or it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(out)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_run_says_so_and_ends_with_75(workspace: Workspace) -> None:
    workspace.post("one.md", "# One\n\nWords.\n")
    with holding(workspace.out) as other:
        done = workspace.run("sync", "feeds/show.toml", check=75)
        assert f"another sync is at work there (process {other.pid})" in done.stderr
        assert done.stdout == ""
        assert "1 would be made" in workspace.run("sync", "feeds/show.toml", "--dry-run").stdout
        other.send_signal(signal.SIGKILL)
    assert lock.path(workspace.out).exists()
    assert "1 made" in workspace.run("sync", "feeds/show.toml").stdout


def test_it_waits_for_its_turn(tmp_path: Path) -> None:
    with holding(tmp_path) as other:
        waiting = subprocess.Popen(
            [sys.executable, "-c", HOLD.replace("[1])", "[1]), waiting=print"), str(tmp_path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert waiting.stdout is not None
        told = waiting.stdout.readline()
        assert told.endswith(
            f"(process {other.pid}): {lock.path(tmp_path)} is locked; waiting for its end\n"
        )
        assert waiting.poll() is None
        assert other.stdin is not None
        other.stdin.close()
    assert waiting.communicate(timeout=60)[0] == "held\n"


def test_it_is_let_go_of_at_the_end(tmp_path: Path) -> None:
    with lock.held(tmp_path), pytest.raises(BusyError, match=str(os.getpid())), lock.held(tmp_path):
        raise AssertionError
    with lock.held(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="choose another --out"), lock.held(tmp_path / "file"):
        raise AssertionError
