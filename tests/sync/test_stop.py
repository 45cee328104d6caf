"""Stopped at any moment, nothing is half done, and the next run completes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Workspace
from tests.post.sources.serving import Request
from tests.serve.test_watch import until
from tts_pipeline.sync.until import Ended, again_and_again, ended_by

from .library import Library

LONG = "# Long\n\n" + "".join(f"Words and words, {n} of them.\n\n" for n in range(120))


@contextmanager
def syncing(workspace: Workspace, *more: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tts_pipeline", "sync", "feeds/show.toml", *more],
        cwd=workspace.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "TTS_PIPELINE_CACHE": str(workspace.cache),
            "SOURCE_DATE_EPOCH": "1767225600",
        },
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def speaking(workspace: Workspace) -> Callable[[], bool]:
    """Whether so much has been spoken that it is in the middle of it."""
    return lambda: len(list(workspace.cache.glob("??/*.speech"))) > 10


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_is_stopped_is_completed(
    workspace: Workspace, make_workspace: Callable[[], Workspace], how: signal.Signals
) -> None:
    undisturbed = make_workspace()
    for each in (workspace, undisturbed):
        each.post("a.md", "# A\n\nFirst.\n")
        each.post("long.md", LONG)
    with syncing(workspace) as process:
        until(speaking(workspace))
        process.send_signal(how)
        _, told = process.communicate(timeout=60)
    assert process.returncode == (143 if how is signal.SIGTERM else -9)
    if how is signal.SIGTERM:
        assert "stopped by SIGTERM; what was finished is kept" in told
        assert "Traceback" not in told
    whole = {path.parent.name for path in workspace.out.glob("episodes/*/episode.json")}
    assert not (workspace.out / "feeds" / "show.xml").exists()
    assert len(whole) < 2
    assert "made, " in workspace.run("sync", "feeds/show.toml").stdout
    undisturbed.run("sync", "feeds/show.toml")
    assert _compared(workspace) == _compared(undisturbed)


def _compared(workspace: Workspace) -> dict[str, bytes]:
    """All but what is remembered, which holds the times of files."""
    tree = workspace.tree()
    return {name: data for name, data in tree.items() if not name.startswith("library/")}


def test_a_daemon_ends_well_in_the_middle_and_in_a_pause(workspace: Workspace) -> None:
    workspace.post("long.md", LONG)
    with syncing(workspace, "--watch", "60") as process:
        until(speaking(workspace))
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate(timeout=60)
    assert (process.returncode, out, told) == (0, "", "")
    assert not list(workspace.out.glob("episodes/*/episode.json"))
    workspace.post("long.md", "# Short\n\nWords.\n")
    with syncing(workspace, "--watch", "0.01") as process:
        until((workspace.out / "feeds" / "show.xml").exists)
        workspace.post("two.md", "# Two\n\nWords.\n")
        until(lambda: b"<title>Two</title>" in _read(workspace.out / "feeds" / "show.xml"))
        workspace.post("bad.md", "")
        until((workspace.out / "library" / "failing.jsonl").exists)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in told
    assert "bad.md" in told
    assert "Two" in out


def test_a_daemon_says_each_run_in_a_line(workspace: Workspace) -> None:
    workspace.post("one.md", "# One\n\nWords.\n")
    with syncing(workspace, "--watch", "0.01", "--json") as process:
        assert process.stdout is not None
        runs = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert [(len(run["made"]), run["unchanged"]) for run in runs] == [(1, 0), (0, 1)]


def test_a_fetch_that_hangs_can_be_ended(library: Library) -> None:
    asked = threading.Event()

    def hang(request: Request) -> None:
        request.start(200, Content_Type="application/rss+xml", Content_Length="1000")
        request.send(b"<rss>")
        asked.set()
        time.sleep(60)

    library.forum.site.pages["/slow"] = hang
    source = '[sources.slow]\ntype = "feed"\nurl = "{}/slow"\nallow_private = true\n'
    library.show(more=source.format(library.forum.site.url))
    with syncing(library.workspace) as process:
        assert asked.wait(60)
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "Traceback" not in told


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def test_a_daemon_outlives_a_show_that_is_wrong_for_a_while(workspace: Workspace) -> None:
    workspace.post("one.md", "# One\n\nWords.\n")
    show = workspace.root / "feeds" / "show.toml"
    text = show.read_text()
    with syncing(workspace, "--watch", "0.01", "--log", "log", "--log-format", "json") as process:
        until(lambda: b'"idle"' in _read(workspace.root / "log"))
        show.write_text("[show]\ntitel = 1\n")
        until(lambda: b"did you mean `title`" in _read(workspace.root / "log"))
        show.write_text(text.replace("Test Show", "Another name"))
        until(lambda: b"Another name" in _read(workspace.out / "feeds" / "show.xml"))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    show.write_text("[show]\ntitel = 1\n")
    workspace.run("sync", "feeds/show.toml", "--watch", "1", check=2)


def test_a_signal_ends_what_is_being_done_and_is_then_let_go_of() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with ended_by(signal.SIGTERM) as ending, pytest.raises(Ended):
        os.kill(os.getpid(), signal.SIGTERM)
    assert ending.signal == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_was_swallowed_ends_it_all_the_same() -> None:
    runs = []

    def run() -> None:
        runs.append(1)
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except Ended:
            os.kill(os.getpid(), signal.SIGTERM)  # the second comes too late to disturb the end

    again_and_again(1000, run)
    assert runs == [1]
